r"""The gap filler and its rival, trained on the same text at the same time.

Note: notes/bidirectional
"""

from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from pfs.data.batches import Batch
from pfs.errors import PfsValueError
from pfs.nn import cross_entropy
from pfs.recipes.char_rnn_model import CharRNN
from pfs.recipes.fill_gaps_config import FillGapsConfig
from pfs.recurrent.bidirectional import GapFiller, around
from pfs.recurrent.pairs import ReaderConfig
from pfs.shapes import Float, Int, Tensor
from pfs.training.language import detach, to_perplexity

AT_ONCE = 512
"""For how many gaps logits are computed at once."""


class SideBySide(nn.Module):
    """A gap filler, and a model of the same size that knows the left side only.

    They share nothing but the batches.

    Args:
        num_symbols: Size of the vocabulary.
        config: The sizes of the gap filler.

    Raises:
        ValueError: A01 if a size, share or word is out of range, A03 with
            `skip`, which the gap filler does not know.

    Examples:
        >>> from pfs.recipes.fill_gaps_config import FILL_GAPS
        >>> model = SideBySide(28, FILL_GAPS)
        >>> abs(model.sizes["left"] / model.sizes["both"] - 1) < 0.01
        True

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(self, num_symbols: int, config: FillGapsConfig) -> None:
        super().__init__()
        if config.skip:
            raise PfsValueError(
                "A03",
                where="FillGapsConfig, skip",
                expected="layers that read the layer below",
                got="skip=True",
                todo="leave it out: only the left model knows it",
            )
        sizes = ReaderConfig(
            embedding_size=config.embedding_size,
            hidden_size=config.hidden_size,
            num_layers=config.num_layers,
            cell=config.cell,
            dropout=config.dropout,
        )
        self.both = GapFiller(num_symbols, sizes)
        self.left = CharRNN(num_symbols, _same_size(num_symbols, config, self))

    @property
    def sizes(self) -> dict[str, int]:
        """The numbers of parameters: of `both` sides, and of the `left`."""
        parts = {"both": self.both, "left": self.left}
        return {name: _count(part) for name, part in parts.items()}

    def forward(
        self, ids: Int[Tensor, "batch time"], state: Any = None
    ) -> tuple[
        Float[Tensor, "batch time vocab"],
        Float[Tensor, "batch time vocab"],
        Any,
    ]:
        """Let both models read a window.

        Args:
            ids: The symbols $x_t$.
            state: What the left model knows of the text before them.

        Returns:
            The logits of $x_t$, given all the others of the window; those of
            $x_{t+1}$, given $x_t$ and what was before; and the last state.
        """
        told, state = self.left(ids, state)
        return self.both(ids), told, state


def _same_size(
    num_symbols: int, config: FillGapsConfig, model: nn.Module
) -> FillGapsConfig:
    """Find the width that gives one direction as many parameters as two."""
    wanted = _count(model)
    low, high = config.hidden_size, 3 * config.hidden_size

    def size(width: int) -> int:
        with torch.device("meta"):
            one = replace(config, hidden_size=width)
            return _count(CharRNN(num_symbols, one))

    while low < high:
        middle = (low + high) // 2
        low, high = (
            (middle + 1, high) if size(middle) < wanted else (low, middle)
        )
    near = min((low - 1, low), key=lambda width: abs(size(width) - wanted))
    return replace(config, hidden_size=near)


def _count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


# --8<-- [start:loss]
def gap_loss(
    model: nn.Module, batch: Batch, state: Any
) -> tuple[Float[Tensor, ""], Any]:
    """Cross entropy of every symbol of a window, given all the others.

    The left model learns from the same windows; its loss has a gradient, but
    no share in the value that is returned.

    Args:
        model: A `SideBySide`, or what wraps it.
        batch: A window.
        state: The left model's, from the window before; `None` at first.

    Returns:
        The mean loss of the gap filler in nats a symbol, and the state.

    Examples:
        >>> from pfs.recipes.fill_gaps_config import FILL_GAPS
        >>> ids = torch.zeros(2, 5, dtype=torch.long)
        >>> loss, _ = gap_loss(
        ...     SideBySide(3, FILL_GAPS), Batch(ids, ids, True), None
        ... )
        >>> loss.ndim
        0

    Source:
        Berglund et al. (2015), section 2.

    Differs:
        nothing
    """
    device = next(model.parameters()).device
    ids, targets = batch.inputs.to(device), batch.targets.to(device)
    state = None if batch.first else detach(state)
    logits, told, state = model(ids, state)
    loss = cross_entropy(logits.flatten(0, 1), ids.flatten())
    rival = cross_entropy(told.flatten(0, 1), targets.flatten())
    return loss + (rival - rival.detach()), state


# --8<-- [end:loss]


@dataclass(frozen=True)
class Judged:
    """How well the symbols of a text were guessed."""

    perplexity: float
    """e to the mean loss of a guess."""
    accuracy: float
    """Share of the symbols that were thought the likeliest."""


@torch.no_grad()
def judge(model: GapFiller | CharRNN, ids: Int[Tensor, " length"]) -> Judged:
    r"""Let a model guess every symbol of a text but the first.

    $$ \exp\Bigl(-\frac{1}{T} \sum_{t=1}^{T} \log p(x_t \mid \text{what it may
    see})\Bigr) \tag{1} $$

    The gap filler may see all others of the text; the left model those
    before $x_t$.

    Args:
        model: One of the two; it is put into evaluation mode for the reading.
        ids: The text.

    Returns:
        Perplexity and accuracy.

    Examples:
        >>> from pfs.recipes.fill_gaps_config import FILL_GAPS
        >>> model = SideBySide(28, FILL_GAPS)  # not trained: about 28
        >>> 20 < judge(model.both, torch.arange(28)).perplexity < 40
        True

    Source:
        This project.

    Differs:
        nothing
    """
    was_training = model.training
    model.eval()
    ids = ids.to(next(model.parameters()).device)
    table = model.embedding
    assert table is not None
    x = table(ids[None])
    if isinstance(model, GapFiller):
        known = around(model.reader(x)[0])[0, 1:]
    else:
        known = model.rnn(x[:, :-1])[0][0]
    nats, right = 0.0, 0
    for c, truth in zip(
        known.split(AT_ONCE), ids[1:].split(AT_ONCE), strict=True
    ):
        logits = model.output(c)
        nats += cross_entropy(logits, truth, reduction="sum").item()
        right += int((logits.argmax(-1) == truth).sum())
    model.train(was_training)
    count = len(ids) - 1
    return Judged(to_perplexity(nats / count), right / count)
