r"""GPT as a reader of a text.

Note: notes/gpt
"""

import torch
from torch import nn

from pfs.errors import PfsValueError
from pfs.language.gpt import GPT, GPTConfig
from pfs.nn import checks
from pfs.recipes.char_gpt_config import CharGPTConfig
from pfs.shapes import Float, Int, Tensor


class CharGPT(nn.Module):
    r"""Symbols in, logits of the next symbol out, from the last few only.

    $$ z_t = \mathrm{GPT}(w_{t-n+1}, \dots, w_t), \qquad
    \tfrac{1}{2} \tau \le n \le \tau \tag{1} $$

    Its state is no summary: it is the last $\tau / 2$ symbols themselves. While
    training there is none: every window begins anew, and each of its places
    is judged. When it is judged, a symbol has at least half a context before
    it, except where the text begins.

    Args:
        num_symbols: Size of the vocabulary.
        config: Of it, the sizes and the dropout; `context` is $\tau$.

    Raises:
        ValueError: A01 if a size or share is out of range, A03 if `context` is
            shorter than `window` or the heads do not divide the width.

    Examples:
        >>> from pfs.recipes.char_gpt_config import CHAR_GPT
        >>> model = CharGPT(28, CHAR_GPT).eval()
        >>> logits, state = model(torch.zeros(2, 300, dtype=torch.long))
        >>> logits.shape, state.shape
        (torch.Size([2, 300, 28]), torch.Size([2, 64]))

    Source:
        Radford et al. (2019), with characters instead of byte pairs.

    Differs:
        nothing
    """

    def __init__(self, num_symbols: int, config: CharGPTConfig) -> None:
        super().__init__()
        checks.positive("CharGPT", context=config.context // 2)
        if config.context < config.window:
            raise PfsValueError(
                "A03",
                where="settings context and window",
                expected="a context that holds a window",
                got=f"context {config.context}, window {config.window}",
                todo="make the context longer or the window shorter",
            )
        self.before = config.context // 2
        self.gpt = GPT(
            GPTConfig(
                vocab_size=num_symbols,
                n_positions=config.context,
                n_embd=config.d_model,
                n_layer=config.num_layers,
                n_head=config.num_heads,
                norm_first=config.norm_first,
                embd_pdrop=config.dropout,
                resid_pdrop=config.dropout,
                attn_pdrop=config.dropout,
            )
        )

    def forward(
        self,
        ids: Int[Tensor, "batch time"],
        state: Int[Tensor, "batch before"] | None = None,
    ) -> tuple[
        Float[Tensor, "batch time vocab"], Int[Tensor, "batch after"] | None
    ]:
        """Read on from the symbols before.

        Args:
            ids: The symbols $w_t$.
            state: The last symbols before them; not looked at while training.

        Returns:
            The logits $z_t$ of the symbols $w_{t+1}$, and the last symbols.
        """
        if self.training:
            return self.gpt(ids), None  # (1)
        known = ids if state is None else torch.cat([state, ids], 1)
        first = known.shape[1] - ids.shape[1]
        parts = []
        for start in range(first, known.shape[1], self.before):
            end = min(start + self.before, known.shape[1])
            seen = known[:, max(0, start - self.before) : end]
            parts.append(self.gpt(seen)[:, start - end :])
        return torch.cat(parts, 1), known[:, -self.before :]
