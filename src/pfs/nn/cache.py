r"""What attention keeps from one step of writing to the next."""

import torch

from pfs.nn import checks
from pfs.shapes import Float, Tensor


class KeyValueCache:
    """The keys and values of the steps that were read before.

    Who writes a text reads it once more with every new token; the keys and
    values of the old ones stay the same, so they are kept and the new step
    alone is computed. One cache belongs to one layer and one batch.

    Raises:
        ValueError: S14 if batch, heads or features change between steps.

    Examples:
        >>> cache, k = KeyValueCache(), torch.zeros(1, 2, 1, 4)
        >>> for _ in range(3):
        ...     keys, values = cache.extend(k, k)
        >>> keys.shape, len(cache)
        (torch.Size([1, 2, 3, 4]), 3)

    Source:
        This project; Shazeer (2019), section 2.4, writes the step down.

    Differs:
        nothing
    """

    def __init__(self) -> None:
        self.keys: Tensor | None = None
        self.values: Tensor | None = None

    def __len__(self) -> int:
        return 0 if self.keys is None else self.keys.shape[-2]

    def extend(
        self,
        k: Float[Tensor, "batch head time d_k"],
        v: Float[Tensor, "batch head time d_k"],
    ) -> tuple[
        Float[Tensor, "batch head key d_k"], Float[Tensor, "batch head key d_k"]
    ]:
        """Add the new steps at the end and return all of them.

        Args:
            k: The keys of the new steps.
            v: Their values.

        Returns:
            All keys and all values so far.

        Raises:
            ValueError: S14 if batch, heads or features are others than before.
        """
        for name, new, old in (("k", k, self.keys), ("v", v, self.values)):
            if old is not None:
                sizes = (*old.shape[:2], new.shape[2], old.shape[3])
                checks.shape("KeyValueCache.extend", name, new, *sizes)
        if self.keys is not None and self.values is not None:
            k = torch.cat([self.keys, k], -2)
            v = torch.cat([self.values, v], -2)
        self.keys, self.values = k, v
        return k, v
