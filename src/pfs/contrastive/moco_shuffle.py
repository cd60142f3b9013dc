"""Shuffled batch normalization: keys in other company than their queries."""

from collections.abc import Callable

import torch
import torch.distributed as dist

from pfs.shapes import Float, Int, Shaped, Tensor

Encode = Callable[[Tensor], Tensor]
"""Images to embeddings."""


def place() -> tuple[int, int]:
    """Return the number of this process and how many there are.

    Returns:
        Its rank and the size of the group; (0, 1) if it is alone.

    Examples:
        >>> place()
        (0, 1)

    Source:
        This project.

    Differs:
        nothing
    """
    if dist.is_available() and dist.is_initialized():
        return dist.get_rank(), dist.get_world_size()
    return 0, 1


def gather(x: Shaped[Tensor, "rows ..."]) -> Shaped[Tensor, "all ..."]:
    """Collect the rows of all processes; no gradient goes back to them.

    Args:
        x: The rows of this process; every process has as many.

    Returns:
        All rows, by rank, the same in every process. Alone: `x` itself.

    Examples:
        >>> gather(torch.tensor([[1.0]]))
        tensor([[1.]])

    Source:
        The authors' `concat_all_gather`.

    Differs:
        nothing
    """
    _, size = place()
    if size == 1:
        return x
    parts = [torch.empty_like(x) for _ in range(size)]
    dist.all_gather(parts, x.contiguous())
    return torch.cat(parts)


def draw_order(rows: int, device: torch.device) -> Int[Tensor, " rows"]:
    """Draw one order of all rows for all processes: that of the first.

    Args:
        rows: How many rows all processes have together.
        device: Where the order is needed.

    Returns:
        A permutation, from torch's generator on the CPU.

    Examples:
        >>> _ = torch.manual_seed(0)
        >>> sorted(draw_order(3, torch.device("cpu")).tolist())
        [0, 1, 2]

    Source:
        The authors' `_batch_shuffle_ddp`.

    Differs:
        Every process draws one, and only that of the first counts: so their
        generators stay in step.
    """
    order = torch.randperm(rows).to(device)
    if place()[1] > 1:
        dist.broadcast(order, src=0)
    return order


# --8<-- [start:shuffle]
def in_parts(
    encode: Encode, images: Float[Tensor, "batch ..."], split: int
) -> Float[Tensor, "batch embedding"]:
    """Encode groups of a batch one after the other.

    A batch normalization inside then sees one group at a time, as it does when
    the groups are in different processes.

    Args:
        encode: Images to embeddings.
        images: The batch.
        split: How many groups; they are equally large.

    Returns:
        The embeddings, in the order of the images.

    Examples:
        >>> in_parts(lambda x: x - x.mean(0), torch.eye(2), 2)
        tensor([[0., 0.],
                [0., 0.]])

    Source:
        He et al. (2020), section 3.3: batch normalization for each GPU.

    Differs:
        The authors' small example for one GPU splits inside the layer; here
        the whole encoder runs on each group, whatever it is made of.
    """
    if split == 1:
        return encode(images)
    return torch.cat([encode(group) for group in images.chunk(split)])


def encode_shuffled(
    encode: Encode,
    images: Float[Tensor, "batch ..."],
    split: int = 1,
    shuffle: bool = True,
) -> Float[Tensor, "all embedding"]:
    """Encode the images of all processes, each in a random group.

    Args:
        encode: Images to embeddings.
        images: The images of this process.
        split: Into how many groups a process cuts what it encodes.
        shuffle: False leaves every image in its own place.

    Returns:
        The embeddings of all processes, in the order of the images: nobody sees
        that they were shuffled. Other processes' carry no gradient.

    Examples:
        >>> _ = torch.manual_seed(0)
        >>> encode_shuffled(lambda x: x + 1, torch.zeros(2, 1), split=2)
        tensor([[1.],
                [1.]])

    Source:
        He et al. (2020), section 3.3, "Shuffling BN".

    Differs:
        The authors need several GPUs. Here `split` groups in one process stand
        for as many processes. A single group is not shuffled: its statistics
        would be the same.
    """
    rank, size = place()
    rows = len(images)
    everything = gather(images)
    if not shuffle or size * split == 1:
        return gather(in_parts(encode, images, split))
    order = draw_order(len(everything), images.device)
    mine = order[rank * rows : (rank + 1) * rows]
    mixed = gather(in_parts(encode, everything[mine], split))
    return mixed[order.argsort()]


# --8<-- [end:shuffle]
