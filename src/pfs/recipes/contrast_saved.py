"""A trained method: keep it, find it again.

Note: notes/simclr
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import torch
from torch import nn

from pfs.errors import PfsError
from pfs.recipes.contrast_config import ContrastConfig
from pfs.recipes.contrast_model import Shape, build
from pfs.training.saved import load_folder, save_folder, unreadable

KIND: Final = "contrast"
"""What a folder that holds this model says it is."""


@dataclass
class Trained:
    """A method with everything that is needed to use it and to judge it."""

    method: nn.Module
    """The method: `encoder`, `head`, `embed`."""
    config: ContrastConfig
    """How it was trained."""
    shape: Shape
    """Channels, height and width of its pictures."""
    images: int
    """How many pictures it was trained on."""
    result: dict[str, Any] = field(default_factory=dict)
    """What was measured: `metrics`, and where it comes from."""


def save(trained: Trained, folder: str | Path) -> None:
    """Save a trained method and its result as a folder.

    Args:
        trained: What `train` returned.
        folder: Where to; it is made if it is not there.

    Raises:
        OSError: M02 if the folder cannot be written.

    Examples:
        >>> save.__name__
        'save'

    Source:
        This project.

    Differs:
        nothing
    """
    about = {
        "config": asdict(trained.config),
        "shape": list(trained.shape),
        "images": trained.images,
    }
    tensors = trained.method.state_dict()
    save_folder(folder, KIND, tensors, about, trained.result)


def load(folder: str | Path) -> Trained:
    """Load what `save` has saved.

    Args:
        folder: The folder.

    Returns:
        The same method, in the mode for evaluation.

    Raises:
        OSError: M01 if there is no such folder, or something in it is missing,
            damaged, or not a method of contrastive learning.

    Examples:
        >>> load("no such folder")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    tensors, about, result = load_folder(folder, KIND)
    try:
        config = ContrastConfig(**about["config"])
        channels, height, width = map(int, about["shape"])
        shape, images = (channels, height, width), int(about["images"])
        kind = torch.float64 if config.precision == "float64" else torch.float32
        method = build(config, shape, images).to(kind)
        method.load_state_dict(tensors)
    except (PfsError, KeyError, TypeError, ValueError, RuntimeError) as error:
        what = str(error).splitlines()[0]
        raise unreadable(folder, f"parts that do not fit: {what}") from error
    return Trained(method.eval(), config, shape, images, result)
