"""The states of a stack: dealt out to its layers, and put together again."""

import torch

from pfs.recurrent.inputs import check_pair, check_state
from pfs.shapes import Float, Tensor

Stored = Float[Tensor, "*layer_batch hidden"]
State = Stored | tuple[Stored, Stored]
"""The states of all layers: $h$, and with an LSTM the pair $(h, c)$."""
Part = Tensor | tuple[Tensor, Tensor]
"""The states of one layer."""


def deal(
    hx: State | None,
    input: Tensor,
    batch_first: bool,
    sizes: tuple[int, int],
    pair: bool,
) -> list[Part | None]:
    """Return the first states of each layer, after a look at them.

    Args:
        hx: The states of all layers, the lowest first.
        input: What the stack reads.
        batch_first: Whether axis 0 of it is the batch.
        sizes: How many layers there are, and how many units each has.
        pair: Whether a state is a pair.
    """
    layers, units = sizes
    if hx is None:
        return [None] * layers
    if pair:
        check_pair("Stack", hx)
    middle = input.shape[:-1] if input.ndim == 3 else ()
    batch = middle[:1] if batch_first else middle[1:]
    parts = hx if isinstance(hx, tuple | list) and pair else (hx,)
    for place, part in enumerate(parts):
        name = f"hx[{place}]" if pair else "hx"
        check_state("Stack", part, (layers, *batch, units), input, name)
    rows = [part.split(1) for part in parts if isinstance(part, Tensor)]
    return list(zip(*rows, strict=True)) if pair else list(rows[0])


def together(last: list[Part]) -> State:
    """Put the last states of the layers on top of each other."""
    pairs = [state for state in last if isinstance(state, tuple)]
    if pairs:
        h, c = zip(*pairs, strict=True)
        return torch.cat(h), torch.cat(c)
    return torch.cat([state for state in last if isinstance(state, Tensor)])
