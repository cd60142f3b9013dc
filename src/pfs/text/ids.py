"""Check ids before they are looked up."""

from collections.abc import Sequence

from pfs.errors import PfsIndexError, PfsTypeError
from pfs.shapes import Int, Tensor


def whole_numbers(
    ids: Int[Tensor, " time"] | Sequence[int], size: int, where: str
) -> list[int]:
    """Return ids as a list, each at least 0 and below `size`.

    Args:
        ids: The ids.
        size: How many symbols or tokens there are.
        where: The function whose argument they are, for the message.

    Returns:
        The same ids.

    Raises:
        IndexError: S09 if an id is outside the range.
        TypeError: S01 if the ids are not whole numbers.

    Examples:
        >>> whole_numbers(torch.tensor([2, 0]), 3, "decode")
        [2, 0]

    Source:
        This project.

    Differs:
        nothing
    """
    numbers = ids.tolist() if isinstance(ids, Tensor) else list(ids)
    for place, i in enumerate(numbers):
        if not isinstance(i, int):
            raise PfsTypeError(
                "S01",
                where=f"{where}, ids[{place}]",
                expected="whole numbers",
                got=repr(i),
                todo="pass ids, not probabilities: logits.argmax(-1)",
            )
        if not 0 <= i < size:
            raise PfsIndexError(
                "S09",
                where=f"{where}, ids[{place}]",
                expected=f"0 <= id < {size}",
                got=str(i),
                todo="use the vocabulary the ids were made with",
            )
    return numbers
