r"""The Transformer: nothing but attention and networks for each place.

Vaswani et al. (2017). Its layers and stacks stand in `transformer_encoder` and
`transformer_decoder`, the order of a sublayer in `transformer_layers`.
Note: notes/transformer
"""

import math
from dataclasses import dataclass
from typing import Any, Final

from torch import nn

from pfs.nn import Dropout, Embedding, LayerNorm, checks, linear
from pfs.nn.cache import KeyValueCache
from pfs.shapes import Bool, Float, Int, Tensor
from pfs.translation.transformer_decoder import (
    Caches,
    TransformerDecoder,
    TransformerDecoderLayer,
)
from pfs.translation.transformer_encoder import (
    TransformerEncoder,
    TransformerEncoderLayer,
)
from pfs.translation.transformer_inputs import (
    PositionalEncoding,
    hidden_padding,
)

__all__ = [
    "TRANSFORMER_BASE",
    "TRANSFORMER_BIG",
    "PositionalEncoding",
    "Transformer",
    "TransformerConfig",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
]

Kept = tuple[
    Float[Tensor, "batch head _time d_k"],
    Float[Tensor, "batch head _time d_k"],
    Float[Tensor, "batch head source d_k"],
    Float[Tensor, "batch head source d_k"],
]
"""Keys and values of a layer: of what is written, and of the memory."""
State = tuple[Bool[Tensor, "batch source"], tuple[Kept, ...]]
"""Where the source is padding, and what every decoder layer keeps."""


@dataclass(frozen=True, kw_only=True)
class TransformerConfig:
    """A row of the paper's table 3.

    Examples:
        >>> TransformerConfig(vocab=100, d_model=32, num_heads=4).num_layers
        6

    Source:
        Vaswani et al. (2017), table 3.

    Differs:
        The paper does not name what `norm_first`, `attention_bias`,
        `attention_dropout` and `inner_dropout` say; their defaults are its
        equations.
    """

    vocab: int = 37_000
    """Tokens of the target; of the source too, unless `source_vocab` is set."""
    d_model: int = 512
    """Width of a place ($d$)."""
    num_heads: int = 8
    """Heads of each attention ($h$)."""
    num_layers: int = 6
    """Layers of the encoder, and of the decoder ($N$)."""
    d_ff: int = 2048
    """Width inside the feed-forward network."""
    dropout: float = 0.1
    """Share dropped of a sublayer's output, and of embedding plus position."""
    attention_dropout: float = 0.0
    """Share dropped of the attention's weights."""
    inner_dropout: float = 0.0
    """Share dropped inside the feed-forward network."""
    attention_bias: bool = False
    """Whether the attention's maps have shifts."""
    norm_first: bool = False
    """Whether the norm stands before the sublayer; then each stack ends in
    one."""
    source_vocab: int | None = None
    """Tokens of a source with a matrix of its own; `None`: one for all."""


TRANSFORMER_BASE: Final = TransformerConfig()
TRANSFORMER_BIG: Final = TransformerConfig(
    d_model=1024, num_heads=16, d_ff=4096, dropout=0.3
)


class Transformer(nn.Module):
    r"""Read a source with attention, write a target with attention.

    $$
    \begin{align}
    x_t &= \sqrt{d}\, E_{i_t} \tag{8} \\
    p_t &= \mathrm{softmax}(E\, y_t) \tag{9} \\
    e_t &= \mathrm{dropout}(x_t + \mathrm{PE}_t) \tag{12}
    \end{align}
    $$

    $E$ is one matrix: it embeds source and target, and it is the map to the
    logits, which are what is returned; `pfs.nn.softmax` makes them (9).

    Args:
        config: The sizes, such as `TRANSFORMER_BASE`.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if a size, a share or a length is out of range, A03 if
            the heads do not divide the width, S14 if shapes do not fit.
        IndexError: S09 if a token is not of the vocabulary.
        TypeError: A02 if a size is not a whole number, S01 if tokens or
            lengths are not.

    Examples:
        >>> config = TransformerConfig(
        ...     vocab=100, d_model=8, num_heads=2, num_layers=1, d_ff=32
        ... )
        >>> ids = torch.zeros(3, 5, dtype=torch.int64)
        >>> Transformer(config)(ids, ids[:, :4]).shape
        torch.Size([3, 4, 100])

    Source:
        Vaswani et al. (2017), section 3, figure 1.

    Differs:
        The paper does not say how weights start. Matrices are drawn as Glorot
        and Bengio do, $E$ with the deviation $1/\sqrt{d}$, so that $x_t$ and
        the logits begin at unit size.
    """

    def __init__(
        self, config: TransformerConfig, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        self.config, width = config, config.d_model
        checks.positive("Transformer", vocab=config.vocab, d_model=width)
        checks.probability("Transformer", "dropout", config.dropout)
        kind = {"device": device, "dtype": dtype}
        self.embedding = Embedding(config.vocab, width, **kind)
        self.source_embedding: Embedding | None = None
        if config.source_vocab is not None:
            own = Embedding(config.source_vocab, width, **kind)
            self.source_embedding = own
        self.positions = PositionalEncoding(width)
        self.dropout = Dropout(config.dropout)
        given = {
            "d_model": width,
            "nhead": config.num_heads,
            "dim_feedforward": config.d_ff,
            "dropout": config.dropout,
            "batch_first": True,
            "norm_first": config.norm_first,
            "attention_bias": config.attention_bias,
            "attention_dropout": config.attention_dropout,
            "inner_dropout": config.inner_dropout,
            **kind,
        }
        ends = [
            LayerNorm(width, **kind) if config.norm_first else None
            for _ in range(2)
        ]
        self.encoder = TransformerEncoder(
            TransformerEncoderLayer(**given), config.num_layers, ends[0]
        )
        self.decoder = TransformerDecoder(
            TransformerDecoderLayer(**given), config.num_layers, ends[1]
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all matrices anew; every layer gets its own."""
        for name, parameter in self.named_parameters():
            if "embedding" in name:
                nn.init.normal_(parameter, std=self.config.d_model**-0.5)
            elif parameter.ndim > 1:
                nn.init.xavier_uniform_(parameter)

    # --8<-- [start:model]
    def forward(
        self,
        source: Int[Tensor, "batch source"],
        target: Int[Tensor, "batch target"],
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> Float[Tensor, "batch target vocab"]:
        """Predict every next token of a target that is known.

        Args:
            source: The sources, padded behind their end.
            target: What the decoder reads: `<bos>`, then all but the last.
            lengths: How many tokens of each source are real; all if `None`.

        Returns:
            The logits of the tokens that follow.
        """
        padding = hidden_padding(source, lengths)
        memory = self._read(source, padding)
        y = self.decoder(
            *(self._embed(target, self.embedding), memory),
            memory_key_padding_mask=padding,
            tgt_is_causal=True,
        )
        return self._logits(y)

    def _read(self, source: Tensor, padding: Tensor) -> Tensor:
        e = self._embed(source, self.source_embedding or self.embedding)
        memory: Tensor = self.encoder(e, src_key_padding_mask=padding)
        return memory

    def _embed(self, ids: Tensor, table: Embedding, start: int = 0) -> Tensor:
        x = table(ids) * math.sqrt(self.config.d_model)  # (8)
        e: Tensor = self.dropout(self.positions(x, start))  # (12)
        return e

    def _logits(self, y: Tensor) -> Tensor:
        return linear(y, self.embedding.weight)  # (9)

    # --8<-- [end:model]

    # --8<-- [start:step]
    def start(
        self,
        source: Int[Tensor, "batch source"],
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> State:
        """Read the sources; return what `step` begins with.

        Args:
            source: The sources, padded behind their end.
            lengths: How many tokens of each source are real; all if `None`.

        Returns:
            The state: of every layer the keys and values of the memory, and
            none yet of what is written.
        """
        padding = hidden_padding(source, lengths)
        memory = self._read(source, padding)
        caches = [
            (KeyValueCache(), KeyValueCache()) for _ in self.decoder.layers
        ]
        self.decoder(memory[:, :0], memory, caches=caches)
        return padding, tuple(map(_kept, caches))

    def step(
        self, token: Int[Tensor, " batch"], state: State
    ) -> tuple[Float[Tensor, "batch vocab"], State]:
        """Read one more token of each target.

        Args:
            token: The tokens: first `<bos>`, then what was written last.
            state: What `start` or the last `step` returned.

        Returns:
            The logits of the tokens that follow, and the state after it.
        """
        padding, kept = state
        caches = [(_cache(*k[:2]), _cache(*k[2:])) for k in kept]
        e = self._embed(token[:, None], self.embedding, len(caches[0][0]))
        y = self.decoder(
            *(e, e[:, :0]),
            memory_key_padding_mask=padding,
            tgt_is_causal=True,
            caches=caches,
        )
        return self._logits(y)[:, 0], (padding, tuple(map(_kept, caches)))

    # --8<-- [end:step]


def _kept(caches: Caches) -> Kept:
    """Take the tensors out of the caches of one layer."""
    kept = [part for c in caches for part in (c.keys, c.values)]
    keys, values, *memory = [x for x in kept if x is not None]
    return keys, values, memory[0], memory[1]


def _cache(keys: Tensor, values: Tensor) -> KeyValueCache:
    cache = KeyValueCache()
    cache.extend(keys, values)
    return cache
