r"""Give every channel of a batch mean 0 and variance 1."""

from typing import Any, ClassVar

import torch
from torch import nn
from torch.autograd import Function

from pfs import kernels
from pfs.backend import fused
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.nn.derivative import taken_once
from pfs.nn.precision import wide
from pfs.shapes import Float, Tensor


class _BatchNorm(Function):
    r"""Normalise every channel over the batch and the places, scale and shift.

    As in `layer_norm`, but the mean and the variance belong to a channel: with
    $\hat x$ the normalised numbers, $s = 1/\sqrt{v + \epsilon}$ and means over
    the batch and the places,
    $dx = g\,s\,(dy - \overline{dy} - \hat x\,\overline{dy \odot \hat x})$.
    """

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        mean: Tensor,
        scale: Tensor,
        weight: Tensor | None,
        bias: Tensor | None,
    ) -> Tensor:
        normal = (x - mean).mul_(scale)
        ctx.save_for_backward(normal, scale, weight)
        if weight is None:
            return normal if bias is None else normal + bias
        if bias is None:
            return normal * weight
        return torch.addcmul(bias, normal, weight)

    @staticmethod
    @taken_once
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor | None, ...]:
        normal, scale, weight = ctx.saved_tensors
        _, _, _, scaled, shifted = ctx.needs_input_grad
        axes = (0, 2)
        product = dy * normal
        d_weight = product.sum(axes, keepdim=True)
        d_bias = dy.sum(axes, keepdim=True)
        count = dy.numel() // dy.shape[1]
        dx = dy - d_bias / count
        dx.addcmul_(normal, d_weight / count, value=-1)
        dx.mul_(scale if weight is None else scale * weight)
        return (
            dx,
            None,
            None,
            d_weight if scaled else None,
            d_bias if shifted else None,
        )


def batch_norm(
    input: Float[Tensor, "batch channel *place"],
    running_mean: Float[Tensor, " channel"] | None,
    running_var: Float[Tensor, " channel"] | None,
    weight: Float[Tensor, " channel"] | None = None,
    bias: Float[Tensor, " channel"] | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Float[Tensor, "batch channel *place"]:
    r"""Normalise every channel by the mean and the variance of the batch.

    $$ y = g\,\frac{x - \bar x}{\sqrt{v + \epsilon}} + b, \qquad
    v = \overline{(x - \bar x)^2} \tag{1} $$

    where the means go over the batch and all places. In training the running
    values $r$ take a share $m$ of what this batch gives,

    $$ r \leftarrow (1 - m)\,r + m\,\hat r \tag{2} $$

    with the mean itself and with the variance divided by $n - 1$ for $n$
    numbers a channel. Evaluation normalises by the running values.

    Args:
        input: A batch $x$ of vectors or of images.
        running_mean: The running mean, changed in training, or `None`.
        running_var: The running variance, changed in training, or `None`.
        weight: The gain $g$ of every channel, or `None` for 1.
        bias: The shift $b$ of every channel, or `None` for 0.
        training: Whether the values of the batch are used.
        momentum: $m$, the share of the new batch.
        eps: $\epsilon$, added to the variance inside the root.

    Returns:
        $y$; its gradient, derived by hand, can be taken once.

    Raises:
        ValueError: S14 if `input` has no channels, a tensor is not of one
            number a channel or training sees a single number a channel, A03
            if evaluation has no running values, S02 if the tensors live on
            different devices.
        TypeError: S01 if their dtypes differ, A02 if one is not a tensor.

    Examples:
        >>> batch_norm(torch.tensor([[1.0], [3.0]]), None, None, training=True)
        tensor([[-1.0000],
                [ 1.0000]])

    Source:
        Ioffe & Szegedy (2015), algorithm 1 and 2.

    Differs:
        The paper takes plain averages over batches for evaluation; torch keeps
        a running one, and so do we.
    """
    where = "batch_norm"
    kind_of = {"input": input, "weight": weight, "bias": bias}
    checks.same_kind(where, **kind_of)
    _fitting(input, training)
    for name, t in (
        ("running_mean", running_mean),
        ("running_var", running_var),
        ("weight", weight),
        ("bias", bias),
    ):
        checks.shape(where, name, t, input.shape[1])
    known = running_mean is not None and running_var is not None
    if not training and not known:
        raise PfsValueError(
            "A03",
            where=f"{where}, training and running_mean",
            expected="running values, which evaluation normalises by",
            got="training=False without them",
            todo="pass training=True, or both running_mean and running_var",
        )
    x, kind = wide(input)
    if fused():
        return kernels.batch_norm(
            x,
            (running_mean, running_var),
            weight,
            bias,
            training,
            momentum,
            eps,
        ).to(kind)
    rows = x.reshape(*x.shape[:2], -1)
    column = (1, -1, 1)
    g, b = (
        None if t is None else wide(t)[0].view(column) for t in (weight, bias)
    )
    if not training:
        mean = wide(running_mean)[0].view(column)
        var = wide(running_var)[0].view(column)
        scale = torch.rsqrt(var + eps)
        scale = scale if g is None else scale * g
        y = (rows - mean) * scale
        y = y if b is None else y + b
        return y.reshape(input.shape).to(kind)
    with torch.no_grad():
        var, mean = torch.var_mean(rows, (0, 2), correction=0, keepdim=True)
        count = rows.numel() // rows.shape[1]
        if running_mean is not None:
            running_mean.lerp_(mean.flatten().to(running_mean), momentum)
        if running_var is not None:
            unbiased = var.flatten() * (count / (count - 1))
            running_var.lerp_(unbiased.to(running_var), momentum)  # (2)
        scale = torch.rsqrt(var + eps)
    y = _BatchNorm.apply(rows, mean, scale, g, b)  # (1)
    return y.reshape(input.shape).to(kind)


def _fitting(input: Tensor, training: bool) -> None:
    """Refuse what has no channels, or nothing to take a variance of."""
    if input.ndim < 2:
        raise PfsValueError(
            "S14",
            where="batch_norm, input",
            expected="a batch and channels: (batch channel ...)",
            got=f"shape {tuple(input.shape)}",
            todo="give it a batch axis: input.unsqueeze(0)",
        )
    count = input[:, :1].numel()
    if training and count == 1:
        raise PfsValueError(
            "S14",
            where="batch_norm, input",
            expected="more than 1 number a channel, to take a variance of",
            got=f"1 number in each of {input.shape[1]} channels, "
            f"shape {tuple(input.shape)}",
            todo="train with a larger batch (drop_last leaves out a last "
            "batch of 1), or call model.eval()",
        )


class _Norm(nn.Module):
    """What the two layers share."""

    axes: ClassVar[tuple[int, ...]]
    words: ClassVar[str]

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
        for name in ("running_mean", "running_var"):
            value = torch.empty(num_features, **kind)
            self.register_buffer(name, value if track_running_stats else None)
        batches = torch.tensor(0, dtype=torch.long, device=device)
        batches = batches if track_running_stats else None
        self.register_buffer("num_batches_tracked", batches)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Set the running mean to 0, the variance to 1, the count to 0."""
        if self.track_running_stats:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Set the gain to 1, the shift to 0, and the running values."""
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
        if input.ndim not in self.axes:
            raise PfsValueError(
                "S14",
                where=f"{type(self).__name__}, input",
                expected=self.words,
                got=f"shape {tuple(input.shape)}",
                todo="BatchNorm1d reads vectors, BatchNorm2d images",
            )
        momentum = 0.0 if self.momentum is None else self.momentum
        tracked = self.running_mean is not None
        if self.training and tracked:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:
                momentum = 1 / float(self.num_batches_tracked)
        return batch_norm(
            input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not tracked,
            momentum,
            self.eps,
        )


class BatchNorm1d(_Norm):
    """`batch_norm` of vectors, with its parameters and running values.

    Examples:
        >>> BatchNorm1d(3)(torch.zeros(2, 3)).shape
        torch.Size([2, 3])

    Source:
        The twin of `torch.nn.BatchNorm1d`.

    Differs:
        nothing
    """

    axes = (2, 3)
    words = "(batch feature) or (batch feature time)"


class BatchNorm2d(_Norm):
    """`batch_norm` of images, with its parameters and running values.

    Examples:
        >>> BatchNorm2d(3)(torch.zeros(2, 3, 4, 4)).shape
        torch.Size([2, 3, 4, 4])

    Source:
        The twin of `torch.nn.BatchNorm2d`.

    Differs:
        nothing
    """

    axes = (4,)
    words = "(batch channel height width)"
