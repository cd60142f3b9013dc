r"""What the nearest neighbours reach on raw pixels: a floor, not a model.

A model of images that has learnt something must be above it.

Note: notes/rnn
"""

import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pfs.data.cards import card
from pfs.data.datasets import load
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.recipes.raw_pixels_config import RAW_PIXELS, RawPixelsConfig
from pfs.recipes.running import RUNNING, Running
from pfs.training.probes import NEIGHBOURS, knn_accuracies
from pfs.training.provenance import provenance
from pfs.training.saved import load_folder, save_folder


@dataclass
class Measured:
    """The floors of one data set."""

    result: dict[str, Any] = field(default_factory=dict)
    """What was measured, and where it comes from."""


def run(
    config: RawPixelsConfig = RAW_PIXELS, running: Running = RUNNING
) -> Measured:
    """Measure the floors of a data set of images.

    Args:
        config: The settings.
        running: In its folder lies, at the end, `result.json`.

    Returns:
        The accuracies.

    Raises:
        ValueError: A01 if the data set does not hold images, or the
            temperature is not above 0.
        OSError: If the data set cannot be had.

    Examples:
        >>> run(RawPixelsConfig(data="story"))
        Traceback (most recent call last):
        ...
        pfs.errors.PfsValueError: A01: an argument is out of range
          where:    setting data
          ...

    Source:
        Wu et al. (2018), "Unsupervised feature learning via non-parametric
        instance discrimination", section 3.4: the weighted vote.

    Differs:
        The paper votes with learnt features; here they are the pixels.
    """
    checks.positive("RawPixelsConfig", steps=config.steps)
    if not config.temperature > 0:
        raise PfsValueError(
            "A01",
            where="setting temperature",
            expected="a number above 0",
            got=str(config.temperature),
            todo="pass temperature=0.1, as the paper does",
        )
    images = load(config.data)
    if not hasattr(images, "train_images"):
        raise PfsValueError(
            "A01",
            where="setting data",
            expected="a data set of images, such as digits",
            got=config.data,
            todo="`pfs data list` shows which are of the kind images",
        )
    began = time.perf_counter()
    metrics: dict[str, Any] = {}
    train, test = (
        t.flatten(1).float() / 255
        for t in (images.train_images, images.test_images)
    )
    mean = train.mean(0)
    for name, shift in (("raw", 0 * mean), ("centred", mean)):
        votes = knn_accuracies(
            train - shift,
            images.train_labels,
            test - shift,
            images.test_labels,
            config.temperature,
        )
        for k, accuracy in zip(NEIGHBOURS, votes, strict=True):
            metrics[f"{name}, k={k}"] = accuracy
    seconds = time.perf_counter() - began
    result = _result(config, metrics, seconds)
    if running.folder:
        save_folder(running.folder, "raw-pixels", {}, asdict(config), result)
    return Measured(result)


def evaluate(folder: str | Path) -> dict[str, Any]:
    """Measure again what a folder says was measured.

    Args:
        folder: Where the result was saved.

    Returns:
        The accuracy of 20 neighbours on centred pixels, now and as reported.

    Raises:
        OSError: M01 if there is no such result, and of data that cannot be
            had.

    Examples:
        >>> evaluate("no such folder")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    _, about, result = load_folder(folder, "raw-pixels")
    again = run(RawPixelsConfig(**about)).result
    key = "centred, k=20"
    return {"now": again["metrics"][key], "reported": result["metrics"][key]}


def _result(
    config: RawPixelsConfig, metrics: dict[str, Any], seconds: float
) -> dict[str, Any]:
    one = card(config.data)
    return {
        "recipe": "raw-pixels",
        "data": {
            "name": one.name,
            "title": one.title,
            "language": "",
            "licence": one.licence,
            "sha256": one.files[0].sha256 if one.files else "",
        },
        "config": asdict(config),
        "seed": 0,
        "metrics": metrics,
        "processes": {"rank": 0, "size": 1},
        "wall_seconds": round(seconds, 1),
        **provenance(),
    }
