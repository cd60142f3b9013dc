r"""Adam: a step for every parameter, as long as its gradients agree.

Kingma & Ba (2015); Loshchilov & Hutter (2019) for AdamW.
"""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch.optim import Optimizer

from pfs.errors import PfsValueError
from pfs.shapes import Tensor

Group = dict[str, Any]
"""A group of parameters with the settings of its own."""


class Adam(Optimizer):
    r"""Divide a mean of the gradients by the root of a mean of their squares.

    $$
    \begin{align}
    g &\leftarrow g + \lambda\, \theta \tag{1} \\
    m &\leftarrow \beta_1 m + (1 - \beta_1)\, g \tag{2} \\
    v &\leftarrow \beta_2 v + (1 - \beta_2)\, g \odot g \tag{3} \\
    \theta &\leftarrow \theta - \eta\, \frac{m / (1 - \beta_1^t)}
    {\sqrt{v / (1 - \beta_2^t)} + \epsilon} \tag{4}
    \end{align}
    $$

    Args:
        params: The parameters $\theta$, or groups of them.
        lr: The step size $\eta$, at least 0.
        betas: How much of the old means $m$ and $v$ stays, each in [0, 1).
        eps: What keeps the denominator above 0, at least 0.
        weight_decay: The factor $\lambda$ of the L2 term, at least 0.
        bias_correction: Whether the means are divided by $1 - \beta^t$, which
            makes up for their start at 0.

    Raises:
        ValueError: A01 if a number is out of its range.

    Examples:
        >>> theta = torch.nn.Parameter(torch.tensor([3.0, -5.0]))
        >>> theta.square().sum().backward()
        >>> Adam([theta], lr=0.5).step()
        >>> theta.tolist()
        [2.5, -4.5]

    Source:
        Kingma & Ba (2015), algorithm 1; the twin of `torch.optim.Adam`.

    Differs:
        torch's `amsgrad`, `maximize` and its choices of an implementation are
        not here; `bias_correction` is ours. $\epsilon$ stands outside the
        root, after the correction, as in the paper's algorithm.
    """

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        bias_correction: bool = True,
    ) -> None:
        name = type(self).__name__
        least = {"lr": lr, "eps": eps, "weight_decay": weight_decay}
        for key, value in least.items():
            if not 0 <= value < math.inf:
                raise _out_of_range(f"{name}, {key}", "at least 0", value)
        for beta in betas:
            if not 0 <= beta < 1:
                raise _out_of_range(f"{name}, betas", "in [0, 1)", beta)
        defaults = {"betas": betas, "bias_correction": bias_correction}
        super().__init__(params, defaults | least)

    @torch.no_grad()
    def step(  # type: ignore[override]
        self, closure: Callable[[], Tensor] | None = None
    ) -> Tensor | None:
        """Move every parameter that has a gradient.

        Args:
            closure: Computes the loss again, with gradients; or `None`.

        Returns:
            What the closure returned.
        """
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            thetas = [p for p in group["params"] if p.grad is not None]
            if thetas:
                self._move(thetas, group)
        return loss

    def _move(self, thetas: list[Tensor], group: Group) -> None:
        """Take the step of algorithm 1, for many tensors at once."""
        for theta in thetas:
            if not self.state[theta]:
                self.state[theta]["step"] = torch.tensor(0.0)
                self.state[theta]["exp_avg"] = torch.zeros_like(theta)
                self.state[theta]["exp_avg_sq"] = torch.zeros_like(theta)
        states = [self.state[theta] for theta in thetas]
        steps, m, v = (
            [s[k] for s in states] for k in ("step", "exp_avg", "exp_avg_sq")
        )
        (one, two), lr = group["betas"], group["lr"]
        # torch's groups, which may be loaded, do not know this setting.
        corrected = group.get("bias_correction", True)
        torch._foreach_add_(steps, 1)
        g = self._decayed(thetas, group)
        torch._foreach_lerp_(m, g, 1 - one)  # (2)
        torch._foreach_mul_(v, two)
        torch._foreach_addcmul_(v, g, g, 1 - two)  # (3)
        counts = [int(s) for s in steps]
        below = torch._foreach_sqrt(v)
        if corrected:
            roots = [math.sqrt(1 - two**t) for t in counts]
            torch._foreach_div_(below, roots)
        torch._foreach_add_(below, group["eps"])
        sizes = [-lr / (1 - one**t) if corrected else -lr for t in counts]
        torch._foreach_addcdiv_(thetas, m, below, sizes)  # (4)

    def _decayed(self, thetas: list[Tensor], group: Group) -> Any:
        """Return the gradients, with that of the L2 term."""
        g: Any = [theta.grad for theta in thetas]
        if group["weight_decay"]:
            g = torch._foreach_add(
                g, thetas, alpha=group["weight_decay"]
            )  # (1)
        return g


class AdamW(Adam):
    r"""Adam whose weight decay does not pass through the means.

    $$ \theta \leftarrow (1 - \eta\, \lambda)\, \theta \tag{1} $$

    Then comes the step of `Adam`, with $\lambda = 0$.

    Args:
        params: The parameters $\theta$, or groups of them.
        lr: The step size $\eta$, at least 0.
        betas: How much of the old means stays, each in [0, 1).
        eps: What keeps the denominator above 0, at least 0.
        weight_decay: The factor $\lambda$, at least 0.
        bias_correction: Whether the means are divided by $1 - \beta^t$; the
            optimizer that was released with BERT does not.

    Raises:
        ValueError: A01 if a number is out of its range.

    Examples:
        >>> theta = torch.nn.Parameter(torch.tensor([2.0]))
        >>> theta.grad = torch.zeros(1)
        >>> AdamW([theta], lr=0.5, weight_decay=0.5).step()
        >>> theta.item()
        1.5

    Source:
        Loshchilov & Hutter (2019), algorithm 2; the twin of
        `torch.optim.AdamW`.

    Differs:
        The paper decays by $\lambda$ times the schedule's factor alone; torch,
        and so this class, by $\eta\, \lambda$.
    """

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
        *,
        bias_correction: bool = True,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas,
            eps,
            weight_decay,
            bias_correction=bias_correction,
        )

    def _decayed(self, thetas: list[Tensor], group: Group) -> Any:
        """Shorten the parameters themselves; the gradients stay."""
        torch._foreach_mul_(
            thetas, 1 - group["lr"] * group["weight_decay"]
        )  # (1)
        return [theta.grad for theta in thetas]


def _out_of_range(where: str, expected: str, got: float) -> PfsValueError:
    return PfsValueError(
        "A01",
        where=where,
        expected=f"a number {expected}",
        got=repr(got),
        todo="take the default, or a number of this range",
    )
