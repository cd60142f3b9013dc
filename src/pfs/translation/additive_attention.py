r"""A translator that looks at its source again for every word it writes.

Bahdanau, Cho & Bengio (2015). Note: notes/additive_attention
"""

from typing import Any

import torch
from torch import nn

from pfs.nn import Embedding, Linear, checks, dropout, tanh
from pfs.recurrent.gru import GRU, GRUCell
from pfs.recurrent.inputs import check_steps, to_lengths
from pfs.shapes import Float, Int, Tensor
from pfs.translation.additive_attention_config import (
    RNNSEARCH,
    TINY,
    AdditiveAttentionConfig,
    check_config,
)
from pfs.translation.additive_attention_layer import AdditiveAttention
from pfs.translation.translator import Lengths, State

__all__ = [
    "RNNSEARCH",
    "TINY",
    "AdditiveAttention",
    "AdditiveAttentionConfig",
    "AttentionTranslator",
]


class AttentionTranslator(nn.Module):
    r"""An encoder that keeps all its states, a decoder that searches them.

    $$
    \begin{align}
    h_j &= [\overrightarrow{h}_j; \overleftarrow{h}_j] \tag{4} \\
    s_0 &= \tanh(W_s \overleftarrow{h}_1) \tag{5} \\
    s_i &= \mathrm{GRU}([E y_{i-1}; c_i], s_{i-1}) \tag{6} \\
    p(\cdot \mid x, y_{<i}) &= \mathrm{softmax}\big(W_o
    \max_2(O [s_i; E y_{i-1}; c_i])\big) \tag{7}
    \end{align}
    $$

    $c_i$ comes from $s_{i-1}$ and all $h_j$ by equations 1 to 3 of
    `AdditiveAttention`. $\max_2$ keeps the larger of every two neighbours
    (maxout).

    Args:
        config: The form of the model.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if a size, word or share is out of range.

    Examples:
        >>> model = AttentionTranslator(TINY)
        >>> source = torch.tensor([[3, 4, 5, 2], [6, 2, 0, 0]])
        >>> target = torch.tensor([[1, 5, 4], [1, 3, 3]])
        >>> model(source, target, torch.tensor([4, 2])).shape
        torch.Size([2, 3, 6])

    Source:
        Bahdanau, Cho & Bengio (2015), section 3 and appendix A.2.

    Differs:
        The update gate of the paper is $1 - z$ of ours, which is the same
        model. Without the preset `RNNSEARCH`: the reset acts after the product,
        the output sees the current state, parameters start evenly. The target
        begins with `<bos>`; the paper does not say what it begins with.
    """

    def __init__(
        self,
        config: AdditiveAttentionConfig,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        check_config(config)
        self.config = c = config
        place = {"device": device, "dtype": dtype}
        E, H = c.embedding_size, c.hidden_size
        self.source_embedding = Embedding(c.source_vocab, E, **place)
        self.target_embedding = Embedding(c.target_vocab, E, **place)
        self.encoder = GRU(
            E,
            H,
            batch_first=True,
            bidirectional=True,
            reset=c.reset,
            **place,
        )
        self.first = Linear(H, H, **place)
        self.attention = AdditiveAttention(H, 2 * H, c.attention_size, **place)
        self.decoder = GRUCell(E + 2 * H, H, reset=c.reset, **place)
        self.readout = Linear(H + E + 2 * H, 2 * c.maxout_size, **place)
        self.output = Linear(c.maxout_size, c.target_vocab, **place)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        r"""Draw all parameters evenly, or as the paper's appendix B.1.

        There recurrent matrices are orthogonal, $v$ and all biases are 0, and
        the others are normal: $W$ and $U$ of the attention with a deviation of
        0.001, the rest with 0.01.
        """
        for name, p in self.named_parameters():
            if self.config.init is not None:
                nn.init.uniform_(p, -self.config.init, self.config.init)
            elif p.ndim == 1 or "score" in name:
                nn.init.zeros_(p)
            elif "weight_hh" in name:
                with torch.no_grad():
                    for matrix in p.chunk(3):
                        nn.init.orthogonal_(matrix)
            else:
                std = 0.001 if "attention" in name else 0.01
                nn.init.normal_(p, std=std)

    # --8<-- [start:model]
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
                last.
            lengths: How many tokens of each source are real.

        Returns:
            The logits of the tokens that follow.
        """
        return self._decode(target, self.start(source, lengths))[0]

    def align(
        self,
        source: Int[Tensor, "batch source"],
        target: Int[Tensor, "batch target"],
        lengths: Lengths = None,
    ) -> Float[Tensor, "batch target source"]:
        r"""Return where the decoder looks while it writes a target.

        Args:
            source: The sources, padded behind their end.
            target: What the decoder reads, as in `forward`.
            lengths: How many tokens of each source are real.

        Returns:
            The weights $\alpha_{ij}$: row $i$ is for the token that is written
            after reading token $i$ of `target`. It sums to 1.
        """
        return self._decode(target, self.start(source, lengths))[2]

    def start(
        self, source: Int[Tensor, "batch source"], lengths: Lengths = None
    ) -> State:
        """Read the sources, and keep what every position says.

        Args:
            source: The sources, padded behind their end.
            lengths: How many tokens of each source are real.

        Returns:
            The first state of the decoder, (batch, hidden); the annotations,
            (batch, source, 2 hidden); what the attention needs of them,
            (batch, source, attention); which are real, (batch, source).
        """
        checks.tensor("AttentionTranslator", "source", source)
        checks.matrix("AttentionTranslator", "source", source)
        x = self._drop(self.source_embedding(source))
        h, (_, backward) = self.encoder(x, lengths=lengths)  # (4)
        s = tanh(self.first(backward))  # (5)
        return s, h, self.attention.map_keys(h), _real(source, lengths)

    def step(
        self, token: Int[Tensor, " batch"], state: State
    ) -> tuple[Float[Tensor, "batch vocab"], State]:
        """Read one more token of each target.

        Args:
            token: The tokens.
            state: What `start` or the last `step` returned.

        Returns:
            The logits of the tokens that follow, and the state after it.
        """
        logits, state, _ = self._decode(token[:, None], state)
        return logits[:, 0], state

    def _decode(
        self, target: Int[Tensor, "batch target"], state: State
    ) -> tuple[
        Float[Tensor, "batch target vocab"],
        State,
        Float[Tensor, "batch target source"],
    ]:
        s, h, mapped, real = state
        _check_target(target, len(s))
        y = self._drop(self.target_embedding(target))
        states, contexts, weights = [s], [], []
        for token in y.unbind(1):
            c, alpha = self.attention(s, h, real, mapped=mapped)
            s = self.decoder(torch.cat([token, c], -1), s)  # (6)
            states.append(s)
            contexts.append(c)
            weights.append(alpha)
        current = self.config.readout == "current"
        seen = torch.stack(states[1:] if current else states[:-1], 1)
        parts = torch.cat([seen, y, torch.stack(contexts, 1)], -1)
        t = self.readout(parts).unflatten(-1, (-1, 2)).amax(-1)
        logits = self.output(self._drop(t))  # (7)
        return logits, (s, h, mapped, real), torch.stack(weights, 1)

    # --8<-- [end:model]

    def _drop(self, x: Tensor) -> Tensor:
        return dropout(x, self.config.dropout, self.training)


def _real(source: Tensor, lengths: Lengths) -> Tensor:
    """Return which positions hold a token, (batch, source)."""
    batch, time = source.shape
    where = "AttentionTranslator"
    steps = to_lengths(where, lengths, time, batch, source.device)
    if steps is None:
        return torch.ones_like(source, dtype=torch.bool)
    return torch.arange(time, device=source.device) < steps[:, None]


def _check_target(target: Tensor, batch: int) -> None:
    """Refuse targets without tokens, or of another number of rows."""
    where = "AttentionTranslator"
    checks.tensor(where, "target", target)
    checks.matrix(where, "target", target)
    checks.shape(where, "target", target, batch, target.shape[1])
    check_steps(where, target.shape[1], target)
