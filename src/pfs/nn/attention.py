r"""Attention: every query reads the values of the keys that fit it."""

import math
from contextlib import AbstractContextManager, nullcontext

import torch

from pfs import kernels
from pfs.backend import fused
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.nn.dropout import dropout
from pfs.nn.masks import Masks, check_mask, check_mask_shape, joined, owned
from pfs.nn.online import online_attention
from pfs.nn.precision import is_mixed, wide
from pfs.nn.scores import Plan, scores
from pfs.nn.softmax import softmax
from pfs.shapes import Float, Shaped, Tensor


def scaled_dot_product_attention(
    query: Float[Tensor, "*batch query d_k"],
    key: Float[Tensor, "*batch key d_k"],
    value: Float[Tensor, "*batch key d_v"],
    attn_mask: Shaped[Tensor, "..."] | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    scale: float | None = None,
) -> Float[Tensor, "*batch query d_v"]:
    r"""Mix the values, by how well their keys fit each query.

    $$ O = p\,V, \qquad p = \mathrm{softmax}\!\left(
    \frac{Q K^\top}{\sqrt{d_k}} + \mathrm{mask}\right) \tag{1} $$

    The table $p$ has a row a query and a column a key. It is never held as a
    whole: `pfs.nn.online` computes it tile by tile, so the memory grows with
    the length, not with its square. The gradient is derived there by hand and
    can be taken once. Inside `torch.compile` the table is written out.

    Args:
        query: The rows of $Q$.
        key: The rows of $K$.
        value: The rows of $V$, one for each key.
        attn_mask: Boolean, `True` where a query may see a key; or numbers that
            are added to the scores. It has two axes (query, key), or all axes
            of the scores, of which some may have the size 1.
        dropout_p: The share of the weights $p$ that is dropped; also when
            evaluating, so pass 0 then.
        is_causal: Whether query $i$ sees the keys up to $i$ only.
        scale: The factor, $1/\sqrt{d_k}$ if `None`.

    Returns:
        $O$; a row of 0 for a query that may see no key.

    Raises:
        ValueError: S14 if the shapes do not fit, S02 if they live on different
            devices, A01 if `dropout_p` is not a probability.
        TypeError: S01 if the dtypes differ or the mask is neither boolean nor
            of that dtype, A02 if an argument is of another kind.

    Examples:
        >>> x = torch.eye(2)
        >>> scaled_dot_product_attention(x, x, x, is_causal=True)
        tensor([[1.0000, 0.0000],
                [0.3302, 0.6698]])

    Source:
        Vaswani et al. (2017), equation 1.

    Differs:
        torch refuses `attn_mask` together with `is_causal`; here both hold. It
        lets key and value broadcast, and a mask of any number of axes, which
        may fit by luck; here the shapes are exact. Its `enable_gqa` is not
        here: repeat the keys and values.
    """
    where = "scaled_dot_product_attention"
    checks.same_kind(where, query=query, key=key, value=value)
    _check_shapes(where, query, key, value)
    checks.probability(where, "dropout_p", dropout_p)
    masks: Masks = ()
    if attn_mask is not None:
        check_mask(where, "attn_mask", attn_mask, query)
        check_mask_shape(where, attn_mask, query, key)
        masks = (attn_mask,)
    if scale is None:
        scale = 1 / math.sqrt(max(query.shape[-1], 1))
    plan = Plan(scale, 0 if is_causal else None, dropout_p)
    return attend(query, key, value, masks, plan)  # (1)


def attend(
    query: Float[Tensor, "*batch query d_k"],
    key: Float[Tensor, "*batch key d_k"],
    value: Float[Tensor, "*batch key d_v"],
    masks: Masks,
    plan: Plan,
) -> Float[Tensor, "*batch query d_v"]:
    """Compute attention in the way that the backend and the device ask for.

    Args:
        query: The queries.
        key: The keys.
        value: The values.
        masks: Masks that all hold, each with two axes or with all axes.
        plan: The factor, the order of time, the dropout.

    Returns:
        The values, mixed for each query.

    Examples:
        >>> x = torch.eye(2)
        >>> attend(x, x, x, (), Plan(0.0))
        tensor([[0.5000, 0.5000],
                [0.5000, 0.5000]])

    Source:
        `scaled_dot_product_attention`, without its checks.

    Differs:
        nothing
    """
    kind: torch.dtype = query.dtype
    as_given: AbstractContextManager[torch.autocast | None] = nullcontext()
    if is_mixed(query):
        kind = torch.get_autocast_dtype(query.device.type)
        as_given = torch.autocast(query.device.type, enabled=False)
    query, key, value = (x.to(kind) for x in (query, key, value))
    if fused():
        return _by_kernel(query, key, value, masks, plan)
    if torch.compiler.is_compiling():
        p = dropout(weights(query, key, masks, plan), plan.p)
        return (p @ wide(value)[0]).to(kind)
    with as_given:
        masks, owners = owned(masks, query)
        plan = plan._replace(owners=owners, seed=_seed(plan, query))
        q, k, v = (_flat(x) for x in (query, key, value))
        out = online_attention(q, k, v, masks, plan)
    out = out.view(*query.shape[:-1], value.shape[-1])
    return out.to(kind)


def weights(
    query: Float[Tensor, "*batch query d_k"],
    key: Float[Tensor, "*batch key d_k"],
    masks: Masks,
    plan: Plan,
) -> Float[Tensor, "*batch query key"]:
    """Write out the whole table of weights, before the dropout.

    Args:
        query: The queries.
        key: The keys.
        masks: Masks that all hold, each with two axes or with all axes.
        plan: The factor and the order of time.

    Returns:
        A row a query: probabilities, or 0 if it may see no key. In float32 at
        least.

    Examples:
        >>> x = torch.eye(2)
        >>> weights(x, x, (), Plan(0.0, offset=0))
        tensor([[1.0000, 0.0000],
                [0.5000, 0.5000]])

    Source:
        Vaswani et al. (2017), equation 1, the softmax.

    Differs:
        nothing
    """
    flat, owners = owned(masks, query)
    s = scores(_flat(query), _flat(key), plan._replace(owners=owners), flat)
    s = s.view(*query.shape[:-1], key.shape[-2])
    if plan.offset is None and len(masks) == 0:
        return softmax(s)
    unseen = (s == -torch.inf).all(-1, keepdim=True)
    return softmax(s.masked_fill(unseen, 0)).masked_fill(unseen, 0)


def _by_kernel(
    q: Tensor, k: Tensor, v: Tensor, masks: Masks, plan: Plan
) -> Tensor:
    """Put everything that is hidden into the one mask that torch takes."""
    causal = plan.offset == 0 and len(masks) == 0
    if plan.offset is not None and not causal:
        shape = (q.shape[-2], k.shape[-2])
        past = torch.ones(shape, dtype=torch.bool, device=q.device)
        masks = (*masks, past.tril_(plan.offset))
    mask = joined(masks, q)
    return kernels.scaled_dot_product_attention(
        q, k, v, mask, plan.p, causal, plan.scale
    )


def _flat(x: Tensor) -> Tensor:
    """Make one axis of all that come before the last two."""
    return wide(x.reshape(math.prod(x.shape[:-2]), *x.shape[-2:]))[0]


def _seed(plan: Plan, query: Tensor) -> int:
    if plan.p == 0 or query.is_meta:
        return 0
    return int(torch.randint(2**62, ()))


def _check_shapes(where: str, q: Tensor, k: Tensor, v: Tensor) -> None:
    for name, x in (("query", q), ("key", k), ("value", v)):
        if x.ndim < 2:
            raise PfsValueError(
                "S14",
                where=f"{where}, {name}",
                expected="at least two axes: positions, features",
                got=f"shape {tuple(x.shape)}",
                todo="for one vector add an axis: x[None]",
            )
    checks.shape(where, "key", k, *q.shape[:-2], k.shape[-2], q.shape[-1])
    checks.shape(where, "value", v, *q.shape[:-2], k.shape[-2], v.shape[-1])
