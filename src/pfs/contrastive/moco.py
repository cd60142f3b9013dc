r"""MoCo: a long queue of keys, and an encoder that follows slowly.

He, Fan, Wu, Xie & Girshick (2020). Note: notes/moco
"""

import copy

import torch
from torch import nn

from pfs.contrastive.moco_config import (
    MOCO_RESNET_50,
    TINY,
    MoCoConfig,
    check_config,
)
from pfs.contrastive.moco_loss import info_nce, info_nce_logits
from pfs.contrastive.moco_shuffle import encode_shuffled, in_parts, place
from pfs.errors import PfsValueError
from pfs.nn import Linear, checks, l2_normalize
from pfs.shapes import Float, Int, Shaped, Tensor

__all__ = [
    "MOCO_RESNET_50",
    "TINY",
    "MoCo",
    "MoCoConfig",
    "info_nce",
    "info_nce_logits",
    "momentum_update",
]


# --8<-- [start:momentum]
@torch.no_grad()
def momentum_update(
    follower: nn.Module, leader: nn.Module, momentum: float
) -> None:
    r"""Move the parameters of one network a little towards another's.

    $$ \theta_k \leftarrow m\, \theta_k + (1 - m)\, \theta_q \tag{2} $$

    Args:
        follower: The network with parameters $\theta_k$. Its buffers, such as
            the running statistics of a batch normalization, stay its own.
        leader: The network with parameters $\theta_q$, of the same form.
        momentum: What is kept, $m$.

    Examples:
        >>> a, b = Linear(1, 1, bias=False), Linear(1, 1, bias=False)
        >>> _ = nn.init.zeros_(a.weight), nn.init.ones_(b.weight)
        >>> momentum_update(a, b, 0.75)
        >>> a.weight.item()
        0.25

    Source:
        He et al. (2020), equation 2.

    Differs:
        nothing
    """
    pairs = zip(follower.parameters(), leader.parameters(), strict=True)
    for theta_k, theta_q in pairs:
        theta_k.mul_(momentum).add_(theta_q, alpha=1 - momentum)  # (2)


# --8<-- [end:momentum]


class MoCo(nn.Module):
    r"""Look a picture up among the keys of many others.

    $$
    \begin{align}
    q &= \frac{g_q(f_q(x))}{\lVert g_q(f_q(x)) \rVert} \tag{3} \\
    k_+ &= \frac{g_k(f_k(x'))}{\lVert g_k(f_k(x')) \rVert} \tag{4}
    \end{align}
    $$

    $f$ is an encoder and $g$ its head, one linear map. Both exist twice: those
    of the queries learn, those of the keys follow by equation 2. The oldest
    keys of a queue make room for the newest.

    Args:
        encoder: Maps images to features; it is copied for the keys.
        config: The form of the method.

    Raises:
        ValueError: A01 if a size or share is out of range. A03, later, if the
            queue holds no whole number of batches or a batch cannot be split
            evenly.
        TypeError: A02 if one of them is of another type.

    Examples:
        >>> _ = torch.manual_seed(0)
        >>> model = MoCo(nn.Sequential(nn.Flatten(), Linear(4, 6)), TINY)
        >>> views = torch.rand(2, 2, 1, 2, 2)
        >>> loss = model(views[0], views[1])
        >>> loss.shape, int(model.pointer), model.embed(views[0]).shape
        (torch.Size([]), 2, torch.Size([2, 4]))

    Source:
        He et al. (2020), Algorithm 1, in the order of the authors' code.

    Differs:
        In the mode for evaluation nothing moves: no key encoder, no queue. The
        queue has one row a key; the authors' has one column.
    """

    queue: Tensor
    pointer: Tensor

    def __init__(self, encoder: nn.Module, config: MoCoConfig) -> None:
        super().__init__()
        check_config(type(self).__name__, config)
        self.config = config
        self.encoder = encoder
        self.head = self.make_head(config)
        self.key_encoder = copy.deepcopy(self.encoder).requires_grad_(False)
        self.key_head = copy.deepcopy(self.head).requires_grad_(False)
        queue = torch.randn(config.queue_size, config.embedding_size)
        self.register_buffer("queue", l2_normalize(queue))
        self.register_buffer("pointer", torch.tensor(0))

    @staticmethod
    def make_head(config: MoCoConfig) -> nn.Module:
        """Make what maps features to embeddings.

        Args:
            config: The form of the method.

        Returns:
            One linear map.
        """
        return Linear(config.feature_size, config.embedding_size)

    # --8<-- [start:model]
    def forward(
        self,
        first: Float[Tensor, "batch channel height width"],
        second: Float[Tensor, "batch channel height width"],
        index: Int[Tensor, " batch"] | None = None,
    ) -> Float[Tensor, ""]:
        """Return the loss of a batch; move the key encoder and the queue.

        Args:
            first: A view of every image, for the queries.
            second: Another view of the same images, for the keys.
            index: The images' numbers in the data set; MoCo needs none.

        Returns:
            The mean loss of the queries.
        """
        query, key, queue = self.look_up(first, second)
        return info_nce(query, key, queue, self.config.temperature)

    def embed(
        self, images: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch embedding"]:
        """Map images to unit vectors, as the queries are.

        Args:
            images: One view of every image.

        Returns:
            The vectors $q$.
        """
        return l2_normalize(self.head(self.encoder(images)))  # (3)

    def look_up(
        self,
        first: Float[Tensor, "batch channel height width"],
        second: Float[Tensor, "batch channel height width"],
    ) -> tuple[
        Float[Tensor, "batch embedding"],
        Float[Tensor, "batch embedding"],
        Float[Tensor, "queue embedding"],
    ]:
        """Do one step of the method, up to the loss.

        Args:
            first: A view of every image, for the queries.
            second: Another view of the same images, for the keys.

        Returns:
            Queries; their keys; the queue as it was before these keys came in.
        """
        self._check(first, second)
        query = in_parts(self.embed, first, self.config.split)
        with torch.no_grad():
            if self.training:
                self.follow()
            keys = encode_shuffled(
                self._embed_key,
                second,
                self.config.split,
                self.config.shuffle,
            ).to(self.queue)
        # A copy: the gradient needs the old rows after they are overwritten.
        queue = self.queue.clone()
        if self.training:
            self.enqueue(keys)
        start = place()[0] * len(first)
        return query, keys[start : start + len(first)], queue

    def follow(self) -> None:
        """Move the key encoder and its head towards those of the queries."""
        m = self.config.momentum
        momentum_update(self.key_encoder, self.encoder, m)
        momentum_update(self.key_head, self.head, m)

    @torch.no_grad()
    def enqueue(self, keys: Float[Tensor, "batch embedding"]) -> None:
        """Put keys in the place of the oldest ones.

        Args:
            keys: Those of all processes; the queue holds a multiple of them.
        """
        size, count = self.config.queue_size, len(keys)
        steps = torch.arange(count, device=self.pointer.device)
        self.queue[(self.pointer + steps) % size] = keys
        self.pointer.add_(count).remainder_(size)

    def _embed_key(self, images: Tensor) -> Tensor:
        return l2_normalize(self.key_head(self.key_encoder(images)))  # (4)

    # --8<-- [end:model]

    def _check(
        self, first: Shaped[Tensor, "..."], second: Shaped[Tensor, "..."]
    ) -> None:
        """Refuse views, batches and queues that do not fit together."""
        where = type(self).__name__
        checks.tensor(where, "first", first)
        checks.tensor(where, "second", second)
        checks.shape(where, "second", second, *first.shape)
        rows, size = len(first), self.config.queue_size
        together = rows * place()[1]
        if not rows or size % together:
            raise PfsValueError(
                "A03",
                where=f"{where}, batch and queue_size",
                expected=f"batches that fill a queue of {size} exactly",
                got=f"{together} images",
                todo="choose a queue_size that is a multiple of the batch, and "
                "drop a last batch that is smaller",
            )
        if rows % self.config.split:
            raise PfsValueError(
                "A03",
                where=f"{where}, batch and split",
                expected=f"a multiple of {self.config.split} images",
                got=f"{rows} images",
                todo="choose a split that divides the batch",
            )
