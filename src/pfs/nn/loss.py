r"""How wrong a prediction is: cross entropy."""

from typing import Any

import torch
from torch import nn
from torch.autograd import Function

from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.nn.derivative import taken_once
from pfs.nn.softmax import log_softmax
from pfs.shapes import Float, Shaped, Tensor

REDUCTIONS = ("none", "mean", "sum")


class _CrossEntropy(Function):
    r"""Loss of every row against its class.

    The gradient of (1) by the logits is what is predicted minus what is
    wanted: $\partial \ell / \partial z = p - q$.
    """

    @staticmethod
    def forward(ctx: Any, z: Tensor, target: Tensor, smoothing: float) -> Any:
        below = z - z.amax(-1, keepdim=True)
        wanted = below.gather(-1, target[:, None])
        mean = below.mean(-1, keepdim=True) if smoothing else 0
        p = below.exp_()
        total = p.sum(-1, keepdim=True)
        loss = total.log() - (1 - smoothing) * wanted - smoothing * mean
        ctx.save_for_backward(p.div_(total), target)
        ctx.smoothing = smoothing
        return loss.squeeze(-1)

    @staticmethod
    @taken_once
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor, None, None]:
        p, target = ctx.saved_tensors
        dz = p * dy[:, None]
        if ctx.smoothing:
            dz.sub_(dy[:, None] * (ctx.smoothing / p.shape[-1]))
        hit = (-(1 - ctx.smoothing) * dy)[:, None]
        return dz.scatter_add_(-1, target[:, None], hit), None, None


def cross_entropy(
    input: Float[Tensor, "*logits"],
    target: Shaped[Tensor, "*target"],
    weight: Float[Tensor, " classes"] | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Float[Tensor, "*loss"]:
    r"""Return how surprised the prediction is by the truth.

    $$ \ell = -\sum_k q_k \log p_k, \qquad p = \mathrm{softmax}(z), \qquad
    q_k = (1-\epsilon)\,[k = t] + \frac{\epsilon}{K} \tag{1} $$

    The classes are the second axis of `input`, or its only one, as in torch.

    Args:
        input: Logits $z$.
        target: The true class $t$ of every place, or its probabilities $q$ in
            the shape of `input`.
        weight: A factor for every class.
        ignore_index: Places with this target count neither in the sum nor in
            the mean.
        reduction: `"mean"` over the places that count, `"sum"`, or `"none"`.
        label_smoothing: $\epsilon$, spread evenly over all $K$ classes.

    Returns:
        One number, or one for every place with `reduction="none"`. The mean
        over no place at all is nan, as in torch.

    Raises:
        ValueError: S14 if the shapes do not fit, A01 if `reduction` or
            `label_smoothing` is out of range.
        IndexError: S09 if a target is not a class; it names the place.
        TypeError: S01 if the targets are neither whole numbers nor
            probabilities.

    Example:
        >>> cross_entropy(torch.zeros(1, 28), torch.tensor([3])).exp()
        tensor(28.0000)

    Source:
        Label smoothing: Szegedy et al. (2016), section 7.

    Differs:
        nothing. The class-index form without `weight` carries its gradient,
        derived by hand; that gradient can be taken once.
    """
    checks.one_of("cross_entropy", "reduction", reduction, REDUCTIONS)
    checks.probability("cross_entropy", "label_smoothing", label_smoothing)
    checks.same_kind("cross_entropy", input=input, weight=weight)
    axis = 0 if input.ndim == 1 else 1
    classes = input.shape[axis]
    rows = input.movedim(axis, -1)
    places = rows.shape[:-1]
    if target.is_floating_point():
        return _soft(
            rows, target, weight, reduction, label_smoothing, input.shape, axis
        )
    if target.shape != places:
        raise _wrong_shape(tuple(places), target)
    flat = target.reshape(-1)
    counts = flat != ignore_index
    safe = torch.where(counts, flat, torch.zeros_like(flat))
    checks.indices("cross_entropy", "target", safe.view(target.shape), classes)
    logits: Float[Tensor, "rows classes"] = rows.reshape(-1, classes)
    share = counts.to(input.dtype)
    if weight is None:
        loss: Tensor = _CrossEntropy.apply(logits, safe.long(), label_smoothing)
        loss = torch.where(counts, loss, torch.zeros_like(loss))  # (1)
    else:
        loss = _weighted(logits, safe.long(), weight, label_smoothing)
        loss = torch.where(counts, loss, torch.zeros_like(loss))
        share = share * weight[safe.long()]
    if reduction == "none":
        return loss.reshape(places)
    return loss.sum() / share.sum() if reduction == "mean" else loss.sum()


def _weighted(z: Tensor, t: Tensor, weight: Tensor, smoothing: float) -> Tensor:
    log_p = log_softmax(z) * weight
    hit = log_p.gather(-1, t[:, None]).squeeze(-1)
    return -(1 - smoothing) * hit - smoothing * log_p.mean(-1)


def _soft(
    rows: Tensor,
    target: Tensor,
    weight: Tensor | None,
    reduction: str,
    smoothing: float,
    shape: torch.Size,
    axis: int,
) -> Tensor:
    if target.shape != shape:
        raise _wrong_shape(tuple(shape), target)
    q = target.movedim(axis, -1)
    q = (1 - smoothing) * q + smoothing / rows.shape[-1]
    log_p = log_softmax(rows)
    loss = -(q * (log_p if weight is None else log_p * weight)).sum(-1)
    if reduction == "none":
        return loss
    return loss.sum() / loss.numel() if reduction == "mean" else loss.sum()


def _wrong_shape(wanted: tuple[int, ...], target: Tensor) -> PfsValueError:
    return PfsValueError(
        "S14",
        where="cross_entropy, target",
        expected=f"shape {wanted}",
        got=f"shape {tuple(target.shape)}",
        todo="the classes are the second axis of input: "
        "for (batch, time, vocab) pass input.flatten(0, 1), target.flatten()",
    )


class CrossEntropyLoss(nn.Module):
    """`cross_entropy` as a layer.

    Args:
        weight: A factor for every class.
        ignore_index: Targets that do not count.
        reduction: `"mean"`, `"sum"` or `"none"`.
        label_smoothing: The share spread evenly over all classes.

    Raises:
        ValueError: A01 if `reduction` or `label_smoothing` is out of range.

    Example:
        >>> CrossEntropyLoss()(torch.zeros(1, 2), torch.tensor([0]))
        tensor(0.6931)

    Source:
        The twin of `torch.nn.CrossEntropyLoss`.

    Differs:
        torch's deprecated `size_average` and `reduce` are not here.
    """

    weight: Tensor | None

    def __init__(
        self,
        weight: Tensor | None = None,
        *,
        ignore_index: int = -100,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__()
        checks.one_of("CrossEntropyLoss", "reduction", reduction, REDUCTIONS)
        checks.probability(
            "CrossEntropyLoss", "label_smoothing", label_smoothing
        )
        self.register_buffer("weight", weight)
        self.ignore_index = ignore_index
        self.reduction = reduction
        self.label_smoothing = label_smoothing

    def forward(
        self,
        input: Float[Tensor, "*logits"],
        target: Shaped[Tensor, "*target"],
    ) -> Float[Tensor, "*loss"]:
        """Apply `cross_entropy`."""
        return cross_entropy(
            input,
            target,
            self.weight,
            self.ignore_index,
            self.reduction,
            self.label_smoothing,
        )
