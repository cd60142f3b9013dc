"""One batch over several processes, with its gradient."""

from typing import Any

import torch
import torch.distributed as dist
from torch.autograd import Function

from pfs.nn.derivative import taken_once
from pfs.shapes import Float, Tensor


class _Gather(Function):
    """Every process computes the same loss from all rows.

    The gradient of a row is the sum of what all processes send back to it.
    Each of them sends the same, and the average over the processes, taken
    afterwards, undoes it: what is left is the gradient of one loss.
    """

    @staticmethod
    def forward(ctx: Any, rows: Tensor) -> Tensor:
        ctx.rows = len(rows)
        parts = [torch.empty_like(rows) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, rows.contiguous())
        return torch.cat(parts)

    @staticmethod
    @taken_once
    def backward(ctx: Any, dy: Tensor) -> Tensor:
        dy = dy.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(dy)
        start = dist.get_rank() * ctx.rows
        return dy[start : start + ctx.rows]


def gather_with_gradient(
    rows: Float[Tensor, "rows embed"],
) -> Float[Tensor, "all embed"]:
    """Collect the rows of all processes and keep the way back to them.

    A loss of all rows then equals, with the gradients averaged over the
    processes, the loss of one process that has the whole batch.

    Args:
        rows: The rows of this process; every process has as many.

    Returns:
        All rows, by rank, the same in every process. Alone: `rows`.

    Examples:
        >>> gather_with_gradient(torch.tensor([[1.0]]))
        tensor([[1.]])

    Source:
        This project. The released code uses `DataParallel`, which brings the
        embeddings of all GPUs to one of them before the loss.

    Differs:
        nothing
    """
    alone = not (dist.is_available() and dist.is_initialized())
    if alone or dist.get_world_size() == 1:
        return rows
    gathered: Tensor = _Gather.apply(rows)
    return gathered
