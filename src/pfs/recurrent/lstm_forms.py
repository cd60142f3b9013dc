"""The forms of the LSTM: the weights of each, and what is refused."""

import torch
from torch import nn

from pfs.errors import PfsTypeError, PfsValueError
from pfs.nn import checks


def check_form(
    where: str,
    hidden_size: int,
    proj_size: int,
    bias: bool,
    forget_gate: bool,
    forget_bias: float | None,
) -> None:
    """Refuse a projection that is no smaller, a bias without a place."""
    checks.positive(where, hidden_size=hidden_size)
    checks.whole(where, "proj_size", proj_size)
    if not 0 <= proj_size < hidden_size:
        raise PfsValueError(
            "A01",
            where=f"{where}, proj_size",
            expected=f"0 for none, or less than hidden_size = {hidden_size}",
            got=str(proj_size),
            todo="a projection makes the state smaller than the cell",
        )
    if forget_bias is None:
        return
    if not isinstance(forget_bias, int | float) or forget_bias is True:
        raise PfsTypeError(
            "A02",
            where=f"{where}, forget_bias",
            expected="a number or None",
            got=repr(forget_bias),
            todo="1.0 is the usual choice",
        )
    if not (bias and forget_gate):
        raise PfsValueError(
            "A03",
            where=f"{where}, forget_bias",
            expected="bias=True and forget_gate=True",
            got=f"bias={bias} and forget_gate={forget_gate}",
            todo="leave forget_bias out: there is nothing to set",
        )


def further_weights(
    hidden_size: int, proj_size: int, forget_gate: bool, peepholes: bool
) -> dict[str, tuple[int, ...]]:
    """Return what stands beside the usual weights, and its shapes."""
    extra: dict[str, tuple[int, ...]] = {}
    if proj_size:
        extra["weight_hr"] = (proj_size, hidden_size)
    if peepholes:
        extra["weight_ch"] = ((3 if forget_gate else 2) * hidden_size,)
    return extra


def set_forget_bias(module: nn.Module, value: float | None, units: int) -> None:
    """Let the two biases of every forget gate add up to a value."""
    if value is None:
        return
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if name.startswith("bias_"):
                first = name.startswith("bias_ih")
                parameter[units : 2 * units] = value if first else 0.0


def words_of(module: nn.Module) -> str:
    """Return the arguments that torch does not have, where they are used."""
    words = ""
    for name, default in (
        ("forget_gate", True),
        ("peepholes", False),
        ("forget_bias", None),
    ):
        if getattr(module, name) != default:
            words += f", {name}={getattr(module, name)}"
    return words
