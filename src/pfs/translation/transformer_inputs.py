r"""What the Transformer adds to its inputs: positions, and who is padding.

Vaswani et al. (2017), section 3.5. Note: notes/transformer
"""

import torch
from torch import nn

from pfs.errors import PfsTypeError, PfsValueError
from pfs.nn import checks
from pfs.shapes import Bool, Float, Int, Tensor


class PositionalEncoding(nn.Module):
    r"""Add to every place what says where it is.

    $$
    \begin{align}
    \mathrm{PE}_{pos,\,2i} &= \sin(pos / 10000^{2i/d}) \tag{10} \\
    \mathrm{PE}_{pos,\,2i+1} &= \cos(pos / 10000^{2i/d}) \tag{11}
    \end{align}
    $$

    Nothing is learnt and no length is too long: the numbers are computed.

    Args:
        d_model: The width $d$, an even number.

    Raises:
        ValueError: A01 if `d_model` is not above 0 or odd, S14 if a place has
            another width.
        TypeError: A02 if it is not a whole number, S01 if places are not
            floating numbers.

    Examples:
        >>> PositionalEncoding(4)(torch.zeros(2, 4))
        tensor([[0.0000, 1.0000, 0.0000, 1.0000],
                [0.8415, 0.5403, 0.0100, 0.9999]])

    Source:
        Vaswani et al. (2017), section 3.5.

    Differs:
        The authors' code puts all sines before all cosines and divides by
        $d/2 - 1$ in the exponent, so its slowest wave differs a little.
    """

    def __init__(self, d_model: int) -> None:
        super().__init__()
        checks.positive("PositionalEncoding", d_model=d_model)
        if d_model % 2:
            raise PfsValueError(
                "A01",
                where="PositionalEncoding, d_model",
                expected="an even number: sines and cosines come in pairs",
                got=str(d_model),
                todo="make the width one larger",
            )
        self.d_model = d_model

    # --8<-- [start:positions]
    def forward(
        self, x: Float[Tensor, "*batch time embed"], start: int = 0
    ) -> Float[Tensor, "*batch time embed"]:
        """Add the positions from `start` on.

        Args:
            x: The places.
            start: The position of the first.

        Returns:
            Their sum with the encodings.
        """
        checks.same_kind("PositionalEncoding", x=x)
        checks.last_axis("PositionalEncoding", "x", x, self.d_model, "d_model")
        pos = torch.arange(start, start + x.shape[-2], device=x.device)
        pair = torch.arange(0, self.d_model, 2, device=x.device)
        angle = pos[:, None] / 10000 ** (pair.double() / self.d_model)
        waves = torch.stack(
            [
                angle.sin(),  # (10)
                angle.cos(),  # (11)
            ],
            -1,
        )
        return x + waves.flatten(-2).to(x.dtype)

    # --8<-- [end:positions]


def hidden_padding(
    source: Int[Tensor, "batch source"],
    lengths: Int[Tensor, " batch"] | None,
) -> Bool[Tensor, "batch source"]:
    r"""Say which places of a batch are padding, that is: hidden from all.

    $$ \mathrm{hidden}_{b,j} = [\,j \ge n_b\,] \tag{13} $$

    Args:
        source: The tokens, padded behind their end.
        lengths: How many of each row are real, $n_b$; all if `None`.

    Returns:
        `True` where a token is padding.

    Raises:
        ValueError: S14 if `source` has not two axes or `lengths` not one for
            every row, A01 if a length is out of range, S02 if the two live on
            different devices.
        TypeError: A02 if one is not a tensor, S01 if lengths are not whole.

    Examples:
        >>> hidden_padding(torch.zeros(2, 3).long(), torch.tensor([3, 1]))
        tensor([[False, False, False],
                [False,  True,  True]])

    Source:
        Vaswani et al. (2017) do not speak of it; every implementation has it.

    Differs:
        nothing
    """
    where = "Transformer"
    checks.tensor(where, "source", source)
    checks.matrix(where, "source", source)
    batch, time = source.shape
    place = torch.arange(time, device=source.device)
    if lengths is None:
        return place.expand(batch, time) >= time
    checks.tensor(where, "lengths", lengths)
    checks.shape(where, "lengths", lengths, batch)
    if lengths.is_floating_point() or lengths.dtype in checks.NOT_WHOLE:
        raise PfsTypeError(
            "S01",
            where=f"{where}, lengths",
            expected="whole numbers (torch.int64 or torch.int32)",
            got=str(lengths.dtype),
            todo="convert them: lengths.long()",
        )
    checks.same_device(where, lengths=lengths, source=source)
    if batch and not lengths.is_meta:
        least, most = int(lengths.min()), int(lengths.max())
        if least < 0 or most > time:
            raise PfsValueError(
                "A01",
                where=f"{where}, lengths",
                expected=f"0 to {time}, the places of `source`",
                got=f"{least} to {most}",
                todo="count the tokens of each row, without padding",
            )
    return place >= lengths[:, None]  # (13)
