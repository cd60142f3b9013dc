r"""SimCLR: the negatives are the rest of the batch, and nothing else is kept.

Chen, Kornblith, Norouzi & Hinton (2020). Note: notes/simclr
"""

from itertools import pairwise

import torch
from torch import nn

from pfs.contrastive.inva_spread_gather import gather
from pfs.contrastive.simclr_config import (
    CIFAR,
    FORMS,
    IMAGENET,
    TINY,
    SimCLRConfig,
    check_config,
    check_temperature,
)
from pfs.errors import PfsValueError
from pfs.nn import (
    BatchNorm1d,
    Linear,
    ReLU,
    checks,
    cross_entropy,
    l2_normalize,
)
from pfs.shapes import Float, Int, Tensor

__all__ = [
    "CIFAR",
    "IMAGENET",
    "TINY",
    "SimCLR",
    "SimCLRConfig",
    "gather",
    "make_head",
    "nt_xent",
]


# --8<-- [start:nt_xent]
def nt_xent(
    first: Float[Tensor, "batch embedding"],
    second: Float[Tensor, "batch embedding"],
    temperature: float,
    form: str = "paper",
) -> Float[Tensor, ""]:
    r"""Return how hard it is to find a view's partner among all other views.

    The views stand one after the other, $z_1 \dots z_N$ the first ones and
    $z_{N+1} \dots z_{2N}$ the second ones; $p(i)$ is the other view of the
    image of $i$.

    $$
    \begin{align}
    s_{ik} &= \frac{z_i^\top z_k}{\lVert z_i \rVert\, \lVert z_k \rVert\,
    \tau} \tag{1} \\
    p(i) &= (i + N) \bmod 2N \tag{2} \\
    \ell_i &= -\log \frac{\exp(s_{i\,p(i)})}{\sum_{k \ne i} \exp(s_{ik})}
    \tag{3} \\
    L &= \frac{1}{2N} \sum_{i=1}^{2N} \ell_i \tag{4}
    \end{align}
    $$

    Args:
        first: What the head gives for one view of every image, any length.
        second: The same for the other view, in the same order.
        temperature: $\tau$.
        form: `"paper"` for (4); `"official"` for the sum of the means over the
            first and over the second views, which is $2L$.

    Returns:
        The loss.

    Raises:
        ValueError: A01 if the temperature is not above 0 or there is no such
            form; S14 if the shapes differ or there is no image.
        TypeError: S01 if the dtypes differ.

    Examples:
        >>> z = torch.ones(4, 3)
        >>> nt_xent(z, z, 0.5).exp()
        tensor(7.0000)

    Source:
        Chen et al. (2020), equation 1 and Algorithm 1; `form="official"`:
        google-research/simclr, objective.py.

    Differs:
        The paper puts the two views of an image side by side, $2k - 1$ and
        $2k$. The authors' code subtracts $10^9$ where a view would meet
        itself; here stands $-\infty$, which holds in every dtype.
    """
    _check(first, second, temperature, form)
    n = len(first)
    z: Float[Tensor, "2*batch embedding"] = l2_normalize(
        torch.cat([first, second])
    )
    s: Float[Tensor, "2*batch 2*batch"] = z @ z.T / temperature  # (1)
    i = torch.arange(2 * n, device=s.device)
    s = s.masked_fill(i[:, None] == i, -torch.inf)
    partner = (i + n) % (2 * n)  # (2)
    loss = cross_entropy(s, partner, reduction="none")  # (3)
    if form == "official":
        return loss[:n].mean() + loss[n:].mean()
    return loss.mean()  # (4)


# --8<-- [end:nt_xent]


# --8<-- [start:head]
def make_head(config: SimCLRConfig) -> nn.Sequential:
    r"""Make what stands between the features and the loss.

    $$ z = W^{(2)} \max(0,\, W^{(1)} h + b^{(1)}) + b^{(2)} \tag{5} $$

    Args:
        config: Says which of the three heads, and how large.

    Returns:
        The layers. With `norm` they have no bias of their own: that of the
        batch normalization does its work, and the last one has none at all.

    Examples:
        >>> [type(layer).__name__ for layer in make_head(TINY)]
        ['Linear', 'ReLU', 'Linear']

    Source:
        Chen et al. (2020), sections 2.1 and 4.2; with `norm`:
        google-research/simclr, `projection_head`.

    Differs:
        The paper writes no biases. The authors draw the weights from a normal
        distribution of deviation 0.01; here they start as in `Linear`.
    """
    sizes = [config.feature_size, config.embedding_size]
    if config.head == "none":
        return nn.Sequential()
    if config.head == "nonlinear":
        sizes.insert(1, config.hidden_size)
    layers: list[nn.Module] = []
    for number, (size, after) in enumerate(pairwise(sizes)):
        if number:
            layers.append(ReLU())
        layers.append(Linear(size, after, bias=not config.norm))  # (5)
        if config.norm:
            layers.append(BatchNorm1d(after))
    last = layers[-1]
    if isinstance(last, BatchNorm1d) and isinstance(last.bias, Tensor):
        last.bias.requires_grad_(False)
    return nn.Sequential(*layers)


# --8<-- [end:head]


class SimCLR(nn.Module):
    r"""Find the other view of an image among all views of a batch.

    $$
    \begin{align}
    h &= f(x) \tag{6} \\
    v &= \frac{g(h)}{\lVert g(h) \rVert} \tag{7}
    \end{align}
    $$

    $f$ is the encoder, $g$ the head. The loss sees $g(h)$; who uses the model
    later takes $h$ and throws the head away.

    Args:
        encoder: Maps images to features.
        config: The form of the method.

    Raises:
        ValueError: A01 if a size or the temperature is not above 0 or a word
            is unknown; A03 if there is no head and the sizes differ.
        TypeError: A02 if a size is not a whole number.

    Examples:
        >>> _ = torch.manual_seed(0)
        >>> model = SimCLR(nn.Sequential(nn.Flatten(), Linear(4, 6)), TINY)
        >>> views = torch.rand(2, 3, 1, 2, 2)
        >>> model(views[0], views[1]).shape
        torch.Size([])
        >>> model.features(views[0]).shape, model.embed(views[0]).shape
        (torch.Size([3, 6]), torch.Size([3, 4]))

    Source:
        Chen et al. (2020), Algorithm 1; google-research/simclr.

    Differs:
        Several processes share their embeddings, and every process computes
        the whole loss; the authors' code computes the rows of its own images
        only. The statistics of a batch normalization in the encoder are those
        of one process, the paper's those of all ("Global BN", section 2.2).
    """

    def __init__(self, encoder: nn.Module, config: SimCLRConfig) -> None:
        super().__init__()
        check_config(config)
        self.config = config
        self.encoder = encoder
        self.head = make_head(config)

    # --8<-- [start:model]
    def forward(
        self,
        first: Float[Tensor, "batch channel height width"],
        second: Float[Tensor, "batch channel height width"],
        index: Int[Tensor, " batch"] | None = None,
    ) -> Float[Tensor, ""]:
        """Return the loss of a batch: of all processes' images together.

        Args:
            first: A view of every image.
            second: Another view of the same images, in the same order.
            index: The images' numbers in the data set; SimCLR needs none.

        Returns:
            The loss, the same in every process.
        """
        checks.shape("SimCLR", "second", second, *first.shape)
        # One pass: a batch normalization sees both views together.
        z = self.head(self.features(torch.cat([first, second])))
        one, other = (gather(view) for view in z.chunk(2))
        return nt_xent(one, other, self.config.temperature, self.config.form)

    def features(
        self, images: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch feature"]:
        """Map images to what later tasks use: without the head.

        Args:
            images: The images.

        Returns:
            The features $h$.
        """
        h: Tensor = self.encoder(images)  # (6)
        return h

    def embed(
        self, images: Float[Tensor, "batch channel height width"]
    ) -> Float[Tensor, "batch embedding"]:
        """Map images to unit vectors, those that the loss compares.

        Args:
            images: The images.

        Returns:
            The vectors $v$.
        """
        return l2_normalize(self.head(self.features(images)))  # (7)

    # --8<-- [end:model]


def _check(
    first: Tensor, second: Tensor, temperature: float, form: str
) -> None:
    """Refuse what has no loss."""
    check_temperature("nt_xent", temperature)
    checks.one_of("nt_xent", "form", form, FORMS)
    checks.same_kind("nt_xent", first=first, second=second)
    checks.matrix("nt_xent", "first", first)
    checks.shape("nt_xent", "second", second, *first.shape)
    if not len(first):
        raise PfsValueError(
            "S14",
            where="nt_xent, first",
            expected="at least one image",
            got=f"shape {tuple(first.shape)}",
            todo="leave out a batch that is empty",
        )
