r"""Gradient descent, with momentum or without, and the clip for its jumps."""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch.optim import Optimizer

from pfs.errors import PfsValueError
from pfs.shapes import Float, Tensor


class SGD(Optimizer):
    r"""Step against the gradient.

    $$ \theta \leftarrow \theta - \eta\, g \tag{1} $$

    With decay the gradient is another, and with momentum a sum over the steps,
    $u$, takes its place in (1):

    $$
    \begin{align}
    g &\leftarrow g + \lambda\, \theta \tag{2} \\
    u &\leftarrow \mu\, u + g \tag{3}
    \end{align}
    $$

    Args:
        params: The parameters $\theta$, or groups of them.
        lr: The step size $\eta$, at least 0.
        momentum: What is kept of the step before, $\mu$, at least 0.
        weight_decay: The factor $\lambda$ of the L2 term, at least 0.

    Raises:
        ValueError: A01 if a number is negative.

    Examples:
        >>> theta = torch.nn.Parameter(torch.tensor([3.0]))
        >>> (theta**2).sum().backward()
        >>> SGD([theta], lr=0.5).step()
        >>> theta.item()
        0.0

    Source:
        Robbins & Monro (1951); the twin of `torch.optim.SGD`.

    Differs:
        torch's dampening and Nesterov's form come with the paper on momentum.
    """

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        if lr < 0:
            raise PfsValueError(
                "A01",
                where="SGD, lr",
                expected="a step size of at least 0",
                got=repr(lr),
                todo="to climb instead of descend, negate the loss",
            )
        more = {"momentum": momentum, "weight_decay": weight_decay}
        for name, value in more.items():
            if value < 0:
                raise PfsValueError(
                    "A01",
                    where=f"SGD, {name}",
                    expected="a number of at least 0",
                    got=repr(value),
                    todo=f"pass {name}=0 for none",
                )
        super().__init__(params, {"lr": lr, **more})

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
                u = self._steps(thetas, group)
                torch._foreach_add_(thetas, u, alpha=-group["lr"])  # (1)
        return loss

    def _steps(self, thetas: list[Tensor], group: dict[str, Any]) -> Any:
        """Return the gradients, or what momentum and decay make of them."""
        g: Any = [theta.grad for theta in thetas]
        # Groups that were saved before there was momentum know of none.
        decay, momentum = (
            group.get(k, 0) for k in ("weight_decay", "momentum")
        )
        if decay:
            g = torch._foreach_add(g, thetas, alpha=decay)  # (2)
        if not momentum:
            return g
        for theta in thetas:
            if self.state[theta].get("momentum_buffer") is None:
                zero = torch.zeros_like(theta)
                self.state[theta]["momentum_buffer"] = zero
        u = [self.state[theta]["momentum_buffer"] for theta in thetas]
        torch._foreach_mul_(u, momentum)
        torch._foreach_add_(u, g)  # (3)
        return u


def clip_grad_norm_(
    parameters: Iterable[Tensor], max_norm: float
) -> Float[Tensor, ""]:
    r"""Shorten the gradient to a length, and keep its direction.

    The norm is that of the gradients of all parameters together.

    Args:
        parameters: The parameters whose gradients are changed in place.
        max_norm: The length $c$, above 0.

    Returns:
        The norm before clipping.

    Raises:
        ValueError: A01 if `max_norm` is not above 0.

    Examples:
        >>> theta = torch.nn.Parameter(torch.zeros(2))
        >>> theta.grad = torch.tensor([3.0, 4.0])
        >>> clip_grad_norm_([theta], 1.0)
        tensor(5.)
        >>> theta.grad
        tensor([0.6000, 0.8000])

    Source:
        Pascanu, Mikolov & Bengio (2013), algorithm 1.

    Differs:
        nothing from `torch.nn.utils.clip_grad_norm_`, its $10^{-6}$ in the
        denominator included; its other norms are not here.
    """
    gradients = [p for p in parameters if p.grad is not None]
    norm = get_total_norm(p.grad for p in gradients)
    clip_grads_with_norm_(gradients, max_norm, norm)
    return norm


def get_total_norm(
    tensors: Iterable[Tensor | None],
) -> Float[Tensor, ""]:
    """Measure the length of many tensors, as if they were one long vector.

    Args:
        tensors: The tensors, such as gradients; `None` has no length.

    Returns:
        The square root of the sum of all squares; 0 if there are none.

    Examples:
        >>> get_total_norm([torch.tensor([3.0]), None, torch.tensor([4.0])])
        tensor(5.)

    Source:
        Pascanu, Mikolov & Bengio (2013), algorithm 1.

    Differs:
        nothing from `torch.nn.utils.get_total_norm`; its other norms are not
        here.
    """
    squares = [t.square().sum() for t in tensors if t is not None]
    if not squares:
        return torch.tensor(0.0)
    norm: Float[Tensor, ""] = torch.stack(squares).sum().sqrt()
    return norm


def clip_grads_with_norm_(
    parameters: Iterable[Tensor], max_norm: float, total_norm: Float[Tensor, ""]
) -> None:
    r"""Shorten gradients whose length is known already.

    $$ g \leftarrow g \cdot \min\!\left(1, \frac{c}{\lVert g \rVert}\right)
    \tag{1} $$

    Args:
        parameters: The parameters whose gradients are changed in place.
        max_norm: The length to shorten to, above 0.
        total_norm: The length of all gradients together.

    Raises:
        ValueError: A01 if `max_norm` is not above 0.

    Examples:
        >>> theta = torch.nn.Parameter(torch.zeros(1))
        >>> theta.grad = torch.tensor([4.0])
        >>> clip_grads_with_norm_([theta], 2.0, torch.tensor(4.0))
        >>> theta.grad
        tensor([2.0000])

    Source:
        Pascanu, Mikolov & Bengio (2013), algorithm 1.

    Differs:
        nothing from `torch.nn.utils.clip_grads_with_norm_`.
    """
    if not max_norm > 0:
        raise PfsValueError(
            "A01",
            where="clipping, max_norm",
            expected="a length above 0",
            got=repr(max_norm),
            todo="leave the call out if nothing shall be clipped",
        )
    scale = (max_norm / (total_norm + 1e-6)).clamp(max=1.0)
    for p in parameters:
        if p.grad is not None:
            p.grad.mul_(scale)  # (1)
