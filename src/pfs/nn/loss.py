r"""How wrong a prediction is: cross entropy."""

from typing import Any

import torch
from torch import nn
from torch.autograd import Function

from pfs import kernels
from pfs.backend import fused
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.nn.derivative import taken_once
from pfs.nn.precision import wide
from pfs.nn.softmax import log_softmax
from pfs.shapes import Float, Int, Shaped, Tensor

REDUCTIONS = ("none", "mean", "sum")


class _CrossEntropy(Function):
    r"""Loss of every row against its class.

    $\ell = \log \sum_j e^{z_j} - \sum_k q_k z_k$, because the $q_k$ sum to 1.
    The slope of the first part is $p$, that of the second $q$:
    $\partial \ell / \partial z = p - q$, what is predicted minus what is
    wanted.
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
    *,
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
        ValueError: S14 if the shapes do not fit, S02 if the devices differ, A01
            if `reduction` or `label_smoothing` is out of range, A03 if
            `ignore_index` names a class and the target holds probabilities.
        IndexError: S09 if a target is not a class; it names the place.
        TypeError: S01 if the targets are neither whole numbers nor
            probabilities in the dtype of `input`, A02 if an argument is of
            another type.

    Examples:
        >>> cross_entropy(torch.zeros(1, 28), torch.tensor([3])).exp()
        tensor(28.0000)

    Source:
        Label smoothing: Szegedy et al. (2016), section 7.

    Differs:
        What follows `weight` is given by name: torch's deprecated
        `size_average` and `reduce`, which stand between, are not here. torch
        also takes probabilities in another dtype than the logits. The gradient
        is derived by hand and can be taken once.
    """
    checks.one_of("cross_entropy", "reduction", reduction, REDUCTIONS)
    checks.probability("cross_entropy", "label_smoothing", label_smoothing)
    checks.same_kind("cross_entropy", input=input, weight=weight)
    axis = 0 if input.ndim == 1 else 1
    _check(input, target, weight, ignore_index, axis)
    input, kind = wide(input)
    weight = None if weight is None else wide(weight)[0]
    rows = input.movedim(axis, -1)
    if target.is_floating_point():
        q = wide(target)[0].movedim(axis, -1)
        loss = _soft(rows, q, weight, label_smoothing)
        share = torch.ones_like(loss)
    else:
        flat: Int[Tensor, " rows"] = target.reshape(-1).long()
        logits: Float[Tensor, "rows classes"] = rows.reshape(
            len(flat), rows.shape[-1]
        )
        counts = flat != ignore_index
        safe = torch.where(counts, flat, torch.zeros_like(flat))
        share = counts.to(input.dtype)
        if weight is None and fused():
            loss = kernels.cross_entropy(logits, safe, label_smoothing)
        elif weight is None:
            loss = _CrossEntropy.apply(logits, safe, label_smoothing)  # (1)
        else:
            loss = _weighted(logits, safe, weight, label_smoothing)
            share = share * weight[safe]
        loss = torch.where(counts, loss, torch.zeros_like(loss))
        loss = loss.reshape(target.shape)
    if reduction != "none":
        loss = loss.sum() / share.sum() if reduction == "mean" else loss.sum()
    return loss.to(kind)


def _weighted(z: Tensor, t: Tensor, weight: Tensor, smoothing: float) -> Tensor:
    log_p = log_softmax(z) * weight
    hit = log_p.gather(-1, t[:, None]).squeeze(-1)
    return -(1 - smoothing) * hit - smoothing * log_p.mean(-1)


def _soft(
    z: Tensor, q: Tensor, weight: Tensor | None, smoothing: float
) -> Tensor:
    q = (1 - smoothing) * q + smoothing / z.shape[-1]
    log_p = log_softmax(z)
    return -(q * (log_p if weight is None else log_p * weight)).sum(-1)


def _check(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None,
    ignore_index: int,
    axis: int,
) -> None:
    where = "cross_entropy"
    checks.whole(where, "ignore_index", ignore_index)
    checks.tensor(where, "target", target)
    checks.same_device(where, input=input, target=target)
    if input.ndim == 0 or input.shape[axis] == 0:
        raise _wrong_shape("input", "an axis of classes, not empty", input)
    classes = input.shape[axis]
    checks.shape(where, "weight", weight, classes)
    probabilities = target.is_floating_point()
    places = input.shape[:axis] + input.shape[axis + 1 :]
    wanted = tuple(input.shape if probabilities else places)
    if target.shape != wanted:
        raise _wrong_shape("target", f"shape {wanted}", target)
    if not probabilities:
        left_out = target == ignore_index
        checks.indices(where, "target", target, classes, left_out)
        return
    checks.same_kind(where, input=input, target=target)
    if ignore_index >= 0:
        raise PfsValueError(
            "A03",
            where="cross_entropy, ignore_index",
            expected="classes as target, if some are to be ignored",
            got="probabilities as target",
            todo="take reduction='none' and leave the places out yourself",
        )


def _wrong_shape(name: str, expected: str, got: Tensor) -> PfsValueError:
    return PfsValueError(
        "S14",
        where=f"cross_entropy, {name}",
        expected=expected,
        got=f"shape {tuple(got.shape)}",
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

    Examples:
        >>> CrossEntropyLoss()(torch.zeros(1, 2), torch.tensor([0]))
        tensor(0.6931)

    Source:
        The twin of `torch.nn.CrossEntropyLoss`.

    Differs:
        torch's deprecated `size_average` and `reduce` are not here; what
        follows `weight` is given by name.
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
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )
