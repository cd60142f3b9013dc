"""InfoNCE: find the right key among many."""

import torch

from pfs.contrastive.moco_config import check_temperature
from pfs.nn import checks, cross_entropy
from pfs.shapes import Float, Tensor


# --8<-- [start:info_nce]
def info_nce_logits(
    query: Float[Tensor, "batch embedding"],
    key: Float[Tensor, "batch embedding"],
    queue: Float[Tensor, "queue embedding"],
    temperature: float,
) -> Float[Tensor, "batch 1+queue"]:
    r"""Compare every query with its own key and with all keys of the queue.

    Args:
        query: Unit vectors $q$.
        key: For every query its positive $k_+$, a unit vector.
        queue: The negatives, the same for all queries.
        temperature: What the similarities are divided by, $\tau$.

    Returns:
        The logits; the positive stands first, in column 0.

    Raises:
        ValueError: A01 if the temperature is not above 0, S14 if the shapes
            do not fit.

    Examples:
        >>> one, other = torch.eye(2).split(1)
        >>> info_nce_logits(one, one, other, 0.5)
        tensor([[2., 0.]])

    Source:
        He et al. (2020), Algorithm 1.

    Differs:
        nothing
    """
    check_temperature("info_nce", temperature)
    checks.matrix("info_nce", "query", query)
    checks.shape("info_nce", "key", key, *query.shape)
    checks.matrix("info_nce", "queue", queue)
    checks.last_axis("info_nce", "queue", queue, query.shape[1], "embedding")
    positive = (query * key).sum(1, keepdim=True)
    negative = query @ queue.T
    return torch.cat([positive, negative], 1) / temperature


def info_nce(
    query: Float[Tensor, "batch embedding"],
    key: Float[Tensor, "batch embedding"],
    queue: Float[Tensor, "queue embedding"],
    temperature: float,
) -> Float[Tensor, ""]:
    r"""Return how hard it is to find a query's key among all keys.

    $$ L = -\log \frac{\exp(q \cdot k_+ / \tau)}{\exp(q \cdot k_+ / \tau) +
    \sum_{j=1}^{K} \exp(q \cdot k_j / \tau)} \tag{1} $$

    It is the cross entropy of $K + 1$ classes whose right one is always class
    0. If the vectors say nothing it is $\ln(K + 1)$.

    Args:
        query: Unit vectors $q$.
        key: For every query its positive $k_+$, a unit vector.
        queue: The negatives $k_j$, the same for all queries.
        temperature: What the similarities are divided by, $\tau$.

    Returns:
        The mean over the queries.

    Raises:
        ValueError: A01 if the temperature is not above 0, S14 if the shapes
            do not fit.

    Examples:
        >>> same = torch.ones(1, 1)
        >>> info_nce(same, same, same.expand(7, 1), 0.07).exp()
        tensor(8.)

    Source:
        He et al. (2020), equation 1; van den Oord, Li & Vinyals (2018).

    Differs:
        nothing. The vectors are taken as they are: `MoCo` has normalized them.
    """
    logits = info_nce_logits(query, key, queue, temperature)
    first = logits.new_zeros(len(logits), dtype=torch.long)
    return cross_entropy(logits, first)  # (1)


# --8<-- [end:info_nce]
