r"""The encoder of the Transformer: its layer, and a stack of them.

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


class TransformerEncoderLayer(Layer):
    r"""Every place looks at all places, then thinks alone.

    $$ \mathrm{self\ attention} \to \mathrm{FFN} $$

    Each of the two is a sublayer with a path around it and a norm: (6), or
    with `norm_first` (7). Layers of this kind are the encoder of the
    Transformer, all of BERT, and with `is_causal` all of GPT.

    Args:
        d_model: The width of a place.
        nhead: How many heads; they divide `d_model`.
        dim_feedforward: The width inside (4).
        dropout: The share that is dropped of what a sublayer says.
        activation: $\phi$ in (4): `"relu"`, `"gelu"` or a function.
        layer_norm_eps: $\epsilon$ of the norms.
        batch_first: Whether the batch comes before the time.
        norm_first: Whether (7) holds instead of (6).
        bias: Whether maps and norms have shifts.
        device: Where the parameters live.
        dtype: Their floating dtype.
        attention_bias: Whether the maps of the attention have shifts; as
            `bias` if `None`.
        attention_dropout: The share of the attention's weights that is
            dropped; as `dropout` if `None`.
        inner_dropout: The share dropped inside (4), behind $\phi$; as
            `dropout` if `None`.

    Raises:
        ValueError: A01 if a size, a share or a word is out of range, A03 if
            the heads do not divide the width, S14 if a shape does not fit.
        TypeError: A02 if an argument is of another kind, S01 if dtypes differ.

    Examples:
        >>> layer = TransformerEncoderLayer(8, 2, 32, batch_first=True)
        >>> layer(torch.zeros(3, 5, 8)).shape
        torch.Size([3, 5, 8])

    Source:
        Vaswani et al. (2017), section 3.1; the twin of
        `torch.nn.TransformerEncoderLayer`.

    Differs:
        The paper drops what a sublayer says, and nothing inside it; torch also
        drops weights of the attention and entries behind $\phi$. The last three
        arguments are ours and tell them apart. `is_causal` means what it says,
        with or without a mask. A place that may see nothing gets 0 from every
        head, where torch has NaN. `cache` is ours.
    """

    self_attn: MultiheadAttention

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
            ("self_attn",),
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

    # --8<-- [start:encoder]
    def forward(
        self,
        src: Float[Tensor, "*places embed"],
        src_mask: Shaped[Tensor, "..."] | None = None,
        src_key_padding_mask: Shaped[Tensor, "..."] | None = None,
        is_causal: bool = False,
        *,
        cache: KeyValueCache | None = None,
    ) -> Float[Tensor, "*places embed"]:
        """Pass a sequence through the layer.

        In masks `True` hides, as in `MultiheadAttention`.

        Args:
            src: The places, (time, batch, features) or batch first.
            src_mask: (query, key) or (batch times heads, query, key).
            src_key_padding_mask: (batch, key), `True` at padding.
            is_causal: Whether a place sees itself and earlier ones only.
            cache: The keys and values of the places before.

        Returns:
            As many places, of the same width.
        """
        masks = (src_mask, src_key_padding_mask, is_causal)
        x = self._around(
            src, 1, lambda x: look(self.self_attn, x, x, masks, cache)
        )
        return self._around(x, 2, self._feed_forward)

    # --8<-- [end:encoder]


class TransformerEncoder(nn.Module):
    r"""A stack of encoder layers, each with weights of its own.

    $$ x \leftarrow \mathrm{layer}_N(\dots \mathrm{layer}_1(x)) $$

    Args:
        encoder_layer: The layer; it is copied, weights and all.
        num_layers: How many copies.
        norm: What normalizes the end, `None` for nothing. A stack of layers
            with `norm_first` needs one: nothing else bounds its sum.

    Raises:
        ValueError: A01 if `num_layers` is not above 0.
        TypeError: A02 if it is not a whole number.

    Examples:
        >>> layer = TransformerEncoderLayer(8, 2, 32, batch_first=True)
        >>> TransformerEncoder(layer, 6)(torch.zeros(3, 5, 8)).shape
        torch.Size([3, 5, 8])

    Source:
        Vaswani et al. (2017), section 3.1; the twin of
        `torch.nn.TransformerEncoder`.

    Differs:
        torch's `enable_nested_tensor` and `mask_check` are not here; they ask
        for a kernel that leaves padding out. `is_causal` says what holds, torch
        takes it as a hint about the mask. `caches` is ours.
    """

    def __init__(
        self,
        encoder_layer: nn.Module,
        num_layers: int,
        norm: nn.Module | None = None,
    ) -> None:
        super().__init__()
        checks.positive("TransformerEncoder", num_layers=num_layers)
        copies = [copy.deepcopy(encoder_layer) for _ in range(num_layers)]
        self.layers = nn.ModuleList(copies)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self,
        src: Float[Tensor, "*places embed"],
        mask: Shaped[Tensor, "..."] | None = None,
        src_key_padding_mask: Shaped[Tensor, "..."] | None = None,
        is_causal: bool | None = None,
        *,
        caches: Sequence[KeyValueCache] | None = None,
    ) -> Float[Tensor, "*places embed"]:
        """Pass a sequence through all layers.

        Args:
            src: The places.
            mask: (query, key), `True` hides.
            src_key_padding_mask: (batch, key), `True` at padding.
            is_causal: Whether a place sees itself and earlier ones only.
            caches: The keys and values of the places before, for each layer.

        Returns:
            As many places, of the same width.
        """
        x = src
        for i, layer in enumerate(self.layers):
            x = layer(
                *(x, mask, src_key_padding_mask, bool(is_causal)),
                cache=None if caches is None else caches[i],
            )
        return x if self.norm is None else self.norm(x)
