r"""A network that reads a sentence into a state, and one that writes from it.

Sutskever, Vinyals & Le (2014), with an LSTM; Cho et al. (2014), with a GRU.
Note: notes/seq2seq
"""

from typing import Any

import torch
from torch import nn

from pfs.nn import Embedding, Linear, dropout, tanh
from pfs.recurrent.gru import GRU
from pfs.recurrent.inputs import to_lengths
from pfs.recurrent.lstm import LSTM
from pfs.shapes import Float, Int, Tensor
from pfs.translation.seq2seq_config import (
    CHO,
    SUTSKEVER,
    TINY,
    Seq2SeqConfig,
    check_config,
)
from pfs.translation.translator import Lengths, State

__all__ = [
    "CHO",
    "SUTSKEVER",
    "TINY",
    "Seq2Seq",
    "Seq2SeqConfig",
    "reverse",
]


class Seq2Seq(nn.Module):
    r"""An encoder and a decoder that meet in one state of fixed size.

    $$
    \begin{align}
    v &= \mathrm{Enc}(x_S, x_{S-1}, \dots, x_1) \tag{1} \\
    s_t &= \mathrm{Dec}(y_{t-1}, s_{t-1}), \qquad s_0 = v \tag{2} \\
    p(y \mid x) &= \prod_{t=1}^{n} p(y_t \mid v, y_{<t}), \qquad
    p(\cdot \mid v, y_{<t}) = \mathrm{softmax}(C s_t) \tag{3}
    \end{align}
    $$

    $v$ holds the last states of **all** layers: of an LSTM what it says, $h$,
    and what it keeps, $c$. In (3) $s_t$ stands for the $h$ of the top layer.
    With `context`, the model of Cho et al.:

    $$
    \begin{align}
    c &= \tanh(W_c h_S), \qquad s_0 = \tanh(W_s c) \tag{4} \\
    s_t &= \mathrm{GRU}([y_{t-1}; c], s_{t-1}) \tag{5} \\
    p(\cdot \mid c, y_{<t}) &= \mathrm{softmax}\big(G
    \max_{2}(O [s_t; y_{t-1}; c])\big) \tag{6}
    \end{align}
    $$

    where $\max_2$ keeps the larger of every two neighbours (maxout).

    Args:
        config: The form of the model.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if a size, word or share is out of range, A03 if
            `context` is wanted with an LSTM or with several layers.

    Examples:
        >>> model = Seq2Seq(TINY)
        >>> source = torch.tensor([[3, 4, 5, 2], [6, 2, 0, 0]])
        >>> target = torch.tensor([[1, 5, 4], [1, 3, 3]])
        >>> model(source, target, torch.tensor([4, 2])).shape
        torch.Size([2, 3, 6])

    Source:
        Sutskever, Vinyals & Le (2014), sections 2 and 3; Cho et al. (2014),
        section 2 and appendix A.

    Differs:
        The source ends with `<eos>`, which is read first if it is reversed, and
        the decoder begins with `<bos>`; in figure 1 of the paper one `<EOS>`
        does both. The context of Cho et al. stands inside the reset gate of
        their decoder, here outside; their output matrix has rank 100, ours is
        full; their reset acts before the product in the encoder, ours after.
    """

    def __init__(
        self, config: Seq2SeqConfig, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        check_config(config)
        self.config = c = config
        place = {"device": device, "dtype": dtype}
        kind = LSTM if c.cell == "lstm" else GRU
        between = c.dropout if c.num_layers > 1 else 0.0

        def layers(size: int) -> LSTM | GRU:
            return kind(
                size,
                c.hidden_size,
                c.num_layers,
                c.bias,
                True,
                between,
                **place,
            )

        seen = c.embedding_size + c.hidden_size * c.context
        read = c.hidden_size + seen * c.context
        self.source_embedding = Embedding(
            c.source_vocab, c.embedding_size, **place
        )
        self.target_embedding = Embedding(
            c.target_vocab, c.embedding_size, **place
        )
        self.encoder = layers(c.embedding_size)
        self.decoder = layers(seen)
        if c.context:
            sizes = c.hidden_size, c.hidden_size, c.bias
            self.summary = Linear(*sizes, **place)
            self.first = Linear(*sizes, **place)
        if c.maxout:
            self.readout = Linear(read, 2 * c.maxout, c.bias, **place)
        self.output = Linear(c.maxout or read, c.target_vocab, c.bias, **place)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all parameters evenly from `-init` to `init`."""
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -self.config.init, self.config.init)

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
        logits, _ = self._decode(target, self.start(source, lengths))
        return logits

    def start(
        self, source: Int[Tensor, "batch source"], lengths: Lengths = None
    ) -> State:
        """Read the sources into the state that the decoder begins with.

        Args:
            source: The sources, padded behind their end.
            lengths: How many tokens of each source are real.

        Returns:
            The last states of all layers, (batch, layers, hidden) each; with
            `context` also the summary, (batch, hidden).
        """
        if self.config.reverse_source:
            source = reverse(source, lengths)
        x = self._drop(self.source_embedding(source))
        _, last = self.encoder(x, lengths=lengths)  # (1)
        if self.config.context:
            c = tanh(self.summary(last[-1]))
            return tanh(self.first(c))[:, None], c  # (4)
        return _turned(last)

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
        logits, state = self._decode(token[:, None], state)
        return logits[:, 0], state

    def _decode(
        self, target: Int[Tensor, "batch target"], state: State
    ) -> tuple[Float[Tensor, "batch target vocab"], State]:
        y = self._drop(self.target_embedding(target))
        if self.config.context:
            h, c = state
            seen = torch.cat([y, c[:, None].expand(-1, y.shape[1], -1)], -1)
            s, last = self.decoder(seen, _turned(h))  # (5)
            state = _turned(last), c
            s = torch.cat([s, seen], -1)
        else:
            s, last = self.decoder(y, _turned(state))  # (2)
            state = _turned(last)
        if self.config.maxout:
            s = self.readout(s).unflatten(-1, (-1, 2)).amax(-1)  # (6)
        return self.output(self._drop(s)), state  # (3)

    # --8<-- [end:model]

    def _drop(self, x: Tensor) -> Tensor:
        return dropout(x, self.config.dropout, self.training)


# --8<-- [start:reverse]
def reverse(
    source: Int[Tensor, "batch source"], lengths: Lengths = None
) -> Int[Tensor, "batch source"]:
    """Turn every row round within its own length; the padding stays behind.

    Args:
        source: Ids, padded behind their end.
        lengths: How many of each row are real; all if `None`.

    Returns:
        The ids.

    Raises:
        ValueError: S14, S05 or A01 if lengths do not fit.
        TypeError: S01 or A02 if they are no whole numbers.

    Examples:
        >>> reverse(torch.tensor([[3, 4, 5], [6, 7, 0]]), torch.tensor([3, 2]))
        tensor([[5, 4, 3],
                [7, 6, 0]])

    Source:
        Sutskever, Vinyals & Le (2014), section 3.3.

    Differs:
        nothing
    """
    batch, time = source.shape
    steps = to_lengths("reverse", lengths, time, batch, source.device)
    if steps is None:
        return source.flip(1)
    t = torch.arange(time, device=source.device)
    return source.gather(
        1, torch.where(t < steps[:, None], steps[:, None] - 1 - t, t)
    )
    # --8<-- [end:reverse]


def _turned(states: Any) -> Any:
    """Swap layers and batch, of one tensor or of a pair."""
    if isinstance(states, Tensor):
        return states.transpose(0, 1)
    return tuple(state.transpose(0, 1) for state in states)
