r"""Attention without the table of all weights: softmax, tile by tile."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.autograd import Function

from pfs.nn.derivative import taken_once
from pfs.nn.scores import Plan, Tile, places, product, scores
from pfs.shapes import Float, Shaped, Tensor

ON_CPU = (128, 512, 2**18)
"""Queries and keys of a tile, and its scores in all heads: 1 MiB of them."""
ON_GPU = (1024, 2048, 2**26)
"""Larger: there every single call costs more, and memory less."""


def _blocks(size: int, step: int) -> Iterator[slice]:
    return (slice(a, min(a + step, size)) for a in range(0, size, max(step, 1)))


def _sizes(q: Tensor, k: Tensor) -> tuple[int, int, int]:
    """Choose the sizes of a tile so that its scores stay in the cache."""
    rows, columns, most = ON_CPU if q.device.type == "cpu" else ON_GPU
    rows, columns = min(rows, q.shape[1]), min(columns, k.shape[1])
    many = most // max(rows * columns, 1)
    return max(1, min(many, len(q))), rows, columns


def _tiles(
    q: Tensor, k: Tensor, plan: Plan
) -> Iterator[tuple[slice, slice, Iterator[slice]]]:
    """Cut the table; a query's later keys are not looked at."""
    many, rows, columns = _sizes(q, k)
    for n in _blocks(len(q), many):
        for r in _blocks(q.shape[1], rows):
            seen = k.shape[1]
            if plan.offset is not None:
                seen = min(seen, r.stop + plan.offset)
            yield n, r, _blocks(seen, columns)


def _rooms(count: int, q: Tensor, k: Tensor) -> list[Tensor]:
    """Take memory for the scores of one tile, to be written again and again."""
    size = math.prod(_sizes(q, k))
    return [q.new_empty(size) for _ in range(count)]


def _dropping(
    plan: Plan, device: torch.device
) -> Callable[[torch.Size], Tensor] | None:
    """Return who draws what is kept, enlarged; the same in every walk."""
    if plan.p == 0 or device.type == "meta":
        return None
    generator = torch.Generator(device).manual_seed(plan.seed)
    enlarged = 1 / (1 - plan.p) if plan.p < 1 else 0.0

    def _kept(shape: torch.Size) -> Tensor:
        draws = torch.rand(shape, generator=generator, device=device)
        return (draws >= plan.p) * enlarged

    return _kept


def online_attention(
    q: Float[Tensor, "batch query d_k"],
    k: Float[Tensor, "batch key d_k"],
    v: Float[Tensor, "batch key d_v"],
    masks: tuple[Shaped[Tensor, "_ _ _"], ...],
    plan: Plan,
) -> Float[Tensor, "batch query d_v"]:
    """Attend without ever holding the whole table of weights.

    Args:
        q: The queries.
        k: The keys.
        v: The values.
        masks: Masks with three axes; `plan.owners` says whose they are.
        plan: The factor, the order of time, the dropout.

    Returns:
        The mixed values; the gradient, derived by hand, can be taken once.

    Examples:
        >>> one = torch.ones(1, 2, 4)
        >>> online_attention(one, one, one, (), Plan(0.5))
        tensor([[[1., 1., 1., 1.],
                 [1., 1., 1., 1.]]])

    Source:
        Milakov & Gimelshein (2018), algorithm 3; Dao et al. (2022),
        algorithms 1 and 4.

    Differs:
        The tiles are large enough for one processor's cache, and many heads
        share one if they are short.
    """
    out: Tensor = _OnlineAttention.apply(q, k, v, plan, *masks)
    return out


class _OnlineAttention(Function):
    r"""Attention whose memory grows with the length, not with its square.

    **Forward.** A query's softmax needs the largest score $m$ and the sum
    $l = \sum_j e^{s_j - m}$ of all its keys. Of a first block of keys they are
    known at once; a second block raises the maximum from $m$ to $m'$ and
    everything that was summed shrinks by $e^{m - m'}$:
    $$
    \begin{align}
    l &\leftarrow e^{m - m'}\, l + \sum_j e^{s_j - m'} \tag{1} \\
    o &\leftarrow e^{m - m'}\, o + \sum_j e^{s_j - m'} v_j \tag{2}
    \end{align}
    $$
    After the last block the output is $o / l$. A query that sees no key has
    $l = 0$ and gets 0; every other one has $l \ge 1$, the maximum's own part.

    **Backward.** Kept are the output and $L = m + \log l$, two rows a query:
    they give the weights of any tile again,
    $$ p_{ij} = e^{s_{ij} - L_i}. \tag{3} $$
    From $o_i = \sum_j p_{ij} v_j$ the slopes are $dv_j = \sum_i p_{ij}\,do_i$
    and $dp_{ij} = do_i \cdot v_j$. The softmax asks for
    $ds_{ij} = p_{ij} (dp_{ij} - \delta_i)$ with
    $\delta_i = \sum_j p_{ij}\,dp_{ij}$, a sum over all keys. It is known
    before the first of them:
    $$ \delta_i = \sum_j p_{ij}\,(do_i \cdot v_j) = do_i \cdot o_i. \tag{4} $$
    Since $s_{ij}$ is linear in $q_i$, in $k_j$ and in the mask,
    $dq_i = \tfrac{1}{\sqrt{d_k}} \sum_j ds_{ij} k_j$,
    $dk_j = \tfrac{1}{\sqrt{d_k}} \sum_i ds_{ij} q_i$, and $ds$ itself is the
    slope of the mask. Dropout multiplies $p$ in (2) and $dp$ by the same draws;
    (4) holds as it stands.
    """

    # --8<-- [start:forward]
    @staticmethod
    def forward(
        ctx: Any, q: Tensor, k: Tensor, v: Tensor, plan: Plan, *masks: Tensor
    ) -> Tensor:
        out = v.new_zeros(*q.shape[:2], v.shape[2])
        norm = q.new_empty(*q.shape[:2], 1)
        drop, lowest = _dropping(plan, q.device), torch.finfo(q.dtype).min
        (room,) = _rooms(1, q, k)
        for n, r, columns in _tiles(q, k, plan):
            o, m = out[n, r], norm[n, r]
            total = torch.zeros_like(m)
            for c in columns:
                s = scores(q, k, plan, masks, (n, r, c), room)
                higher = s.amax(-1, keepdim=True).clamp_(min=lowest)
                if c.start:
                    higher = torch.maximum(m, higher)
                    shrink = m.sub_(higher).exp2_()
                    total.mul_(shrink)
                    o.mul_(shrink)
                s.sub_(higher).exp2_()
                total.add_(s.sum(-1, keepdim=True))  # (1)
                if drop:
                    s.mul_(drop(s.shape))
                o.baddbmm_(s, v[n, c], beta=c.start and 1)  # (2)
                m.copy_(higher)
            total.clamp_(min=1)
            o.div_(total)
            m.add_(total.log2_())
        ctx.save_for_backward(q, k, v, out, norm, *masks)
        ctx.plan = plan
        return out

    # --8<-- [end:forward]

    # --8<-- [start:backward]
    @staticmethod
    @taken_once
    def backward(ctx: Any, do: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v, out, norm, *rest = ctx.saved_tensors
        masks, plan, do = tuple(rest), ctx.plan, do.contiguous()
        drop = _dropping(plan, q.device)
        dq, dk, dv = (torch.zeros_like(x) for x in (q, k, v))
        d_masks = [
            torch.zeros_like(mask) if wanted else None
            for mask, wanted in zip(
                masks, ctx.needs_input_grad[4:], strict=True
            )
        ]
        delta = (do * out).sum(-1, keepdim=True)  # (4)
        room, second = _rooms(2, q, k)
        for n, r, columns in _tiles(q, k, plan):
            for c in columns:
                p = scores(q, k, plan, masks, (n, r, c), room)
                p.sub_(norm[n, r]).exp2_()  # (3)
                ds = product(do[n, r], v[n, c], second)
                if drop:
                    kept = drop(p.shape)
                    ds.mul_(kept)
                    dv[n, c].baddbmm_((p * kept).transpose(1, 2), do[n, r])
                else:
                    dv[n, c].baddbmm_(p.transpose(1, 2), do[n, r])
                ds.sub_(delta[n, r]).mul_(p)
                dq[n, r].baddbmm_(ds, k[n, c])
                dk[n, c].baddbmm_(ds.transpose(1, 2), q[n, r])
                for i, d_mask in enumerate(d_masks):
                    if d_mask is not None:
                        _collect(d_mask, ds, plan.owners[i], (n, r, c))
        dq.mul_(plan.scale)
        dk.mul_(plan.scale)
        return dq, dk, dv, None, *d_masks

    # --8<-- [end:backward]


def _collect(d_mask: Tensor, ds: Tensor, owner: Tensor, tile: Tile) -> None:
    """Add a tile's slopes to the entries of the mask that it read."""
    n, r, c = places(d_mask, tile)
    for axis in (1, 2):
        if d_mask.shape[axis] == 1:
            ds = ds.sum(axis, keepdim=True)
    d_mask[:, r, c].index_add_(0, owner[n], ds)
