r"""The names of published weights, and ours: both ways.

Our names are torchvision's; these are Hugging Face's. Note: notes/resnet
"""

import re
from collections.abc import Mapping
from typing import Final

from pfs.errors import PfsValueError
from pfs.shapes import Float, Tensor

State = Mapping[str, Float[Tensor, "..."]]
"""Parameters and buffers by name."""
OUTSIDE: Final = {
    "embedder.embedder.convolution": "conv1",
    "embedder.embedder.normalization": "bn1",
    "classifier.1": "fc",
}
"""The layers outside the blocks: theirs, ours."""
THEIRS: Final = re.compile(
    r"encoder\.stages\.(\d+)\.layers\.(\d+)\."
    r"(?:layer\.(\d+)|(shortcut))\.(convolution|normalization)\.(\w+)"
)
OURS: Final = re.compile(
    r"layer(\d+)\.(\d+)\.(?:(conv|bn)(\d)|downsample\.(0|1))\.(\w+)"
)


# --8<-- [start:from]
def from_hugging_face(state: State) -> dict[str, Float[Tensor, "..."]]:
    """Rename what `transformers` calls the parts of a ResNet.

    Args:
        state: A state of `ResNetForImageClassification` or `ResNetModel`.

    Returns:
        The same tensors by our names, which are torchvision's.

    Raises:
        ValueError: A03 if a name is not known.

    Examples:
        >>> name = "resnet.encoder.stages.0.layers.2.layer.1.convolution.weight"
        >>> [*from_hugging_face({name: torch.zeros(4, 4, 3, 3)})]
        ['layer1.2.conv2.weight']

    Source:
        The state of the models named.

    Differs:
        nothing
    """
    renamed: dict[str, Tensor] = {}
    for given, tensor in state.items():
        name = given.removeprefix("resnet.")
        layer, _, last = name.rpartition(".")
        if m := THEIRS.fullmatch(name):
            stage, block, number, shortcut, kind, last = m.groups()
            is_conv = kind == "convolution"
            part = f"{'conv' if is_conv else 'bn'}{int(number or 0) + 1}"
            if shortcut:
                part = f"downsample.{0 if is_conv else 1}"
            renamed[f"layer{int(stage) + 1}.{block}.{part}.{last}"] = tensor
        elif layer in OUTSIDE:
            renamed[f"{OUTSIDE[layer]}.{last}"] = tensor
        else:
            raise _unknown(given)
    return renamed
    # --8<-- [end:from]


def to_hugging_face(state: State) -> dict[str, Float[Tensor, "..."]]:
    """Name the parts of our ResNet as `transformers` does.

    Args:
        state: A state of `ResNet`.

    Returns:
        The same tensors by the names of `ResNetForImageClassification`.

    Raises:
        ValueError: A03 if a name is not one of ours.

    Examples:
        >>> [*to_hugging_face({"fc.bias": torch.zeros(10)})]
        ['classifier.1.bias']

    Source:
        The state of the model named.

    Differs:
        nothing
    """
    back = {ours: theirs for theirs, ours in OUTSIDE.items()}
    renamed: dict[str, Tensor] = {}
    for name, tensor in state.items():
        layer, _, last = name.rpartition(".")
        if m := OURS.fullmatch(name):
            stage, block, kind, number, shortcut, last = m.groups()
            is_conv = kind == "conv" or shortcut == "0"
            what = "convolution" if is_conv else "normalization"
            part = "shortcut" if shortcut else f"layer.{int(number) - 1}"
            place = f"encoder.stages.{int(stage) - 1}.layers.{block}"
            renamed[f"resnet.{place}.{part}.{what}.{last}"] = tensor
        elif layer in back:
            start = "" if layer == "fc" else "resnet."
            renamed[f"{start}{back[layer]}.{last}"] = tensor
        else:
            raise _unknown(name)
    return renamed


def _unknown(name: str) -> PfsValueError:
    return PfsValueError(
        "A03",
        where=f"names of a ResNet, {name}",
        expected="a part of a ResNet",
        got="no such part",
        todo="pass the whole state of a ResNet with projections",
    )
