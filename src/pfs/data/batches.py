"""Cut one long sequence into batches for a language model."""

from collections.abc import Iterator
from typing import NamedTuple

import torch

from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.shapes import Int, Tensor


class Batch(NamedTuple):
    """What a language model reads and what it should say."""

    # The underscores let the windows of one round have different lengths.

    inputs: Int[Tensor, "_batch _time"]
    """The symbols at times $t$."""
    targets: Int[Tensor, "_batch _time"]
    """The symbols at times $t + 1$."""
    first: bool
    """Whether the state before it must be zero: nothing came before."""


def sequential_batches(
    ids: Int[Tensor, " length"], batch_size: int, window: int, offset: int = 0
) -> Iterator[Batch]:
    r"""Walk through a text with `batch_size` readers, window by window.

    The text is cut into `batch_size` equal strips, the rows. Row $i$ of a
    batch goes on where row $i$ of the batch before it ended, so the state of
    a recurrent network can be handed over. The last batch may be shorter. At
    most `batch_size - 1` symbols at the end are left out: start the next
    round at another `offset`.

    Args:
        ids: The text.
        batch_size: How many strips.
        window: How many steps a batch has.
        offset: How many symbols to leave out at the beginning.

    Yields:
        The batches of one round, of which the first begins anew.

    Raises:
        ValueError: X06 if the text is too short for one step of every strip.

    Examples:
        >>> for batch in sequential_batches(torch.arange(9), 2, 3):
        ...     print(batch.inputs.tolist(), batch.targets.tolist())
        [[0, 1, 2], [4, 5, 6]] [[1, 2, 3], [5, 6, 7]]
        [[3], [7]] [[4], [8]]

    Source:
        Zhang et al., Dive into Deep Learning, "sequential partitioning".

    Differs:
        The book drops the last, shorter window; here it is kept.
    """
    checks.positive("sequential_batches", batch_size=batch_size, window=window)
    length = (len(ids) - offset - 1) // batch_size
    if offset < 0 or length < 1:
        raise too_short(len(ids) - max(offset, 0), batch_size + 1)
    used = batch_size * length
    inputs = ids[offset : offset + used].view(batch_size, length)
    targets = ids[offset + 1 : offset + used + 1].view(batch_size, length)

    for start in range(0, length, window):
        part = slice(start, start + window)
        yield Batch(inputs[:, part], targets[:, part], first=start == 0)


def random_batches(
    ids: Int[Tensor, " length"],
    batch_size: int,
    window: int,
    generator: torch.Generator | None = None,
) -> Iterator[Batch]:
    r"""Draw windows of a text in random order, each once.

    The windows do not overlap; where the first begins is random. Nothing
    came before any of them, so no state may be handed over.

    Args:
        ids: The text.
        batch_size: How many windows a batch has.
        window: How many steps a window has.
        generator: Where the randomness comes from.

    Yields:
        The batches of one round; windows that do not fill one are left out.

    Raises:
        ValueError: X06 if the text is too short for one batch.

    Examples:
        >>> batches = list(random_batches(torch.arange(20), 2, 3))
        >>> {bool((b.targets == b.inputs + 1).all()) for b in batches}
        {True}

    Source:
        Zhang et al., Dive into Deep Learning, "random sampling".

    Differs:
        nothing
    """
    checks.positive("random_batches", batch_size=batch_size, window=window)
    if len(ids) < batch_size * window + 1:
        raise too_short(len(ids), batch_size * window + 1)
    # The offset may not cost a batch where the text is just long enough.
    spare = min(window, len(ids) - batch_size * window)
    offset = int(torch.randint(spare, (1,), generator=generator))
    number = (len(ids) - 1 - offset) // window
    order = torch.randperm(number, generator=generator) * window + offset

    steps = torch.arange(window)
    for start in range(0, number - batch_size + 1, batch_size):
        places = order[start : start + batch_size, None] + steps
        yield Batch(ids[places], ids[places + 1], first=True)


def too_short(got: int, expected: int) -> PfsValueError:
    """Describe a text that does not fill one batch (X06)."""
    return PfsValueError(
        "X06",
        where="the text to train on",
        expected=f"at least {expected:,} characters",
        got=f"{got:,}",
        todo="pass a longer text, or smaller batch_size and window",
    )
