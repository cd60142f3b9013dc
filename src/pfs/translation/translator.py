r"""What every model of translation offers, and what it carries along.

Note: notes/seq2seq
"""

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol, runtime_checkable

import torch
from torch import nn

from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.shapes import Float, Int, Tensor

Lengths = Int[Tensor, " batch"] | None
"""How many tokens of each source are real, `<eos>` included; all if `None`."""
State = Any
"""What a model carries from token to token: tensors with the batch on axis 0,
in tuples, lists and dicts, as deep as wanted. `None` and numbers may be among
them; they are handed on as they are."""


@runtime_checkable
class Translator(Protocol):
    """What a model of translation can do.

    For training, `forward` gives the logits of all positions at once. To
    write, `start` reads the source and `step` goes on by one token. Both ways
    give the same logits: the tests of every model compare them.

    Examples:
        >>> from pfs.translation.seq2seq import TINY, Seq2Seq
        >>> isinstance(Seq2Seq(TINY), Translator)
        True

    Source:
        This project.

    Differs:
        nothing
    """

    def forward(
        self,
        source: Int[Tensor, "batch source"],
        target: Int[Tensor, "batch target"],
        lengths: Lengths = None,
    ) -> Float[Tensor, "batch target vocab"]:
        """Predict every next token of a target that is known.

        Args:
            source: The sources, padded behind their end.
            target: What the decoder reads: `<bos>`, then all tokens but the
                last; see `pfs.translation.batches.shift`.
            lengths: How many tokens of each source are real.

        Returns:
            The logits of the tokens that follow.
        """

    def start(
        self, source: Int[Tensor, "batch source"], lengths: Lengths = None
    ) -> State:
        """Read the sources; return what `step` begins with.

        Args:
            source: The sources, padded behind their end.
            lengths: How many tokens of each source are real.

        Returns:
            The state.
        """

    def step(
        self, token: Int[Tensor, " batch"], state: State
    ) -> tuple[Float[Tensor, "batch vocab"], State]:
        """Read one more token of each target.

        Args:
            token: The tokens: first `<bos>`, then what was written last.
            state: What `start` or the last `step` returned; it is not changed.

        Returns:
            The logits of the tokens that follow, and the state after it.
        """


class Written(NamedTuple):
    """Sequences that a model has written, and how likely it finds them."""

    tokens: Int[Tensor, "*_batch _time"]
    """The tokens, `<eos>` included and `<bos>` not; `<eos>` behind the end."""
    lengths: Int[Tensor, "*_batch"]
    """How many of them count, `<eos>` included: less than `max_length` only if
    the sequence has ended."""
    log_probs: Float[Tensor, "*_batch"]
    r"""$\log p(y \mid x)$, summed over the tokens that count."""


# --8<-- [start:reorder]
def reorder(state: State, rows: Int[Tensor, " rows"]) -> State:
    """Return a state whose row `i` is row `rows[i]` of the old one.

    Args:
        state: What `start` and `step` return.
        rows: Which row to take for each new one; repetitions are allowed.

    Returns:
        A state of the same form.

    Examples:
        >>> h = torch.tensor([[0.0], [1.0]])
        >>> reorder((h, None), torch.tensor([1, 1, 0]))
        (tensor([[1.],
                [1.],
                [0.]]), None)

    Source:
        This project.

    Differs:
        nothing
    """
    if isinstance(state, Tensor):
        return state.index_select(0, rows)
    if isinstance(state, tuple | list):
        parts = [reorder(part, rows) for part in state]
        named = hasattr(state, "_fields")
        return type(state)(*parts) if named else type(state)(parts)
    if isinstance(state, dict):
        return {key: reorder(part, rows) for key, part in state.items()}
    return state
    # --8<-- [end:reorder]


@contextlib.contextmanager
def judging(model: Translator) -> Iterator[None]:
    """Switch dropout and gradients off, and back to what they were."""
    module = model if isinstance(model, nn.Module) else nn.Module()
    before = module.training
    module.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        module.train(before)


def check_request(
    source: Int[Tensor, "..."], bos: int, eos: int, max_length: int
) -> int:
    """Refuse what no sequence can be written from; return the batch size."""
    checks.tensor("decoding", "source", source)
    checks.matrix("decoding", "source", source)
    checks.positive("decoding", max_length=max_length)
    for name, value in (("bos", bos), ("eos", eos)):
        checks.whole("decoding", name, value)
        if value < 0:
            raise PfsValueError(
                "A01",
                where=f"decoding, {name}",
                expected="an id, 0 or more",
                got=str(value),
                todo=f"pass the id of <{name}>",
            )
    return len(source)


def check_end(eos: int, logits: Float[Tensor, "batch vocab"]) -> None:
    """Refuse an end that the model cannot write."""
    if eos >= logits.shape[-1]:
        raise PfsValueError(
            "A01",
            where="decoding, eos",
            expected=f"a token of the model, below {logits.shape[-1]}",
            got=str(eos),
            todo="pass the id of <eos> in the target's vocabulary",
        )
