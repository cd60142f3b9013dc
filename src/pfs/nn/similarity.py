r"""Vectors of length 1: their dot product is the cosine of their angle."""

import torch

from pfs.shapes import Float, Tensor


def l2_normalize(
    input: Float[Tensor, "*batch feature"], eps: float = 1e-12
) -> Float[Tensor, "*batch feature"]:
    r"""Shorten or lengthen every vector to length 1.

    $$ v = \frac{x}{\max(\lVert x \rVert_2,\, \epsilon)} \tag{1} $$

    Args:
        input: The vectors $x$.
        eps: What a shorter length is taken for, so that 0 stays 0.

    Returns:
        The vectors $v$.

    Examples:
        >>> l2_normalize(torch.tensor([[3.0, 4.0]]))
        tensor([[0.6000, 0.8000]])

    Source:
        Wu et al. (2018), section 3.1.

    Differs:
        nothing
    """
    length: Tensor = torch.linalg.vector_norm(input, dim=-1, keepdim=True)
    return input / length.clamp(min=eps)  # (1)
