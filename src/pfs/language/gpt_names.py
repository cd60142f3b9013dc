r"""The names of published weights of GPT-1 and GPT-2, and ours: both ways.

The names are those of Hugging Face's `transformers`. Note: notes/gpt
"""

import re
from collections.abc import Mapping
from typing import Final

import torch

from pfs.errors import PfsValueError
from pfs.shapes import Float, Tensor

State = Mapping[str, Float[Tensor, "..."]]
"""Parameters by name."""
NAMES: Final = (
    ("wte.", "tokens."),
    ("wpe.", "positions."),
    ("ln_f.", "norm."),
)
"""Beginnings of names in GPT-2: theirs, ours."""
NAMES_1: Final = (
    ("tokens_embed.", "tokens."),
    ("positions_embed.", "positions."),
)
"""The same in GPT-1."""
LAYER: Final = (
    ("ln_1.", "norm1."),
    ("ln_2.", "norm2."),
    ("attn.c_attn.", "self_attn.in_proj_"),
    ("attn.c_proj.", "self_attn.out_proj."),
    ("mlp.c_fc.", "linear1."),
    ("mlp.c_proj.", "linear2."),
)
"""The same inside a layer, in both."""
INSIDE: Final = re.compile(r"h\.(\d+)\.(.+)")
OURS: Final = re.compile(r"layers\.(\d+)\.(.+)")
MASKS: Final = re.compile(r"h\.\d+\.attn\.(bias|masked_bias)")
"""Old files keep the causal mask; ours needs none."""


# --8<-- [start:from]
def from_hugging_face(state: State) -> dict[str, Float[Tensor, "..."]]:
    """Rename what `transformers` calls the parts of a GPT-1 or GPT-2.

    Args:
        state: A state of `GPT2LMHeadModel`, `GPT2Model`,
            `OpenAIGPTLMHeadModel` or `OpenAIGPTModel`.

    Returns:
        The same numbers by our names, matrices turned.

    Raises:
        ValueError: A03 if the table of the output is not that of the tokens,
            or a name is not known.

    Examples:
        >>> state = {"transformer.h.0.mlp.c_fc.weight": torch.zeros(8, 32)}
        >>> {n: t.shape for n, t in from_hugging_face(state).items()}
        {'layers.0.linear1.weight': torch.Size([32, 8])}

    Source:
        The state of the models named.

    Differs:
        Their layers multiply from the right (`Conv1D`, as in the released
        TensorFlow code): `x @ W`; ours from the left, so $W$ is turned.
    """
    renamed: dict[str, Tensor] = {}
    head = None
    for given, tensor in state.items():
        name = given.removeprefix("transformer.")
        inside = INSIDE.fullmatch(name)
        if name == "lm_head.weight":
            head = tensor
        elif MASKS.fullmatch(name) or name.endswith("position_ids"):
            continue
        elif inside:
            part = _swap(inside[2], LAYER, given)
            turned = tensor.T if tensor.ndim == 2 else tensor
            renamed[f"layers.{inside[1]}.{part}"] = turned.contiguous()
        else:
            renamed[_swap(name, (*NAMES, *NAMES_1), given)] = tensor
    table = renamed.get("tokens.weight")
    if head is not None and table is not None and not torch.equal(head, table):
        raise _unknown("lm_head.weight", "the table of the tokens", "another")
    return renamed
    # --8<-- [end:from]


def to_hugging_face(
    state: State, *, first: bool = False
) -> dict[str, Float[Tensor, "..."]]:
    """Name the parts of our GPT as `transformers` does.

    Args:
        state: A state of `GPT`.
        first: Whether the names shall be those of GPT-1.

    Returns:
        The same numbers by the names of `GPT2LMHeadModel`, or of
        `OpenAIGPTLMHeadModel`.

    Raises:
        ValueError: A03 if a name is not one of ours.

    Examples:
        >>> [*to_hugging_face({"norm.bias": torch.zeros(8)})]
        ['transformer.ln_f.bias']

    Source:
        The state of the models named.

    Differs:
        See `from_hugging_face`.
    """
    names = NAMES_1 if first else NAMES
    back = tuple((ours, theirs) for theirs, ours in names)
    inside_back = tuple((ours, theirs) for theirs, ours in LAYER)
    renamed: dict[str, Tensor] = {}
    for name, tensor in state.items():
        inside = OURS.fullmatch(name)
        if inside:
            part = _swap(inside[2], inside_back, name)
            turned = tensor.T if tensor.ndim == 2 else tensor
            renamed[f"transformer.h.{inside[1]}.{part}"] = turned.contiguous()
        else:
            renamed[f"transformer.{_swap(name, back, name)}"] = tensor
    if "tokens.weight" in state:
        renamed["lm_head.weight"] = state["tokens.weight"]
    return renamed


def _swap(name: str, names: tuple[tuple[str, str], ...], given: str) -> str:
    for old, new in names:
        if name.startswith(old):
            return new + name[len(old) :]
    raise _unknown(given, "a part of a GPT", "no such part")


def _unknown(name: str, expected: str, got: str) -> PfsValueError:
    return PfsValueError(
        "A03",
        where=f"names of a GPT, {name}",
        expected=expected,
        got=got,
        todo="pass the whole state of a GPT-1 or GPT-2 with tied tables",
    )
