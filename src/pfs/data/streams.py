"""Batches without end whose place can be written down and found again."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Protocol, runtime_checkable

import torch
from torch.utils.data import DataLoader

from pfs.data.batches import Batch, sequential_batches, too_short
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.shapes import Int, Tensor


@runtime_checkable
class Stream(Protocol):
    """Batches for a training run: the order is decided by a seed.

    Every round over the data has a random generator of its own, made from the
    seed and the number of the round. So a place is two numbers.
    """

    round: int
    """Which round over the data it is, from 0."""
    place: int
    """How many batches of the round were given out."""

    def __next__(self) -> Any:
        """Return the next batch."""
        ...

    def go_to(self, round: int, place: int) -> None:
        """Continue from another place.

        Args:
            round: Which round.
            place: How many batches of it were given out before.
        """
        ...


def place_of(stream: Stream) -> dict[str, int]:
    """Write down where a stream stands.

    Args:
        stream: The stream.

    Returns:
        Plain JSON for `go_to`.

    Examples:
        >>> place_of(TextStream(torch.arange(9), 2, 3, seed=0))
        {'round': 0, 'place': 0}

    Source:
        This project.

    Differs:
        nothing
    """
    return {"round": stream.round, "place": stream.place}


class TextStream:
    r"""Read a text round after round, each from another offset.

    So the windows, at whose borders the gradient is cut, fall elsewhere in
    every round. Row $i$ of a batch goes on where row $i$ of the batch before
    ended, but for the first batch of a round.

    Args:
        ids: The text.
        batch_size: How many strips, the rows of a batch.
        window: How many steps a batch has.
        seed: Decides the offsets.
        rows: Which rows this process reads; all by default.

    Raises:
        ValueError: X06 if the text is too short for one step of every strip.

    Examples:
        >>> stream = TextStream(torch.arange(9), 2, 3, seed=0)
        >>> [next(stream).first for _ in range(4)].count(True) >= 2
        True

    Source:
        Zhang et al., Dive into Deep Learning, "sequential partitioning".

    Differs:
        nothing
    """

    def __init__(
        self,
        ids: Int[Tensor, " length"],
        batch_size: int,
        window: int,
        *,
        seed: int,
        rows: slice = slice(None),
    ) -> None:
        checks.positive("TextStream", batch_size=batch_size, window=window)
        if len(ids) < batch_size + 1:
            raise too_short(len(ids), batch_size + 1)
        self.ids, self.batch_size, self.window = ids, batch_size, window
        self.seed, self.rows = seed, rows
        self.round = self.place = 0
        self._batches: Iterator[Batch] | None = None

    def __next__(self) -> Batch:
        """Return the next window; the next round follows the last one."""
        if self._batches is None:
            self._batches = islice(self._one_round(), self.place, None)
        batch = next(self._batches, None)
        if batch is None:
            self.go_to(self.round + 1, 0)
            return next(self)
        self.place += 1
        inputs, targets, first = batch
        return Batch(inputs[self.rows], targets[self.rows], first)

    def go_to(self, round: int, place: int) -> None:
        """Continue from another place.

        Args:
            round: Which round.
            place: How many batches of it were given out before.
        """
        self.round, self.place, self._batches = round, place, None

    def _one_round(self) -> Iterator[Batch]:
        spare = max(1, min(self.window, len(self.ids) - self.batch_size))
        generator = of_round(self.seed, self.round)
        offset = int(torch.randint(spare, (1,), generator=generator))
        return sequential_batches(
            self.ids, self.batch_size, self.window, offset
        )


class ExampleStream:
    """Draw examples in random order, each once a round.

    Args:
        dataset: Anything with a length and examples by number; a tuple of
            tensors for examples that are rows.
        batch_size: How many examples a batch has; what does not fill one at
            the end of a round is left out.
        seed: Decides the order.
        rows: Which examples of a batch this process gets; all by default.
        workers: How many processes load examples; 0 for this one.

    Raises:
        ValueError: X06 if there are fewer examples than one batch.

    Examples:
        >>> stream = ExampleStream((torch.arange(6),), 2, seed=0)
        >>> sorted(torch.cat([next(stream)[0] for _ in range(3)]).tolist())
        [0, 1, 2, 3, 4, 5]

    Source:
        This project.

    Differs:
        The state of `torch.utils.data.DataLoader` cannot be saved: with
        workers its sampler runs ahead of the batches that were used.
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int,
        *,
        seed: int,
        rows: slice = slice(None),
        workers: int = 0,
    ) -> None:
        checks.positive("ExampleStream", batch_size=batch_size)
        self._rowwise = isinstance(dataset, tuple)
        self._length = len(dataset[0]) if self._rowwise else len(dataset)
        if self._length < batch_size:
            raise _too_few(self._length, batch_size)
        self.dataset, self.batch_size, self.seed = dataset, batch_size, seed
        self.rows, self.workers = rows, workers
        self.round = self.place = 0
        self._batches: Iterator[Any] | None = None

    def __next__(self) -> Any:
        """Return the next batch; the next round follows the last one."""
        if self._batches is None:
            self._batches = self._rest_of_round()
        batch = next(self._batches, None)
        if batch is None:
            self.go_to(self.round + 1, 0)
            return next(self)
        self.place += 1
        return batch

    def go_to(self, round: int, place: int) -> None:
        """Continue from another place.

        Args:
            round: Which round.
            place: How many batches of it were given out before.
        """
        self.round, self.place, self._batches = round, place, None

    def _rest_of_round(self) -> Iterator[Any]:
        generator = of_round(self.seed, self.round)
        order = torch.randperm(self._length, generator=generator)
        full = self._length // self.batch_size * self.batch_size
        batches = order[:full].view(-1, self.batch_size)[
            self.place :, self.rows
        ]
        if self._rowwise:
            return (tuple(t[i] for t in self.dataset) for i in batches)
        numbers: list[list[int]] = batches.tolist()
        return iter(
            DataLoader(
                self.dataset,
                batch_sampler=numbers,
                num_workers=self.workers,
                generator=generator,
            )
        )


def of_round(seed: int, round: int) -> torch.Generator:
    """Make the random generator of one round over the data.

    Args:
        seed: The seed of the run.
        round: The number of the round.

    Returns:
        A generator; another seed or round gives unrelated numbers.

    Examples:
        >>> int(torch.randint(99, (1,), generator=of_round(0, 0))) < 99
        True

    Source:
        This project.

    Differs:
        nothing
    """
    mixed = (seed * 0x9E3779B97F4A7C15 + round * 0xBF58476D1CE4E5B9 + 1) % 2**63
    return torch.Generator().manual_seed(mixed)


def _too_few(got: int, expected: int) -> PfsValueError:
    return PfsValueError(
        "X06",
        where="the examples to train on",
        expected=f"at least {expected:,}, one batch",
        got=f"{got:,}",
        todo="pass more examples, or a smaller batch_size",
    )
