"""Embeddings of all processes, and the way back for their gradient."""

from typing import Any

import torch
import torch.distributed as dist
from torch.autograd import Function

from pfs.nn.derivative import taken_once
from pfs.shapes import Float, Tensor


# --8<-- [start:gather]
class _Gather(Function):
    r"""Forward: everybody gets all rows. Backward: everybody gives back.

    Row $i$ of this process takes part in the losses $L_r$ of all processes, so
    its gradient is $\sum_r \partial L_r / \partial z_i$: the processes add up
    what each of them found for all rows, and each keeps its own.
    """

    @staticmethod
    def forward(ctx: Any, rows: Tensor) -> Tensor:
        ctx.count = len(rows)
        parts = [torch.empty_like(rows) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, rows.contiguous())
        return torch.cat(parts)

    @staticmethod
    @taken_once
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        total = gradient.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(total)
        start = dist.get_rank() * ctx.count
        return total[start : start + ctx.count]


def gather(
    rows: Float[Tensor, "batch embedding"],
) -> Float[Tensor, "all embedding"]:
    """Collect the rows of all processes, with their gradient.

    If every process computes the same loss of all rows, the gradients averaged
    over the processes are those of one process that has the whole batch.

    Args:
        rows: Those of this process; every process has as many.

    Returns:
        All rows, by rank, the same in every process. Alone: `rows`.

    Examples:
        >>> rows = torch.ones(2, 3)
        >>> gather(rows) is rows
        True

    Source:
        SimCLR's code, `tpu_cross_replica_concat`. InvaSpread's code uses
        `DataParallel`, which brings all embeddings to one GPU.

    Differs:
        SimCLR's authors scatter into zeros and sum over the replicas, which
        TPUs differentiate by themselves. `torch.distributed.all_gather` alone
        has no gradient: the rows of others would be constants, and so would
        be the own rows in the losses of others.
    """
    alone = not (dist.is_available() and dist.is_initialized())
    if alone or dist.get_world_size() == 1:
        return rows
    everything: Tensor = _Gather.apply(rows)
    return everything


# --8<-- [end:gather]
