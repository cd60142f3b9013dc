r"""Several attentions side by side, each in a part of the space."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.nn.attention import attend, weights
from pfs.nn.cache import KeyValueCache
from pfs.nn.dropout import dropout
from pfs.nn.linear import Linear, linear
from pfs.nn.masks import Masks, turned
from pfs.nn.scores import Plan
from pfs.shapes import Float, Shaped, Tensor

NAME = "MultiheadAttention"


class MultiheadAttention(nn.Module):
    r"""Attention in several heads, with the maps into them and out of them.

    $$
    \begin{align}
    H_i &= \mathrm{attention}(X_q W^Q_i,\; X_k W^K_i,\; X_v W^V_i) \tag{1} \\
    Y &= [H_1, \dots, H_h]\, W^O \tag{2}
    \end{align}
    $$

    The `num_heads` heads share the width: each has `embed_dim / num_heads`
    features. The matrices $W^Q, W^K, W^V$ of all heads lie in one.

    Args:
        embed_dim: The width of the queries and of the output.
        num_heads: How many heads $h$; they divide `embed_dim`.
        dropout: The share of the weights that is dropped while training.
        bias: Whether the maps have shifts.
        add_bias_kv: Whether a learnt key and value stand beside the given ones.
        add_zero_attn: Whether a key and value of 0 do: there a head looks that
            finds nothing.
        kdim: The width of the keys; `embed_dim` if `None`.
        vdim: The width of the values; `embed_dim` if `None`.
        batch_first: Whether the batch comes before the time.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if a size is not above 0 or `dropout` no probability,
            A03 if the heads do not divide the width, S14 if a shape does not
            fit, S02 if tensors live on different devices.
        TypeError: A02 if an argument is of another kind, S01 if dtypes differ.

    Examples:
        >>> layer = MultiheadAttention(4, 2, batch_first=True)
        >>> x = torch.zeros(1, 3, 4)
        >>> y, p = layer(x, x, x)
        >>> y.shape, p.shape
        (torch.Size([1, 3, 4]), torch.Size([1, 3, 3]))

    Source:
        Vaswani et al. (2017), section 3.2.2; the twin of
        `torch.nn.MultiheadAttention`.

    Differs:
        A query that may see no key gets 0 from every head, with a finite
        gradient; with `need_weights` torch gives NaN. `is_causal` means what it
        says, with or without `attn_mask`; torch takes it as a hint about the
        mask, which has to be there. `cache` is ours. `reset_parameters` also
        draws the map out of the heads anew.
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        kdim = embed_dim if kdim is None else kdim
        vdim = embed_dim if vdim is None else vdim
        sizes = {"embed_dim": embed_dim, "num_heads": num_heads}
        checks.positive(NAME, **sizes, kdim=kdim, vdim=vdim)
        checks.probability(NAME, "dropout", dropout)
        if embed_dim % num_heads:
            raise PfsValueError(
                "A03",
                where=f"{NAME}, embed_dim and num_heads",
                expected="heads that divide the width",
                got=f"{embed_dim} features for {num_heads} heads",
                todo="change one of the two",
            )
        self.embed_dim, self.num_heads = embed_dim, num_heads
        self.head_dim = embed_dim // num_heads
        self.kdim, self.vdim, self.dropout = kdim, vdim, dropout
        self.add_zero_attn, self.batch_first = add_zero_attn, batch_first
        kind = {"device": device, "dtype": dtype}
        self._make(bias, add_bias_kv, kind)
        self.out_proj = Linear(embed_dim, embed_dim, bias, **kind)
        self._draw()

    def _make(
        self, bias: bool, add_bias_kv: bool, kind: dict[str, Any]
    ) -> None:
        """Make the parameters that torch has, by its names."""
        width = self.embed_dim
        same = self.kdim == self.vdim == width
        shapes = {
            "in_proj_weight": (3 * width, width) if same else None,
            "q_proj_weight": None if same else (width, width),
            "k_proj_weight": None if same else (width, self.kdim),
            "v_proj_weight": None if same else (width, self.vdim),
            "in_proj_bias": (3 * width,) if bias else None,
            "bias_k": (1, 1, width) if add_bias_kv else None,
            "bias_v": (1, 1, width) if add_bias_kv else None,
        }
        self.in_proj_weight: nn.Parameter | None
        self.in_proj_bias: nn.Parameter | None
        self.bias_k: nn.Parameter | None
        self.bias_v: nn.Parameter | None
        for name, shape in shapes.items():
            parameter = None
            if shape is not None:
                parameter = nn.Parameter(torch.empty(shape, **kind))
            self.register_parameter(name, parameter)

    def _draw(self) -> None:
        for name, parameter in self.named_parameters():
            if name.endswith("proj_weight"):
                nn.init.xavier_uniform_(parameter)
            elif name in ("bias_k", "bias_v"):
                nn.init.xavier_normal_(parameter)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def reset_parameters(self) -> None:
        """Draw the maps anew and set their shifts to 0."""
        self.out_proj.reset_parameters()
        self._draw()

    def forward(
        self,
        query: Float[Tensor, "*first embed"],
        key: Float[Tensor, "*second kdim"],
        value: Float[Tensor, "*second vdim"],
        key_padding_mask: Shaped[Tensor, "..."] | None = None,
        need_weights: bool = True,
        attn_mask: Shaped[Tensor, "..."] | None = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
        *,
        cache: KeyValueCache | None = None,
    ) -> tuple[Float[Tensor, "*first embed"], Float[Tensor, "..."] | None]:
        """Let every query read the values of the keys that fit it.

        In masks `True` hides, as in torch's class and unlike in
        `scaled_dot_product_attention`. With a cache, masks are about all keys.

        Args:
            query: What asks: (time, batch, features), with `batch_first`
                (batch, time, features), or one sequence without a batch.
            key: What is asked, in the same order of axes.
            value: What is read there.
            key_padding_mask: (batch, key), `True` for a key that is padding,
                or numbers that are added to its scores.
            need_weights: Whether to return the table of weights, whose memory
                grows with the square of the length.
            attn_mask: (query, key) or (batch times heads, query, key), `True`
                where a query may not see a key, or numbers that are added.
            average_attn_weights: Whether to return the mean of the heads.
            is_causal: Whether a query sees no key of a later step.
            cache: Earlier keys and values; the new ones are added to it.

        Returns:
            The output $Y$ and the weights, or `None` for these. The weights
            have the axes (batch, head, query, key), without the heads if they
            are averaged; a learnt key and one of 0 come last.
        """
        checks.same_kind(
            NAME, query=query, key=key, value=value, weight=self.out_proj.weight
        )
        self._check(query, key, value)
        time = 1 if self.batch_first and query.ndim == 3 else 0
        alone = query.ndim == 2
        if alone:
            query, key, value = (x.unsqueeze(1) for x in (query, key, value))
        q, k, v = self._split(query, key, value, time)
        past = 0 if cache is None else len(cache)
        keys = past + k.shape[2]
        masks = turned(NAME, key_padding_mask, attn_mask, q, keys)
        if cache is not None:
            k, v = cache.extend(k, v)
        k, v, masks = self._widen(k, v, masks)
        more = k.shape[2] - keys
        plan = Plan(
            self.head_dim**-0.5,
            past + more if is_causal else None,
            self.dropout if self.training else 0.0,
        )
        if need_weights:
            p = dropout(weights(q, k, masks, plan), plan.p).to(v.dtype)
            heads = p @ v  # (1)
            p = p.roll(-more, -1)
            p = p.mean(1) if average_attn_weights else p
            p = p.squeeze(0) if alone else p
        else:
            heads, p = attend(q, k, v, masks, plan), None  # (1)
        y = self.out_proj(heads.transpose(1, 2).flatten(2))  # (2)
        y = y if time else y.transpose(0, 1)
        return (y.squeeze(1) if alone else y), p

    def _split(
        self, query: Tensor, key: Tensor, value: Tensor, time: int
    ) -> list[Tensor]:
        """Map into the heads: (batch, head, time, feature)."""
        packed: Tensor | None = self.in_proj_weight
        bias: Tensor | None = self.in_proj_bias
        parts: Iterable[Tensor]
        if packed is not None and query is key is value:
            parts = linear(query, packed, bias).chunk(3, -1)
        else:
            w: Any = (self.q_proj_weight, self.k_proj_weight)
            w = (*w, self.v_proj_weight) if packed is None else packed.chunk(3)
            b: Any = (None,) * 3 if bias is None else bias.chunk(3)
            parts = map(linear, (query, key, value), w, b)
        shape = (self.num_heads, self.head_dim)
        return [
            x.unflatten(-1, shape).movedim((1 - time, -2, time), (0, 1, 2))
            for x in parts
        ]

    def _widen(
        self, k: Tensor, v: Tensor, masks: Masks
    ) -> tuple[Tensor, Tensor, Masks]:
        """Put a learnt key and a key of 0 before the others.

        There they are in nobody's future; torch has them at the end.
        """
        more_k, more_v = [], []
        shape = (*k.shape[:2], 1, self.head_dim)
        if self.bias_k is not None and self.bias_v is not None:
            size = (1, self.num_heads, 1, self.head_dim)
            more_k.append(self.bias_k.view(size).to(k.dtype).expand(shape))
            more_v.append(self.bias_v.view(size).to(v.dtype).expand(shape))
        if self.add_zero_attn:
            more_k.append(k.new_zeros(shape))
            more_v.append(v.new_zeros(shape))
        if not more_k:
            return k, v, masks
        seen = [
            m.new_full((*m.shape[:-1], len(more_k)), m.dtype == torch.bool)
            for m in masks
        ]
        masks = tuple(
            torch.cat(pair, -1) for pair in zip(seen, masks, strict=True)
        )
        return torch.cat([*more_k, k], 2), torch.cat([*more_v, v], 2), masks

    def _check(self, query: Tensor, key: Tensor, value: Tensor) -> None:
        """Refuse what does not fit the maps, or each other."""
        widths = (self.embed_dim, self.kdim, self.vdim)
        names = ("query", "key", "value")
        for name, x, width in zip(
            names, (query, key, value), widths, strict=True
        ):
            if x.ndim not in (2, 3) or x.ndim != query.ndim:
                raise PfsValueError(
                    "S14",
                    where=f"{NAME}, {name}",
                    expected="three axes each, or two each without a batch",
                    got=f"shapes {tuple(query.shape)} and {tuple(x.shape)}",
                    todo="add the axis of the batch where it is missing",
                )
            checks.last_axis(NAME, name, x, width, "features")
        checks.shape(NAME, "value", value, *key.shape[:-1], self.vdim)
        if query.ndim == 3:
            axis = 0 if self.batch_first else 1
            sizes = list(key.shape)
            sizes[axis] = query.shape[axis]
            checks.shape(NAME, "key", key, *sizes)
