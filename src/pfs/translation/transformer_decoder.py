r"""The decoder of the Transformer: its layer, and a stack of them.

Vaswani et al. (2017), section 3.1. Note: notes/transformer
"""

import copy
from collections.abc import Sequence
from typing import Any

from torch import nn

from pfs.nn import MultiheadAttention, checks
from pfs.nn.cache import KeyValueCache
from pfs.shapes import Float, Shaped, Tensor
from pfs.translation.transformer_layers import Activation, Layer, look

Caches = tuple[KeyValueCache, KeyValueCache]
"""Of one layer: what was written, and what was read."""


class TransformerDecoderLayer(Layer):
    r"""Look at what is written, look at what was read, think.

    $$ \mathrm{self\ attention} \to \mathrm{cross\ attention} \to \mathrm{FFN}
    $$

    Each of the three is a sublayer as in `TransformerEncoderLayer`. In cross
    attention the queries come from the decoder, keys and values from the
    memory, the output of the encoder.

    Args:
        d_model: The width of a place.
        nhead: How many heads; they divide `d_model`.
        dim_feedforward: The width inside the feed-forward network.
        dropout: The share that is dropped of what a sublayer says.
        activation: $\phi$: `"relu"`, `"gelu"` or a function.
        layer_norm_eps: $\epsilon$ of the norms.
        batch_first: Whether the batch comes before the time.
        norm_first: Whether a sublayer is told the normalized places.
        bias: Whether maps and norms have shifts.
        device: Where the parameters live.
        dtype: Their floating dtype.
        attention_bias: Whether the maps of the attentions have shifts; as
            `bias` if `None`.
        attention_dropout: The share of the attentions' weights that is
            dropped; as `dropout` if `None`.
        inner_dropout: The share dropped behind $\phi$; as `dropout` if `None`.

    Raises:
        ValueError: A01 if a size, a share or a word is out of range, A03 if
            the heads do not divide the width, S14 if a shape does not fit.
        TypeError: A02 if an argument is of another kind, S01 if dtypes differ.

    Examples:
        >>> layer = TransformerDecoderLayer(8, 2, 32, batch_first=True)
        >>> x, memory = torch.zeros(3, 5, 8), torch.zeros(3, 7, 8)
        >>> layer(x, memory, tgt_is_causal=True).shape
        torch.Size([3, 5, 8])

    Source:
        Vaswani et al. (2017), section 3.1; the twin of
        `torch.nn.TransformerDecoderLayer`.

    Differs:
        As `TransformerEncoderLayer`. The future is hidden if it is said:
        `tgt_is_causal` or a mask, as in torch.
    """

    self_attn: MultiheadAttention
    multihead_attn: MultiheadAttention

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Activation = "relu",
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        attention_bias: bool | None = None,
        attention_dropout: float | None = None,
        inner_dropout: float | None = None,
    ) -> None:
        super().__init__(
            ("self_attn", "multihead_attn"),
            (d_model, nhead, dim_feedforward),
            (
                dropout,
                dropout if attention_dropout is None else attention_dropout,
                dropout if inner_dropout is None else inner_dropout,
            ),
            activation,
            layer_norm_eps,
            norm_first,
            (bias, bias if attention_bias is None else attention_bias),
            batch_first,
            {"device": device, "dtype": dtype},
        )

    # --8<-- [start:decoder]
    def forward(
        self,
        tgt: Float[Tensor, "*places embed"],
        memory: Float[Tensor, "*memory embed"],
        tgt_mask: Shaped[Tensor, "..."] | None = None,
        memory_mask: Shaped[Tensor, "..."] | None = None,
        tgt_key_padding_mask: Shaped[Tensor, "..."] | None = None,
        memory_key_padding_mask: Shaped[Tensor, "..."] | None = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
        *,
        caches: Caches | None = None,
    ) -> Float[Tensor, "*places embed"]:
        """Pass a sequence through the layer.

        In masks `True` hides, as in `MultiheadAttention`.

        Args:
            tgt: The places, (time, batch, features) or batch first.
            memory: The output of the encoder, in the same order of axes.
            tgt_mask: (query, key) or (batch times heads, query, key).
            memory_mask: The same for the keys of the memory.
            tgt_key_padding_mask: (batch, key), `True` at padding.
            memory_key_padding_mask: The same for the keys of the memory.
            tgt_is_causal: Whether a place sees itself and earlier ones only.
            memory_is_causal: The same for the keys of the memory.
            caches: The keys and values of earlier places, and those of the
                memory. What they hold is not passed again: a `memory` without
                places is the old one.

        Returns:
            As many places, of the same width.
        """
        own, other = (None, None) if caches is None else caches
        to_self = (tgt_mask, tgt_key_padding_mask, tgt_is_causal)
        to_memory = (memory_mask, memory_key_padding_mask, memory_is_causal)
        x = self._around(
            tgt, 1, lambda x: look(self.self_attn, x, x, to_self, own)
        )
        x = self._around(
            *(x, 2),
            lambda x: look(self.multihead_attn, x, memory, to_memory, other),
        )
        return self._around(x, 3, self._feed_forward)

    # --8<-- [end:decoder]


class TransformerDecoder(nn.Module):
    r"""A stack of decoder layers, each with weights of its own.

    Args:
        decoder_layer: The layer; it is copied, weights and all.
        num_layers: How many copies.
        norm: What normalizes the end, `None` for nothing. A stack of layers
            with `norm_first` needs one.

    Raises:
        ValueError: A01 if `num_layers` is not above 0.
        TypeError: A02 if it is not a whole number.

    Examples:
        >>> layer = TransformerDecoderLayer(8, 2, 32, batch_first=True)
        >>> x, memory = torch.zeros(3, 5, 8), torch.zeros(3, 7, 8)
        >>> TransformerDecoder(layer, 6)(x, memory, tgt_is_causal=True).shape
        torch.Size([3, 5, 8])

    Source:
        Vaswani et al. (2017), section 3.1; the twin of
        `torch.nn.TransformerDecoder`.

    Differs:
        `tgt_is_causal` says what holds; torch takes it as a hint about the
        mask. `caches` is ours.
    """

    def __init__(
        self,
        decoder_layer: nn.Module,
        num_layers: int,
        norm: nn.Module | None = None,
    ) -> None:
        super().__init__()
        checks.positive("TransformerDecoder", num_layers=num_layers)
        copies = [copy.deepcopy(decoder_layer) for _ in range(num_layers)]
        self.layers = nn.ModuleList(copies)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self,
        tgt: Float[Tensor, "*places embed"],
        memory: Float[Tensor, "*memory embed"],
        tgt_mask: Shaped[Tensor, "..."] | None = None,
        memory_mask: Shaped[Tensor, "..."] | None = None,
        tgt_key_padding_mask: Shaped[Tensor, "..."] | None = None,
        memory_key_padding_mask: Shaped[Tensor, "..."] | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
        *,
        caches: Sequence[Caches] | None = None,
    ) -> Float[Tensor, "*places embed"]:
        """Pass a sequence through all layers.

        Args:
            tgt: The places.
            memory: The output of the encoder; every layer reads it.
            tgt_mask: (query, key), `True` hides.
            memory_mask: The same for the keys of the memory.
            tgt_key_padding_mask: (batch, key), `True` at padding.
            memory_key_padding_mask: The same for the keys of the memory.
            tgt_is_causal: Whether a place sees itself and earlier ones only.
            memory_is_causal: The same for the keys of the memory.
            caches: What every layer keeps; see `TransformerDecoderLayer`.

        Returns:
            As many places, of the same width.
        """
        masks = (tgt_mask, memory_mask)
        padding = (tgt_key_padding_mask, memory_key_padding_mask)
        causal = (bool(tgt_is_causal), memory_is_causal)
        x = tgt
        for i, layer in enumerate(self.layers):
            x = layer(
                *(x, memory, *masks, *padding, *causal),
                caches=None if caches is None else caches[i],
            )
        return x if self.norm is None else self.norm(x)
