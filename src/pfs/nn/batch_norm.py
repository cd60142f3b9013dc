r"""Give every channel of a batch mean 0 and variance 1."""

from typing import Any

import torch
from torch.autograd import Function

from pfs import kernels
from pfs.backend import fused
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.nn.derivative import taken_once
from pfs.nn.precision import wide
from pfs.shapes import Float, Tensor

AXES = (0, 2)  # batch and place, of (batch channel place)
COLUMN = (1, -1, 1)


class _BatchNorm(Function):
    r"""Normalize every channel over the batch and its places.

    As in `layer_norm`, but mean and variance belong to a channel. With $\hat x$
    the normalized numbers, $s = 1/\sqrt{v + \epsilon}$ and all means over the
    batch and the places,
    $dx = g\,s\,(dy - \overline{dy} - \hat x\,\overline{dy \odot \hat x})$.
    """

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        weight: Tensor | None,
        bias: Tensor | None,
        eps: float,
    ) -> tuple[Tensor, Tensor, Tensor]:
        mean = x.mean(AXES, keepdim=True)
        normal = x - mean
        var = normal.square().mean(AXES, keepdim=True)
        scale = torch.rsqrt(var + eps)
        normal.mul_(scale)
        ctx.save_for_backward(normal, scale, weight)
        mean, var = mean.flatten(), var.flatten()
        ctx.mark_non_differentiable(mean, var)
        y = normal.clone() if weight is None else normal * weight
        return y if bias is None else y.add_(bias), mean, var

    @staticmethod
    @taken_once
    def backward(ctx: Any, dy: Tensor, *_: Any) -> tuple[Tensor | None, ...]:
        normal, scale, weight = ctx.saved_tensors
        _, scaled, shifted, _ = ctx.needs_input_grad
        count = len(dy) * dy.shape[2]
        product = dy * normal
        d_weight = product.sum(AXES, keepdim=True)
        d_bias = dy.sum(AXES, keepdim=True)
        dx = torch.mul(normal, d_weight / -count, out=product)
        dx.add_(dy).sub_(d_bias / count)
        dx.mul_(scale if weight is None else scale * weight)
        return (
            dx,
            d_weight if scaled else None,
            d_bias if shifted else None,
            None,
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
    r"""Normalize every channel by the mean and the variance of the batch.

    $$ y = g\,\frac{x - \bar x}{\sqrt{v + \epsilon}} + b, \qquad
    v = \overline{(x - \bar x)^2} \tag{1} $$

    The means go over the batch and all places. In training the running mean
    and variance $r$ take over a share $m$ of those of the batch,

    $$ r \leftarrow (1 - m)\,r + m\,\hat r \tag{2} $$

    where the variance in $\hat r$ is divided by $n - 1$ for $n$ numbers a
    channel. Evaluation puts the running values into (1).

    Args:
        input: A batch $x$ of vectors, sequences or images.
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
        ValueError: S14 if `input` has no channels, another tensor is not of
            one number a channel or training sees a single number a channel,
            A03 if one running value or in evaluation both are missing, S02 if
            the tensors live on different devices.
        TypeError: S01 if their dtypes differ, A02 if one is not a tensor.

    Examples:
        >>> batch_norm(torch.tensor([[1.0], [3.0]]), None, None, training=True)
        tensor([[-1.0000],
                [ 1.0000]])

    Source:
        Ioffe & Szegedy (2015), algorithms 1 and 2.

    Differs:
        For evaluation the paper averages over several batches (algorithm 2);
        torch keeps a running average, and so do we.
    """
    checks.same_kind("batch_norm", input=input, weight=weight, bias=bias)
    if input.ndim < 2:
        raise PfsValueError(
            "S14",
            where="batch_norm, input",
            expected="a batch and channels: (batch channel ...)",
            got=f"shape {tuple(input.shape)}",
            todo="give it a batch axis: input.unsqueeze(0)",
        )
    running = _known(input, running_mean, running_var, training)
    checks.shape("batch_norm", "weight", weight, input.shape[1])
    checks.shape("batch_norm", "bias", bias, input.shape[1])
    x, kind = wide(input)
    g, b = (None if t is None else wide(t)[0] for t in (weight, bias))
    if fused():
        share = (training, momentum, eps)
        return kernels.batch_norm(x, running, g, b, *share).to(kind)
    g, b = (None if t is None else t.view(COLUMN) for t in (g, b))
    rows = x.reshape(*x.shape[:2], x.shape[2:].numel())
    if training:
        y, mean, var = _BatchNorm.apply(rows, g, b, eps)  # (1)
        _update(running, mean, var, momentum, len(rows) * rows.shape[2])  # (2)
    else:
        mean, var = (wide(r)[0].view(COLUMN) for r in running)
        scale = torch.rsqrt(var + eps)
        y = (rows - mean) * (scale if g is None else scale * g)
        y = y if b is None else y + b
    result: Tensor = y.reshape(input.shape).to(kind)
    return result


def _update(
    running: tuple[Tensor | None, ...],
    mean: Tensor,
    var: Tensor,
    share: float,
    count: int,
) -> None:
    """Move the running values towards those of the batch, in place."""
    if not count:  # an empty batch says nothing
        return
    unbiased = var * (count / (count - 1))
    for old, new in zip(running, (mean, unbiased), strict=True):
        if old is not None:
            old.mul_(1 - share).add_(new.to(old), alpha=share)


def _known(
    input: Tensor, mean: Tensor | None, var: Tensor | None, training: bool
) -> Any:
    """Return the running values, if they and the batch can be used."""
    checks.shape("batch_norm", "running_mean", mean, input.shape[1])
    checks.shape("batch_norm", "running_var", var, input.shape[1])
    if (mean is None) != (var is None) or (not training and mean is None):
        raise PfsValueError(
            "A03",
            where="batch_norm, training and the running values",
            expected="running_mean and running_var, or in training neither",
            got=f"training={training}, running_mean "
            f"{'missing' if mean is None else 'given'}, running_var "
            f"{'missing' if var is None else 'given'}",
            todo="pass both; evaluation normalizes by them",
        )
    if training and len(input) * input.shape[2:].numel() == 1:
        raise PfsValueError(
            "S14",
            where="batch_norm, input",
            expected="more than 1 number a channel: 1 has no variance",
            got=f"shape {tuple(input.shape)}: 1 number in each of "
            f"{input.shape[1]} channels",
            todo="train with a larger batch (drop_last leaves out a last "
            "batch of 1), or call model.eval()",
        )
    return mean, var
