r"""The window model as a reader of a text.

Note: notes/sequence
"""

import torch
from torch import nn

from pfs.basics.sequence import WindowConfig, WindowModel
from pfs.nn import Dropout, checks
from pfs.recipes.char_window_config import CharWindowConfig
from pfs.shapes import Float, Int, Tensor


class CharWindow(nn.Module):
    r"""Symbols in, logits of the next symbol out, from the last few only.

    $$ z_t = g(C(w_{t-\tau+1}), \dots, C(w_t)) \tag{1} $$

    Its state is no summary: it is the last $\tau - 1$ symbols themselves. A
    symbol before the beginning of a text has the vector 0.

    Args:
        num_symbols: Size of the vocabulary.
        config: Of it, the sizes and the dropout.

    Raises:
        ValueError: A01 if a size or share is out of range, A03 if there is
            neither a hidden layer nor a direct connection.

    Examples:
        >>> from pfs.recipes.char_window_config import CHAR_WINDOW
        >>> model = CharWindow(28, CHAR_WINDOW)
        >>> logits, state = model(torch.zeros(2, 35, dtype=torch.long))
        >>> logits.shape, state.shape
        (torch.Size([2, 35, 28]), torch.Size([2, 7]))

    Source:
        Bengio et al. (2003), equation 1.

    Differs:
        Dropout of the features instead of the paper's weight decay.
    """

    def __init__(self, num_symbols: int, config: CharWindowConfig) -> None:
        super().__init__()
        checks.positive("CharWindow", context=config.context)
        sizes = WindowConfig(
            num_symbols=num_symbols,
            order=config.context + 1,
            num_features=config.num_features,
            hidden_size=config.hidden_units,
            direct=config.direct,
        )
        self.context = config.context
        self.model = WindowModel(sizes)
        self.dropout = Dropout(config.feature_dropout)

    def forward(
        self,
        ids: Int[Tensor, "batch time"],
        state: Int[Tensor, "batch before"] | None = None,
    ) -> tuple[Float[Tensor, "batch time vocab"], Int[Tensor, "batch after"]]:
        """Read on from the symbols before.

        Args:
            ids: The symbols $w_t$.
            state: The last symbols before them; none if `None`.

        Returns:
            The logits $z_t$ of the symbols $w_{t+1}$, and the last symbols.
        """
        known = ids if state is None else torch.cat([state, ids], dim=1)
        x = self.dropout(self.model.table(known))
        missing = self.context - 1 + ids.shape[1] - known.shape[1]
        nothing = x.new_zeros(len(x), missing, x.shape[2])
        rows = torch.cat([nothing, x], dim=1).unfold(1, self.context, 1)
        z: Float[Tensor, "batch time vocab"] = self.model.from_features(
            rows.mT.flatten(2)
        )  # (1)
        kept = min(self.context - 1, known.shape[1])
        return z, known[:, known.shape[1] - kept :]
