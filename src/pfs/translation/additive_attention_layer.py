r"""Weights over the positions of a source, from a small network.

Bahdanau, Cho & Bengio (2015). Note: notes/additive_attention
"""

from typing import Any

import torch
from torch import nn

from pfs.errors import PfsTypeError
from pfs.nn import Linear, checks, softmax, tanh
from pfs.shapes import Bool, Float, Tensor


class AdditiveAttention(nn.Module):
    r"""Search a sequence for what fits a query, and read it.

    $$
    \begin{align}
    e_{ij} &= v^\top \tanh(W s_{i-1} + U h_j + b) \tag{1} \\
    \alpha_{ij} &= \frac{\exp(e_{ij})}{\sum_{k=1}^{T_x} \exp(e_{ik})} \tag{2} \\
    c_i &= \sum_{j=1}^{T_x} \alpha_{ij} h_j \tag{3}
    \end{align}
    $$

    The query is $s_{i-1}$, the state of a decoder. The keys are $h_j$, one for
    each position of the source, and the values as well. $U h_j + b$ is the same
    for every query, so `map_keys` computes it once.

    Args:
        query_size: Number of features of a query $s$.
        key_size: Number of features of a key $h_j$.
        attention_size: Number of units that compare the two.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if a size is not above 0.

    Examples:
        >>> attention = AdditiveAttention(5, 4, 3)
        >>> keys = torch.zeros(2, 7, 4)
        >>> context, weights = attention(torch.zeros(2, 5), keys)
        >>> context.shape, weights.shape
        (torch.Size([2, 4]), torch.Size([2, 7]))

    Source:
        Bahdanau, Cho & Bengio (2015), equations 5 and 6 and appendix A.1.2.

    Differs:
        The paper leaves all biases out of its equations, "whenever possible";
        here $b$ is written. What is masked has a weight of exactly 0; the paper
        does not speak of masks.
    """

    def __init__(
        self,
        query_size: int,
        key_size: int,
        attention_size: int,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        checks.positive(
            "AdditiveAttention",
            query_size=query_size,
            key_size=key_size,
            attention_size=attention_size,
        )
        self.query_size = query_size
        self.key_size = key_size
        place = {"device": device, "dtype": dtype}
        self.query = Linear(query_size, attention_size, False, **place)
        self.key = Linear(key_size, attention_size, **place)
        self.score = Linear(attention_size, 1, False, **place)

    # --8<-- [start:attention]
    def map_keys(
        self, keys: Float[Tensor, "batch source key"]
    ) -> Float[Tensor, "batch source attention"]:
        """Return what the scores need of the keys, for all queries.

        Args:
            keys: The vectors $h_j$.

        Returns:
            $U h_j + b$.
        """
        mapped: Tensor = self.key(keys)
        return mapped

    def forward(
        self,
        query: Float[Tensor, "batch query"],
        keys: Float[Tensor, "batch source key"],
        mask: Bool[Tensor, "batch source"] | None = None,
        *,
        mapped: Float[Tensor, "batch source attention"] | None = None,
    ) -> tuple[Float[Tensor, "batch key"], Float[Tensor, "batch source"]]:
        """Read the keys with one query for each row.

        Args:
            query: The vectors $s_{i-1}$.
            keys: The vectors $h_j$.
            mask: `True` where a key may be read; everywhere if `None`.
            mapped: What `map_keys` says of the keys, if it is known.

        Returns:
            The contexts $c_i$ and the weights: exactly 0 where the mask is
            `False`. A row that may read nothing has the context 0.

        Raises:
            ValueError: S14 if shapes do not fit, S02 if they live on different
                devices.
            TypeError: S01 if dtypes differ or the mask is not boolean, A02 if
                something is no tensor.
        """
        self._check(query, keys, mask)
        Uh = self.map_keys(keys) if mapped is None else mapped
        Ws = self.query(query)[:, None]
        e = self.score(tanh(Ws + Uh))[..., 0]  # (1)
        if mask is None:
            alpha = softmax(e, -1)  # (2)
        else:
            e = e.masked_fill(~mask, torch.finfo(e.dtype).min)
            alpha = softmax(e, -1) * mask  # (2)
        c = (alpha[:, None] @ keys)[:, 0]  # (3)
        return c, alpha

    # --8<-- [end:attention]

    def _check(self, query: Tensor, keys: Tensor, mask: Tensor | None) -> None:
        where = type(self).__name__
        weight = self.score.weight
        checks.same_kind(where, query=query, keys=keys, weight=weight)
        checks.matrix(where, "query", query)
        checks.last_axis(where, "query", query, self.query_size, "query_size")
        checks.last_axis(where, "keys", keys, self.key_size, "key_size")
        batch, places = len(query), keys.shape[-2]
        checks.shape(where, "keys", keys, batch, places, self.key_size)
        if mask is not None:
            checks.tensor(where, "mask", mask)
            checks.same_device(where, mask=mask, keys=keys)
            checks.shape(where, "mask", mask, batch, places)
            if mask.dtype != torch.bool:
                raise PfsTypeError(
                    "S01",
                    where=f"{where}, mask",
                    expected="yes and no, a boolean mask",
                    got=str(mask.dtype),
                    todo="convert it: mask.bool(), if it says yes and no",
                )
