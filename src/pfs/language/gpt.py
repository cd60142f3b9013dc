r"""GPT: layers of the Transformer that see the past only, trained to go on.

Radford et al. (2018, 2019); Brown et al. (2020). Note: notes/gpt
"""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import torch
from torch import nn

from pfs.errors import PfsValueError
from pfs.language.gpt_config import (
    GPT1,
    GPT2_LARGE,
    GPT2_MEDIUM,
    GPT2_SMALL,
    GPT2_XL,
    GPT_TINY,
    GPTConfig,
)
from pfs.nn import (
    Dropout,
    Embedding,
    LayerNorm,
    checks,
    cross_entropy,
    gelu,
    linear,
)
from pfs.nn.cache import KeyValueCache
from pfs.shapes import Float, Int, Tensor
from pfs.translation.transformer import TransformerEncoderLayer

__all__ = [
    "GPT",
    "GPT1",
    "GPT2_LARGE",
    "GPT2_MEDIUM",
    "GPT2_SMALL",
    "GPT2_XL",
    "GPT_TINY",
    "GPTConfig",
    "causal_lm_loss",
]

Caches = Sequence[KeyValueCache]
"""One for each layer."""


class GPT(nn.Module):
    r"""A language model: tokens in, logits of the next token out.

    $$
    \begin{align}
    h^{0}_t &= W_e[u_t] + W_p[t] \tag{1} \\
    h^{l} &= \mathrm{layer}_l(h^{l-1}), \qquad l = 1, \dots, L \tag{2} \\
    z_t &= W_e\, h^{L}_t \tag{3}
    \end{align}
    $$

    $W_e$ holds a row a token, $W_p$ a row a position. The layers are those of
    the Transformer's encoder with the future hidden. With `norm_first` a last
    norm stands between (2) and (3).

    Args:
        config: The sizes.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: S14 if a sequence is longer than `n_positions` or of a
            wrong shape, S05 if it has no place, A03 if there is not one cache
            for each layer.
        IndexError: S09 if an id is not one of the tokens.

    Examples:
        >>> model = GPT(GPT_TINY)
        >>> model(torch.tensor([[3, 1, 4]])).shape
        torch.Size([1, 3, 11])

    Source:
        Radford et al. (2018), section 3.1; Radford et al. (2019), section 2.3,
        for the place of the norms and the first weights.

    Differs:
        GPT-3 alternates dense layers with banded sparse ones; here all are
        dense.
    """

    def __init__(
        self, config: GPTConfig, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        kind = {"device": device, "dtype": dtype}
        width, eps = config.n_embd, config.layer_norm_epsilon
        self.config = config
        self.tokens = Embedding(config.vocab_size, width, **kind)
        self.positions = Embedding(config.n_positions, width, **kind)
        self.dropout = Dropout(config.embd_pdrop)
        self.layers = nn.ModuleList(
            TransformerEncoderLayer(
                width,
                config.n_head,
                4 * width,
                config.resid_pdrop,
                partial(gelu, approximate="tanh"),
                eps,
                batch_first=True,
                norm_first=config.norm_first,
                attention_dropout=config.attn_pdrop,
                inner_dropout=0.0,
                **kind,
            )
            for _ in range(config.n_layer)
        )
        last = LayerNorm(width, eps, **kind)
        self.norm = last if config.norm_first else None
        self.reset_parameters()

    # --8<-- [start:init]
    def reset_parameters(self) -> None:
        r"""Draw the weights; what is added to the path $\sqrt{2L}$ smaller."""
        std, depth = self.config.initializer_range, 2 * self.config.n_layer
        for name, parameter in self.named_parameters():
            added = name.endswith(("out_proj.weight", "linear2.weight"))
            small = added and self.config.scale_residual
            if parameter.ndim > 1:
                scale = 1 / math.sqrt(depth) if small else 1.0
                nn.init.normal_(parameter, std=std * scale)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)
            else:
                nn.init.ones_(parameter)

    # --8<-- [end:init]

    # --8<-- [start:forward]
    def forward(
        self,
        ids: Int[Tensor, "batch time"],
        caches: Caches | None = None,
    ) -> Float[Tensor, "batch time vocab"]:
        """Say what may come after every place.

        Args:
            ids: The tokens $u_t$.
            caches: The keys and values of the places before; the new ones are
                added to them.

        Returns:
            The logits $z_t$ of the token that follows place $t$.
        """
        return linear(self.hidden(ids, caches), self.tokens.weight)  # (3)

    def hidden(
        self, ids: Int[Tensor, "batch time"], caches: Caches | None = None
    ) -> Float[Tensor, "batch time embed"]:
        """Compute the places of the last layer, its norm included.

        Args:
            ids: The tokens.
            caches: As in `forward`.

        Returns:
            A row a place.
        """
        past = 0 if caches is None else self._past(caches)
        places = self._places(ids, past)
        h = self.dropout(self.tokens(ids) + self.positions(places))  # (1)
        for i, layer in enumerate(self.layers):
            cache = None if caches is None else caches[i]
            h = layer(h, is_causal=True, cache=cache)  # (2)
        last: Tensor = h if self.norm is None else self.norm(h)
        return last

    # --8<-- [end:forward]

    def caches(self) -> tuple[KeyValueCache, ...]:
        """Return empty caches, one for each layer."""
        return tuple(KeyValueCache() for _ in self.layers)

    def _past(self, caches: Caches) -> int:
        if len(caches) != len(self.layers):
            raise PfsValueError(
                "A03",
                where="GPT, caches",
                expected=f"one for each of the {len(self.layers)} layers",
                got=str(len(caches)),
                todo="make them with model.caches()",
            )
        return len(caches[0])

    def _places(self, ids: Tensor, past: int) -> Tensor:
        checks.matrix("GPT", "ids", ids)
        checks.indices("GPT", "ids", ids, self.config.vocab_size)
        end, most = past + ids.shape[1], self.config.n_positions
        if ids.shape[1] == 0:
            raise PfsValueError(
                "S05",
                where="GPT, ids",
                expected="at least one token a row",
                got=f"shape {tuple(ids.shape)}",
                todo="begin with a token, such as the end of a text",
            )
        if end > most:
            raise PfsValueError(
                "S14",
                where="GPT, ids",
                expected=f"at most {most} tokens, those in the cache included",
                got=f"{past} in the cache and {ids.shape[1]} more",
                todo=f"pass the last {most} tokens only",
            )
        return torch.arange(past, end, device=ids.device)


# --8<-- [start:loss]
def causal_lm_loss(
    logits: Float[Tensor, "batch time vocab"], ids: Int[Tensor, "batch time"]
) -> Float[Tensor, ""]:
    r"""Judge every place by the token that follows it.

    $$ L_1 = -\frac{1}{B (T - 1)} \sum_{b} \sum_{t=1}^{T-1}
    \log p(u_{b,t+1} \mid u_{b,1}, \dots, u_{b,t}) \tag{4} $$

    Args:
        logits: What the model says at every place.
        ids: The tokens that it has read.

    Returns:
        The mean, in nats.

    Raises:
        ValueError: S14 if the shapes do not fit, S05 if no token follows
            another.

    Examples:
        >>> ids = torch.tensor([[1, 2, 3]])
        >>> causal_lm_loss(torch.zeros(1, 3, 8), ids).exp()
        tensor(8.)

    Source:
        Radford et al. (2018), equation 1.

    Differs:
        The paper adds up log likelihoods to be made large; this is their mean
        with the other sign. The last place is judged by nobody.
    """
    checks.shape("causal_lm_loss", "ids", ids, *logits.shape[:2])
    if ids.shape[1] < 2:
        raise PfsValueError(
            "S05",
            where="causal_lm_loss, ids",
            expected="at least two tokens a row",
            got=f"shape {tuple(ids.shape)}",
            todo="pass longer rows",
        )
    said = logits[:, :-1].flatten(0, 1)
    return cross_entropy(said, ids[:, 1:].flatten())  # (4)
    # --8<-- [end:loss]
