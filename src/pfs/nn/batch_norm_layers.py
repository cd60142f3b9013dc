"""Batch normalization as layers, which keep running values."""

from typing import Any, ClassVar

import torch
from torch import nn

from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.nn.batch_norm import batch_norm
from pfs.shapes import Float, Tensor


class _Norm(nn.Module):
    """What the layers share."""

    numbers_of_axes: ClassVar[tuple[int, ...]]
    axes: ClassVar[str]
    weight: nn.Parameter | None
    bias: nn.Parameter | None
    running_mean: Tensor | None
    running_var: Tensor | None
    num_batches_tracked: Tensor | None

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        checks.positive(type(self).__name__, num_features=num_features)
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        kind = {"device": device, "dtype": dtype}
        for name, wanted in (("weight", affine), ("bias", affine and bias)):
            empty = torch.empty(num_features, **kind)
            parameter = nn.Parameter(empty) if wanted else None
            self.register_parameter(name, parameter)
        tracked = track_running_stats
        for name in ("running_mean", "running_var"):
            value = torch.empty(num_features, **kind)
            self.register_buffer(name, value if tracked else None)
        count = torch.tensor(0, dtype=torch.long, device=device)
        self.register_buffer("num_batches_tracked", count if tracked else None)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Set the running mean to 0, the variance to 1, the count to 0."""
        if self.running_mean is not None:
            self.running_mean.zero_()
        if self.running_var is not None:
            self.running_var.fill_(1)
        if self.num_batches_tracked is not None:
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Set the gain to 1 and the shift to 0, and the running values."""
        self.reset_running_stats()
        if self.weight is not None:
            nn.init.ones_(self.weight)
        if self.bias is not None:
            nn.init.zeros_(self.bias)

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
            f"affine={self.affine}, bias={self.bias is not None}, "
            f"track_running_stats={self.track_running_stats}"
        )

    def forward(
        self, input: Float[Tensor, "batch channel *place"]
    ) -> Float[Tensor, "batch channel *place"]:
        """Apply `batch_norm` and keep the running values."""
        name = type(self).__name__
        checks.tensor(name, "input", input)
        if input.ndim not in self.numbers_of_axes:
            raise PfsValueError(
                "S14",
                where=f"{name}, input",
                expected=self.axes,
                got=f"shape {tuple(input.shape)}",
                todo="BatchNorm1d reads vectors and sequences, BatchNorm2d "
                "images",
            )
        own = self.running_mean is None or self.running_var is None
        return batch_norm(
            input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or own,
            self._share() if self.training else 0.0,
            self.eps,
        )

    def _share(self) -> float:
        """Count a batch; return its share of the running values."""
        if self.num_batches_tracked is None:
            return 0.0
        self.num_batches_tracked.add_(1)
        if self.momentum is None:  # the mean of all batches so far
            return 1 / float(self.num_batches_tracked)
        return self.momentum


class BatchNorm1d(_Norm):
    """`batch_norm` of vectors or sequences, with its parameters.

    Its arguments are those of `BatchNorm2d`.

    Examples:
        >>> BatchNorm1d(3)(torch.zeros(2, 3)).shape
        torch.Size([2, 3])

    Source:
        The twin of `torch.nn.BatchNorm1d`.

    Differs:
        nothing
    """

    numbers_of_axes = (2, 3)
    axes = "(batch feature) or (batch feature time)"


class BatchNorm2d(_Norm):
    """`batch_norm` of images, with its parameters and running values.

    The arguments are `num_features`, the number of channels; `eps`, added to
    the variance inside the root; `momentum`, the share of a new batch in the
    running values, `None` for the mean of all batches; `affine`, whether there
    are a gain and a shift; `track_running_stats`, whether there are running
    values, without which evaluation uses those of the batch; `device`, `dtype`;
    and `bias`, whether there is a shift beside the gain.

    Examples:
        >>> BatchNorm2d(3)(torch.zeros(2, 3, 4, 4)).shape
        torch.Size([2, 3, 4, 4])

    Source:
        The twin of `torch.nn.BatchNorm2d`.

    Differs:
        nothing
    """

    numbers_of_axes = (4,)
    axes = "(batch channel height width)"
