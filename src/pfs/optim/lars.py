r"""LARS: how far a layer moves depends on how long its weights are."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch.optim import Optimizer

from pfs.errors import PfsValueError
from pfs.shapes import Float, Tensor

FORMS = ("paper", "official")

Group = dict[str, Any]
"""A group of parameters with the settings of its own."""


# --8<-- [start:trust]
def trust_ratio(
    weight: Float[Tensor, "..."],
    gradient: Float[Tensor, "..."],
    weight_decay: float,
    eta: float,
    form: str = "paper",
) -> Float[Tensor, ""]:
    r"""Return by what the step size of one layer is multiplied.

    $$ \lambda = \frac{\eta\, \lVert w \rVert}{\lVert g \rVert + \beta\,
    \lVert w \rVert} \tag{L1} $$

    Args:
        weight: The layer's weights $w$.
        gradient: The gradient $g$ of the loss, without decay.
        weight_decay: $\beta$.
        eta: $\eta$.
        form: `"paper"` for (L1); `"official"` for the code of SimCLR, whose
            denominator is $\lVert g + \beta w \rVert$.

    Returns:
        The ratio; 1 if $w$ or the denominator is 0.

    Examples:
        >>> trust_ratio(torch.tensor([3.0, 4.0]), torch.ones(1), 0.0, 0.1)
        tensor(0.5000)

    Source:
        You, Gitman & Ginsburg (2017), section 4 and algorithm 1;
        google-research/simclr, lars_optimizer.py.

    Differs:
        The paper does not say what a layer of zeros does; here, as in the
        code of SimCLR, it takes the plain step.
    """
    long = torch.linalg.vector_norm(weight)
    if form == "official":
        below = torch.linalg.vector_norm(gradient + weight_decay * weight)
    else:
        below = torch.linalg.vector_norm(gradient) + weight_decay * long
    ratio = eta * long / below  # (L1)
    return torch.where((long > 0) & (below > 0), ratio, torch.ones_like(ratio))


# --8<-- [end:trust]


class LARS(Optimizer):
    r"""Give every layer a step size of its own, by the length of its weights.

    $$
    \begin{align}
    v &\leftarrow m\, v + \gamma\, \lambda\, (g + \beta w) \tag{L2} \\
    w &\leftarrow w - v \tag{L3}
    \end{align}
    $$

    $\lambda$ is `trust_ratio`. Parameters with one axis or none, such as
    biases and the scales of a normalization, have $\lambda = 1$ and $\beta =
    0$.

    Args:
        params: The parameters $w$, or groups of them.
        lr: The step size $\gamma$ that all layers share, at least 0.
        momentum: $m$, in [0, 1).
        weight_decay: $\beta$, at least 0.
        eta: $\eta$, above 0: about which share of its length a layer moves in
            one step if $\gamma = 1$.
        skip_vectors: Whether parameters with fewer than two axes are left out
            of adaptation and decay.
        form: `"paper"` or `"official"`, see `trust_ratio`.

    Raises:
        ValueError: A01 if a number is out of its range or there is no such
            form.

    Examples:
        >>> w = torch.nn.Parameter(torch.tensor([[3.0, 4.0]]))
        >>> w.grad = torch.tensor([[100.0, 0.0]])
        >>> LARS([w], lr=1.0, eta=0.2).step()
        >>> w.tolist()
        [[2.0, 4.0]]

    Source:
        You, Gitman & Ginsburg (2017), algorithm 1; google-research/simclr,
        lars_optimizer.py with `classic_momentum`.

    Differs:
        The step size stands inside the velocity, so a changed rate does not
        change what was gathered before; `torch.optim.SGD` has it outside. The
        authors leave parameters out by name, here it is by the number of axes.
        Nesterov's form is not here.
    """

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        momentum: float = 0.9,
        weight_decay: float = 0.0,
        eta: float = 1e-3,
        *,
        skip_vectors: bool = True,
        form: str = "paper",
    ) -> None:
        least = {"lr": lr, "weight_decay": weight_decay}
        for key, value in least.items():
            if not 0 <= value < math.inf:
                raise _refused(key, "a number of at least 0", value)
        if not 0 <= momentum < 1:
            raise _refused("momentum", "a number in [0, 1)", momentum)
        if not 0 < eta < math.inf:
            raise _refused("eta", "a number above 0", eta)
        if form not in FORMS:
            raise _refused("form", " or ".join(map(repr, FORMS)), form)
        defaults = {
            "momentum": momentum,
            "eta": eta,
            "skip_vectors": skip_vectors,
            "form": form,
        }
        super().__init__(params, least | defaults)

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
            for weight in group["params"]:
                if weight.grad is not None:
                    self._move(weight, weight.grad, group)
        return loss

    # --8<-- [start:step]
    def _move(self, w: Tensor, g: Tensor, group: Group) -> None:
        """Take the step of algorithm 1 with one parameter."""
        if not self.state[w]:
            self.state[w]["momentum_buffer"] = torch.zeros_like(w)
        v, rate = self.state[w]["momentum_buffer"], group["lr"]
        if w.ndim > 1 or not group["skip_vectors"]:
            beta = group["weight_decay"]
            rate = rate * trust_ratio(w, g, beta, group["eta"], group["form"])
            g = g + beta * w
        v.mul_(group["momentum"]).add_(rate * g)  # (L2)
        w.sub_(v)  # (L3)

    # --8<-- [end:step]


def _refused(name: str, expected: str, got: object) -> PfsValueError:
    return PfsValueError(
        "A01",
        where=f"LARS, {name}",
        expected=expected,
        got=repr(got),
        todo="take the default, or a value of this range",
    )
