r"""What the two layers of the Transformer share.

Vaswani et al. (2017), sections 3.1 and 3.3. Note: notes/transformer
"""

from collections.abc import Callable
from typing import Any

from torch import nn

from pfs.errors import PfsTypeError
from pfs.nn import (
    Dropout,
    LayerNorm,
    Linear,
    MultiheadAttention,
    checks,
    gelu,
    relu,
)
from pfs.nn.cache import KeyValueCache
from pfs.shapes import Tensor

Activation = Callable[..., Tensor]
"""A function of numbers, such as `pfs.nn.relu`."""
Masks = tuple[Tensor | None, Tensor | None, bool]
"""A table, the padding, and whether the future is hidden too."""


class Layer(nn.Module):
    r"""What both layers share: their parts, and the way around a sublayer.

    $$
    \begin{align}
    \mathrm{FFN}(x) &= W_2\, \phi(W_1 x + b_1) + b_2 \tag{4} \\
    y &= \mathrm{LayerNorm}(x + f(x)) \tag{6} \\
    y &= x + f(\mathrm{LayerNorm}(x)) \tag{7}
    \end{align}
    $$

    $f$ is the sublayer, dropout included: attention or (4). The paper has (6);
    `norm_first` asks for (7).
    """

    def __init__(
        self,
        attentions: tuple[str, ...],
        sizes: tuple[int, int, int],
        dropout: tuple[float, float, float],
        activation: str | Activation,
        layer_norm_eps: float,
        norm_first: bool,
        bias: tuple[bool, bool],
        batch_first: bool,
        kind: dict[str, Any],
    ) -> None:
        super().__init__()
        (width, heads, inner), name = sizes, type(self).__name__
        checks.positive(name, d_model=width, nhead=heads, dim_feedforward=inner)
        shares = ("dropout", "attention_dropout", "inner_dropout")
        for share, p in zip(shares, dropout, strict=True):
            checks.probability(name, share, p)
        for part in attentions:
            attention = MultiheadAttention(
                *(width, heads, dropout[1], bias[1]),
                batch_first=batch_first,
                **kind,
            )
            setattr(self, part, attention)
        self.linear1 = Linear(width, inner, bias[0], **kind)
        self.dropout = Dropout(dropout[2])
        self.linear2 = Linear(inner, width, bias[0], **kind)
        self.norm_first = norm_first
        numbers = range(1, len(attentions) + 2)
        for i in numbers:
            norm = LayerNorm(width, layer_norm_eps, bias=bias[0], **kind)
            setattr(self, f"norm{i}", norm)
        for i in numbers:
            setattr(self, f"dropout{i}", Dropout(dropout[0]))
        self.activation = _activation(name, activation)

    # --8<-- [start:around]
    def _around(
        self,
        x: Tensor,
        number: int,
        sublayer: Callable[[Tensor], Tensor],
    ) -> Tensor:
        """Add what a sublayer says to what it was told."""
        norm = self.get_submodule(f"norm{number}")
        drop = self.get_submodule(f"dropout{number}")
        y: Tensor
        if self.norm_first:
            y = x + drop(sublayer(norm(x)))  # (7)
        else:
            y = norm(x + drop(sublayer(x)))  # (6)
        return y

    def _feed_forward(self, x: Tensor) -> Tensor:
        """Compute at every place alone."""
        inner = self.dropout(self.activation(self.linear1(x)))
        y: Tensor = self.linear2(inner)  # (4)
        return y

    # --8<-- [end:around]


def _activation(name: str, activation: str | Activation) -> Activation:
    if isinstance(activation, str):
        checks.one_of(name, "activation", activation, ("relu", "gelu"))
        return relu if activation == "relu" else gelu
    if not callable(activation):
        raise PfsTypeError(
            "A02",
            where=f"{name}, activation",
            expected="a function, 'relu' or 'gelu'",
            got=repr(activation),
            todo="pass a function of tensors, such as pfs.nn.gelu",
        )
    return activation


def look(
    attention: Any,
    x: Tensor,
    memory: Tensor,
    masks: Masks,
    cache: KeyValueCache | None,
) -> Tensor:
    """Let the places of `x` read those of `memory`."""
    table, padding, is_causal = masks
    y: Tensor = attention(
        *(x, memory, memory, padding, False, table),
        is_causal=is_causal,
        cache=cache,
    )[0]
    return y
