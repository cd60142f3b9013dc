"""Half precision stores numbers; sums are taken in float32."""

import torch

from pfs.shapes import Float, Tensor


def is_mixed(input: Float[Tensor, "*batch"]) -> bool:
    """Return whether autocast chooses the dtypes on the tensor's device.

    Args:
        input: Any tensor.

    Returns:
        True inside `torch.autocast` for that device.

    Examples:
        >>> is_mixed(torch.zeros(1))
        False

    Source:
        This project.

    Differs:
        `torch.is_autocast_enabled` raises for devices without autocast, as the
        meta device.
    """
    kind = input.device.type
    return torch.amp.is_autocast_available(kind) and bool(
        torch.is_autocast_enabled(kind)
    )


def wide(
    input: Float[Tensor, "*batch"],
) -> tuple[Float[Tensor, "*batch"], torch.dtype]:
    """Prepare for sums and exponentials that half precision cannot hold.

    Sixteen bits overflow above 65,504 (float16) or keep 8 binary digits
    (bfloat16): the sum of 70,000 ones is infinite in the first and 256 in the
    second.

    Args:
        input: Any tensor.

    Returns:
        The tensor in float32 at least, and the dtype for the result: that of
        the tensor, or float32 inside `torch.autocast`.

    Examples:
        >>> x, kind = wide(torch.ones(70_000, dtype=torch.float16))
        >>> x.sum(), kind
        (tensor(70000.), torch.float16)

    Source:
        Micikevicius et al. (2018), "Mixed precision training", section 3.3.

    Differs:
        Autocast on a GPU gives softmax, norms and losses in float32, autocast
        on the CPU the losses only; here all of them are, everywhere.
    """
    kind = torch.promote_types(input.dtype, torch.float32)
    if input.dtype == kind:
        return input, kind
    return input.to(kind), kind if is_mixed(input) else input.dtype
