from torch import Tensor


def windows(
    ids: Tensor, batch_size: int, window: int
) -> list[tuple[Tensor, Tensor]]:
    length = (len(ids) - 1) // batch_size
    used = batch_size * length
    inputs = ids[:used].reshape(batch_size, length)
    targets = ids[1 : used + 1].reshape(batch_size, length)
    return [
        (inputs[:, t : t + window], targets[:, t : t + window])
        for t in range(0, length, window)
    ]
