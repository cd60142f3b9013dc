r"""The names of published weights, and ours: one map, both ways.

The names are those of Hugging Face's `transformers`. Note: notes/bert
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import torch

from pfs.errors import PfsValueError
from pfs.shapes import Float, Tensor

State = Mapping[str, Float[Tensor, "..."]]
"""Parameters, or their gradients, by name."""
PROJECTIONS: Final = ("query", "key", "value")
"""The three maps that lie in one matrix here, in this order."""
NAMES: Final = (
    ("bert.embeddings.word_embeddings.", "bert.embeddings.tokens."),
    ("bert.embeddings.position_embeddings.", "bert.embeddings.positions."),
    ("bert.embeddings.token_type_embeddings.", "bert.embeddings.segments."),
    ("bert.embeddings.LayerNorm.", "bert.embeddings.norm."),
    ("bert.pooler.dense.", "bert.pooler."),
    ("cls.predictions.transform.dense.", "mlm.dense."),
    ("cls.predictions.transform.LayerNorm.", "mlm.norm."),
    ("cls.predictions.bias", "mlm.bias"),
    ("cls.seq_relationship.", "nsp."),
    ("qa_outputs.", "span."),
)
"""Beginnings of names: theirs, ours."""
LAYER: Final = (
    ("attention.output.dense.", "self_attn.out_proj."),
    ("attention.output.LayerNorm.", "norm1."),
    ("intermediate.dense.", "linear1."),
    ("output.dense.", "linear2."),
    ("output.LayerNorm.", "norm2."),
)
"""The same inside a layer."""
THEIRS: Final = re.compile(r"bert\.encoder\.layer\.(\d+)\.(.+)")
OURS: Final = re.compile(r"bert\.layers\.(\d+)\.(.+)")
TABLE: Final = "bert.embeddings.tokens.weight"
TIED: Final = ("cls.predictions.decoder.weight", "cls.predictions.decoder.bias")


# --8<-- [start:from]
def from_hugging_face(state: State) -> dict[str, Float[Tensor, "..."]]:
    """Rename what `transformers` calls the parts of a BERT.

    Args:
        state: A state of `BertModel`, `BertForPreTraining` or
            `BertForQuestionAnswering`.

    Returns:
        The same numbers by our names, the encoder's with `bert.` before them.
        A name that is not known is kept.

    Raises:
        ValueError: A03 if one of query, key and value is missing, or the
            head's table is not that of the embeddings.

    Examples:
        >>> list(from_hugging_face({"qa_outputs.bias": torch.zeros(2)}))
        ['span.bias']

    Source:
        The state of the models named.

    Differs:
        The maps of query, key and value become one matrix, in this order. A
        tied table stands there once.
    """
    given = dict(_spelled(state))
    renamed: dict[str, Tensor] = {}
    maps: dict[str, dict[str, Tensor]] = {}
    for name, tensor in given.items():
        inside = THEIRS.fullmatch(name)
        if name in TIED or name.endswith(".position_ids"):
            continue
        if not inside:
            renamed[_swap(name, NAMES)] = tensor
            continue
        number, rest = inside.groups()
        new = f"bert.layers.{number}.{_swap(rest, LAYER)}"
        which = re.fullmatch(r"attention\.self\.(\w+)\.(weight|bias)", rest)
        if which and which[1] in PROJECTIONS:
            new = f"bert.layers.{number}.self_attn.in_proj_{which[2]}"
            maps.setdefault(new, {})[which[1]] = tensor
        else:
            renamed[new] = tensor
    for name, parts in maps.items():
        if set(parts) != set(PROJECTIONS):
            raise _contradiction(name, "query, key and value", str([*parts]))
        renamed[name] = torch.cat([parts[which] for which in PROJECTIONS])
    head = given.get(TIED[0])
    if head is not None and not torch.equal(head, renamed.get(TABLE, head)):
        raise _contradiction(TIED[0], "the table of the embeddings", "another")
    return renamed


# --8<-- [end:from]


def to_hugging_face(state: State) -> dict[str, Float[Tensor, "..."]]:
    """Name the parts of our BERT as `transformers` does.

    Args:
        state: A state of `BertForPreTraining`, `BertForQuestionAnswering` or
            `Bert`.

    Returns:
        The same numbers by their names; a `Bert` alone has no `bert.` before
        them there either.

    Examples:
        >>> list(to_hugging_face({"span.bias": torch.zeros(2)}))
        ['qa_outputs.bias']

    Source:
        The state of the models named.

    Differs:
        See `from_hugging_face`.
    """
    alone = any(name.startswith("embeddings.") for name in state)
    back = tuple((ours, theirs) for theirs, ours in NAMES)
    inside_back = tuple((ours, theirs) for theirs, ours in LAYER)
    renamed: dict[str, Tensor] = {}
    for given, tensor in state.items():
        name = f"bert.{given}" if alone else given
        inside = OURS.fullmatch(name)
        if not inside:
            renamed[_swap(name, back)] = tensor
            continue
        number, rest = inside.groups()
        layer = f"bert.encoder.layer.{number}."
        if rest.startswith("self_attn.in_proj_"):
            kind = rest.removeprefix("self_attn.in_proj_")
            for which, part in zip(PROJECTIONS, tensor.chunk(3), strict=True):
                renamed[f"{layer}attention.self.{which}.{kind}"] = part
        else:
            renamed[layer + _swap(rest, inside_back)] = tensor
    if "mlm.bias" in state:  # theirs have a second name for what is tied
        renamed[TIED[0]] = state[TABLE]
        renamed[TIED[1]] = state["mlm.bias"]
    if alone:
        renamed = {k.removeprefix("bert."): v for k, v in renamed.items()}
    return renamed


def _spelled(state: State) -> Iterator[tuple[str, Tensor]]:
    """Give old spellings their new form, and a model alone its prefix."""
    parts = ("embeddings.", "encoder.", "pooler.")
    for name, tensor in state.items():
        name = f"bert.{name}" if name.startswith(parts) else name
        name = re.sub(r"LayerNorm\.gamma$", "LayerNorm.weight", name)
        name = re.sub(r"LayerNorm\.beta$", "LayerNorm.bias", name)
        yield name, tensor


def _swap(name: str, names: tuple[tuple[str, str], ...]) -> str:
    for old, new in names:
        if name.startswith(old):
            return new + name[len(old) :]
    return name


def _contradiction(name: str, expected: str, got: str) -> PfsValueError:
    return PfsValueError(
        "A03",
        where=f"from_hugging_face, {name}",
        expected=expected,
        got=got,
        todo="load the whole state of a BERT whose embeddings are tied",
    )
