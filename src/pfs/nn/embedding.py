r"""A table of vectors, looked up by number."""

from typing import Any

import torch
from torch import nn

from pfs import kernels
from pfs.backend import fused
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.shapes import Float, Int, Tensor


def embedding(
    input: Int[Tensor, "*batch"],
    weight: Float[Tensor, "vocab embed"],
    padding_idx: int | None = None,
) -> Float[Tensor, "*batch embed"]:
    r"""Look up one row of a table for every id.

    $$ y = e_i^\top E = E_i \tag{1} $$

    It is the product of a one-hot vector $e_i$ with the table, without the
    zeros.

    Args:
        input: Ids $i$.
        weight: The table $E$.
        padding_idx: A row that gets no gradient; negative counts from the end.

    Returns:
        The rows.

    Raises:
        IndexError: S09 if an id is not a row of the table; it names the place.
        TypeError: S01 if the ids are not whole numbers, A02 if they are not a
            tensor.
        ValueError: A01 if `padding_idx` is not a row, S14 if the table has not
            two axes, S02 if ids and table live on different devices.

    Examples:
        >>> embedding(torch.tensor([1, 0]), torch.tensor([[1.0], [2.0]]))
        tensor([[2.],
                [1.]])

    Source:
        Bengio et al. (2003), "A neural probabilistic language model",
        section 2: the mapping C.

    Differs:
        torch's `max_norm`, `norm_type`, `scale_grad_by_freq` and `sparse` are
        not here.
    """
    checks.tensor("embedding", "weight", weight)
    checks.matrix("embedding", "weight", weight)
    rows = len(weight)
    checks.tensor("embedding", "input", input)
    checks.same_device("embedding", input=input, weight=weight)
    checks.indices("embedding", "input", input, rows)
    if padding_idx is not None:
        padding_idx = _row(padding_idx, rows)
    if fused():
        return kernels.embedding(input, weight, padding_idx)
    if padding_idx is not None:
        frozen = torch.arange(rows, device=weight.device) == padding_idx
        weight = torch.where(frozen[:, None], weight.detach(), weight)
    flat: Float[Tensor, "tokens embed"] = weight.index_select(
        0, input.reshape(-1).long()
    )  # (1)
    return flat.reshape(*input.shape, weight.shape[1])


def _row(padding_idx: int, rows: int) -> int:
    checks.whole("embedding", "padding_idx", padding_idx)
    if not -rows <= padding_idx < rows:
        raise PfsValueError(
            "A01",
            where="embedding, padding_idx",
            expected=f"a row of the table, {-rows} to {rows - 1}",
            got=str(padding_idx),
            todo="pass the id of the padding symbol",
        )
    return padding_idx % rows


class Embedding(nn.Module):
    r"""A table of vectors as a layer.

    Args:
        num_embeddings: Number of rows.
        embedding_dim: Size of a row.
        padding_idx: A row that starts at 0 and gets no gradient.
        device: Where the table lives.
        dtype: Its floating dtype.

    Raises:
        ValueError: A01 if a size is not above 0 or `padding_idx` is not a row.
        TypeError: A02 if one of them is not a whole number.

    Examples:
        >>> Embedding(28, 5)(torch.tensor([[3, 1]])).shape
        torch.Size([1, 2, 5])

    Source:
        The twin of `torch.nn.Embedding`.

    Differs:
        torch's `max_norm`, `norm_type`, `scale_grad_by_freq`, `sparse`,
        `_weight` and `_freeze` are not here; what follows them is given by
        name.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        *,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        checks.positive(
            "Embedding",
            num_embeddings=num_embeddings,
            embedding_dim=embedding_dim,
        )
        if padding_idx is not None:
            padding_idx = _row(padding_idx, num_embeddings)
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.padding_idx = padding_idx
        self.weight = nn.Parameter(
            torch.empty(
                num_embeddings, embedding_dim, device=device, dtype=dtype
            )
        )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw from the standard normal; the padding row is 0."""
        nn.init.normal_(self.weight)
        if self.padding_idx is not None:
            with torch.no_grad():
                self.weight[self.padding_idx].zero_()

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        words = f"{self.num_embeddings}, {self.embedding_dim}"
        if self.padding_idx is not None:
            words += f", padding_idx={self.padding_idx}"
        return words

    def forward(
        self, input: Int[Tensor, "*batch"]
    ) -> Float[Tensor, "*batch embed"]:
        """Look up the rows of `input`; see `embedding`."""
        return embedding(input, self.weight, self.padding_idx)
