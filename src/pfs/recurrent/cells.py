"""What the cells share: the parameters of one step, and their names."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from pfs.nn import checks
from pfs.recurrent.inputs import check_input, check_state
from pfs.recurrent.layers import States, draw_uniform
from pfs.shapes import Tensor


class RecurrentCell(nn.Module):
    """The parameters of one time step; see `RNNCell` for the words.

    Args:
        gates: How many vectors of the size of the state the step computes.
        input_size: Number of features of one input vector.
        hidden_size: Number of units of the state.
        bias: Whether to add biases.
        device: Where the parameters live.
        dtype: Their floating dtype.
        extra: Further parameters and their shapes.

    Raises:
        ValueError: A01 if a size is not above 0.

    Examples:
        >>> from pfs.recurrent.rnn import RNNCell
        >>> isinstance(RNNCell(3, 5), RecurrentCell)
        True

    Source:
        `torch.nn.RNNCellBase`, for the names of the parameters.

    Differs:
        nothing
    """

    weight_ih: nn.Parameter
    weight_hh: nn.Parameter
    bias_ih: nn.Parameter | None
    bias_hh: nn.Parameter | None

    def __init__(
        self,
        gates: int,
        input_size: int,
        hidden_size: int,
        bias: bool,
        device: Any,
        dtype: Any,
        extra: Mapping[str, tuple[int, ...]] | None = None,
    ) -> None:
        super().__init__()
        checks.positive(
            type(self).__name__, input_size=input_size, hidden_size=hidden_size
        )
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        rows = gates * hidden_size
        shapes: dict[str, tuple[int, ...]] = {
            "weight_ih": (rows, input_size),
            "weight_hh": (rows, hidden_size),
            "bias_ih": (rows,),
            "bias_hh": (rows,),
            **(extra or {}),
        }
        for name, shape in shapes.items():
            value = torch.empty(shape, device=device, dtype=dtype)
            wanted = bias or not name.startswith("bias")
            self.register_parameter(
                name, nn.Parameter(value) if wanted else None
            )
        self.reset_parameters()

    def _first(self, input: Tensor, hx: States | None, count: int) -> States:
        """Return the states to begin with, after a look at everything."""
        where = type(self).__name__
        check_input(where, input, self.input_size, self.weight_ih, (1, 2))
        shape = (*input.shape[:-1], self.hidden_size)
        if hx is None:
            return (input.new_zeros(shape),) * count
        for place, h in enumerate(hx):
            name = "hx" if count == 1 else f"hx[{place}]"
            check_state(where, h, shape, input, name)
        return hx

    def reset_parameters(self) -> None:
        r"""Draw all parameters from $U(-1/\sqrt{h}, 1/\sqrt{h})$."""
        draw_uniform(self, self.hidden_size)

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        words = f"{self.input_size}, {self.hidden_size}"
        return words if self.bias else f"{words}, bias={self.bias}"
