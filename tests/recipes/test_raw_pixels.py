import json
import os
from pathlib import Path

import pytest

from pfs import results
from pfs.errors import PfsError
from pfs.recipes import raw_pixels
from pfs.recipes.raw_pixels import RawPixelsConfig
from pfs.recipes.running import Running
from pfs.training.probes import NEIGHBOURS


def test_the_digits_are_mostly_told_apart(tmp_path):
    config = RawPixelsConfig(data="digits")
    measured = raw_pixels.run(config, Running(folder=tmp_path))
    metrics = measured.result["metrics"]
    assert set(metrics) == {
        f"{name}, k={k}" for name in ("raw", "centred") for k in NEIGHBOURS
    }
    assert all(0.8 < value < 1 for value in metrics.values())
    assert raw_pixels.run(config).result["metrics"] == metrics
    again = raw_pixels.evaluate(tmp_path)
    assert again["now"] == again["reported"] == metrics["centred, k=20"]
    saved = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert saved["recipe"] == "raw-pixels"


RESULTS = Path(__file__).parents[2] / "results" / "raw-pixels"
KNOWN = {
    "cifar10-subset": {
        **{"raw, k=1": 0.289, "raw, k=20": 0.295, "raw, k=200": 0.234},
        **{"centred, k=1": 0.309, "centred, k=20": 0.377},
        "centred, k=200": 0.330,
    }
}
"""Known from a computation that was not ours."""


def test_the_known_floors_are_found():
    """In what was measured; and again where the data are at hand."""
    for name, known in KNOWN.items():
        measured = [results.read(RESULTS / f"{name}.json").metrics]
        if os.environ.get("PFS_DATA"):
            config = RawPixelsConfig(data=name)
            measured.append(raw_pixels.run(config).result["metrics"])
        for metrics in measured:
            assert metrics == pytest.approx(known, abs=5e-4)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"data": "story"}, "A01"),
        ({"data": "mnits"}, "A01"),
        ({"temperature": 0.0}, "A01"),
        ({"temperature": -1.0}, "A01"),
    ],
)
def test_wishes_that_cannot_be_are_refused(changes, code):
    with pytest.raises(PfsError) as caught:
        raw_pixels.run(RawPixelsConfig(**changes))
    assert caught.value.code == code
