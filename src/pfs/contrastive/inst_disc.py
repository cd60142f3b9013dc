r"""Every image is a class of its own, and its class is where it was last.

Wu, Xiong, Yu & Lin (2018). Note: notes/inst_disc
"""

import torch
import torch.distributed as dist
from torch import nn

from pfs.contrastive.inst_disc_config import (
    IMAGENET,
    TINY,
    InstDiscConfig,
    check_config,
)
from pfs.contrastive.inst_disc_loss import (
    estimate_normalizer,
    nce_loss,
    non_parametric_softmax_loss,
)
from pfs.nn import Linear, checks, l2_normalize
from pfs.shapes import Float, Int, Tensor

__all__ = [
    "IMAGENET",
    "TINY",
    "InstDisc",
    "InstDiscConfig",
    "estimate_normalizer",
    "nce_loss",
    "non_parametric_softmax_loss",
]


class InstDisc(nn.Module):
    r"""Learn to tell each image from all others, by a bank of embeddings.

    The loss is that of `nce_loss`, or of `non_parametric_softmax_loss` if
    `negatives` is `None`. Then, with $f$ the embedding of image $i$ and
    $v_i$ its row of the bank before the step:

    $$
    \begin{align}
    J' &= J + \frac{\lambda}{B} \sum_{b=1}^{B} \lVert f_b - v_{i_b} \rVert^2
    \tag{7} \\
    v_i &\leftarrow \frac{t\,v_i + (1 - t)\,f}
    {\lVert t\,v_i + (1 - t)\,f \rVert} \tag{8}
    \end{align}
    $$

    The bank and $Z$ are buffers: `state_dict` holds them. They change only in
    training mode. A number that stands in a batch several times is written
    once, with the mean of its embeddings.

    Args:
        encoder: Maps images to features.
        config: The form of the method.

    Raises:
        ValueError: A01 if a size, share or factor is out of range.

    Examples:
        >>> from pfs.nn import Linear
        >>> encoder = torch.nn.Sequential(torch.nn.Flatten(), Linear(4, 4))
        >>> method = InstDisc(encoder, TINY)
        >>> x, index = torch.rand(2, 1, 2, 2), torch.tensor([5, 0])
        >>> method(x, x, index).shape, method.embed(x).shape
        (torch.Size([]), torch.Size([2, 3]))

    Source:
        Wu et al. (2018), section 3; zhirongw/lemniscate.pytorch, 34c7ce3.

    Differs:
        The rows of the bank are unit vectors from the beginning, as the paper
        says; those of the authors' code are uniform in a cube. $Z$ comes from
        the first batch, as in their code; the paper says "initial batches".
    """

    bank: Tensor
    normalizer: Tensor

    def __init__(self, encoder: nn.Module, config: InstDiscConfig) -> None:
        super().__init__()
        check_config(config)
        self.config = config
        self.encoder = encoder
        self.head = Linear(config.feature_size, config.embedding_size)
        rows = torch.randn(config.num_images, config.embedding_size)
        self.register_buffer("bank", l2_normalize(rows))
        self.register_buffer("normalizer", torch.zeros(()))  # 0: not known

    def embed(
        self, images: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch embed"]:
        """Map images to the sphere.

        Args:
            images: The images.

        Returns:
            Unit vectors.
        """
        return l2_normalize(self.head(self.encoder(images)))

    # --8<-- [start:step]
    def forward(
        self,
        first: Float[Tensor, "batch channel height width"],
        second: Float[Tensor, "batch channel height width"] | None,
        index: Int[Tensor, " batch"],
    ) -> Float[Tensor, ""]:
        """Return the loss of a batch, and remember its embeddings.

        Args:
            first: A view of each image.
            second: Not used: the other view of an image is its row of the
                bank. Other methods need it.
            index: The number of each image in the data set.

        Returns:
            The loss.
        """
        c, f = self.config, self.embed(first).to(self.bank.dtype)
        checks.shape("InstDisc", "index", index, len(f))
        checks.indices("InstDisc", "index", index, len(self.bank))
        before = self.bank[index]
        if c.negatives is None:
            bank = self.bank.clone()  # the gradient needs it as it is now
            loss = non_parametric_softmax_loss(f, bank, index, c.temperature)
        else:
            size = (len(f), c.negatives)
            noise = torch.randint(len(self.bank), size, device=f.device)
            z = self._normalizer(f, noise)
            loss = nce_loss(f, self.bank, index, noise, z, c.temperature)
        if c.proximal:
            far = (f - before).square().sum(1)
            loss = loss + c.proximal * far.mean()  # (7)
        if self.training:
            self._remember(f.detach(), index)
        return loss

    @torch.no_grad()
    def _remember(self, f: Tensor, index: Tensor) -> None:
        """Write the embeddings of all processes into the bank."""
        f, index = _everywhere(f), _everywhere(index)
        same = (index[:, None] == index).to(f.dtype)
        f = same @ f / same.sum(1, keepdim=True)
        t = self.config.momentum
        mixed = t * self.bank[index] + (1 - t) * f
        self.bank[index] = l2_normalize(mixed)  # (8)

    # --8<-- [end:step]

    def _normalizer(self, f: Tensor, noise: Tensor) -> Tensor:
        """Return Z; the first batch of the training settles it."""
        if bool(self.normalizer):
            return self.normalizer
        z = estimate_normalizer(f, self.bank, noise, self.config.temperature)
        z = _everywhere(z[None]).mean()
        if self.training:
            self.normalizer.copy_(z)
        return z


@torch.no_grad()
def _everywhere(rows: Tensor) -> Tensor:
    """Collect the rows of all processes, by rank; alone, nothing is done."""
    if not (dist.is_available() and dist.is_initialized()):
        return rows
    parts = [torch.empty_like(rows) for _ in range(dist.get_world_size())]
    dist.all_gather(parts, rows.contiguous())
    return torch.cat(parts)
