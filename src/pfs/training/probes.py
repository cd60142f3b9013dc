r"""What features are worth: neighbours that vote, a linear layer, two averages.

A model that was trained without labels has no accuracy. These four measures
look at its features, and only the first two at labels.
"""

import math
from collections.abc import Sequence
from typing import Final

import torch

from pfs.errors import PfsValueError
from pfs.nn import checks, l2_normalize, softmax
from pfs.shapes import Float, Int, Tensor

NEIGHBOURS: Final = (1, 20, 200)
"""How many neighbours vote."""
ROWS: Final = 500
"""How many vectors are compared with all others at once."""


# --8<-- [start:vote]
@torch.no_grad()
def knn_accuracies(
    features: Float[Tensor, "train feature"],
    labels: Int[Tensor, " train"],
    test_features: Float[Tensor, "test feature"],
    test_labels: Int[Tensor, " test"],
    temperature: float = 0.1,
    neighbours: Sequence[int] = NEIGHBOURS,
) -> list[float]:
    r"""Let the nearest training images vote on the class of each test image.

    $$ \hat y = \arg\max_c \sum_{i \in N_k} e^{s_i / \tau}\, [y_i = c]
    \tag{1} $$

    Args:
        features: The features of the images that vote; $s_i$ is the cosine
            between those of one and of the image that is judged, $N_k$ the
            $k$ with the largest.
        labels: Their classes $y_i$.
        test_features: The features of the images to be judged.
        test_labels: Their classes.
        temperature: $\tau$, above 0.
        neighbours: Each $k$; all images vote if there are fewer.

    Returns:
        The share of right classes for each $k$.

    Raises:
        ValueError: A01 if the temperature or a $k$ is not above 0.

    Examples:
        >>> x, y = torch.eye(3), torch.arange(3)
        >>> knn_accuracies(x.repeat(100, 1), y.repeat(100), x, y)
        [1.0, 1.0, 1.0]

    Source:
        Wu et al. (2018), section 3.4.

    Differs:
        nothing
    """
    for k in neighbours:
        checks.positive("knn_accuracies", neighbours=k)
    _above_0("knn_accuracies, temperature", temperature)
    length = features.norm(dim=1, keepdim=True).clamp(min=1e-12)
    train = features / length
    length = test_features.norm(dim=1, keepdim=True).clamp(min=1e-12)
    test = test_features / length
    classes = int(labels.max()) + 1
    right = [0] * len(neighbours)
    for start in range(0, len(test), ROWS):
        rows = slice(start, start + ROWS)
        near = (test[rows] @ train.T).topk(min(max(neighbours), len(train)))
        weight = (near.values / temperature).exp()
        for place, k in enumerate(neighbours):
            votes = weight.new_zeros(len(weight), classes)
            votes.scatter_add_(1, labels[near.indices[:, :k]], weight[:, :k])
            guess = votes.argmax(1)  # (1)
            right[place] += int((guess == test_labels[rows]).sum())
    return [count / len(test) for count in right]


# --8<-- [end:vote]


# --8<-- [start:linear]
@torch.no_grad()
def linear_probe(
    features: Float[Tensor, "train feature"],
    labels: Int[Tensor, " train"],
    test_features: Float[Tensor, "test feature"],
    test_labels: Int[Tensor, " test"],
    decay: float = 1.0,
    steps: int = 500,
) -> float:
    r"""Train one linear layer on features that stay as they are.

    $$ L(W, b) = \frac1n \sum_i \ell(W z_i + b,\, y_i) + \frac{\lambda}{2n}
    \lVert W \rVert^2, \qquad \ell = \text{cross entropy} \tag{1} $$

    $L$ is convex, so its minimum depends on nothing but the features: no
    seed, no learning rate. Nesterov's method finds it with steps of $1 / H$,
    where $H$ bounds the curvature, and all examples in every step.

    Args:
        features: The features of the training images; $z_i$ are these,
            every coordinate with mean 0 and deviation 1.
        labels: Their classes $y_i$.
        test_features: The features of the images to be judged.
        test_labels: Their classes.
        decay: $\lambda$, above 0; without it, features that a plane can tell
            apart have no minimum.
        steps: How many steps to make.

    Returns:
        The share of right classes.

    Raises:
        ValueError: A01 if `decay` or `steps` is not above 0.

    Examples:
        >>> x, y = torch.eye(3).repeat(5, 1), torch.arange(3).repeat(5)
        >>> linear_probe(x, y, x, y)
        1.0

    Source:
        Böhning (1992) for the bound of the curvature; the objective is that
        of scikit-learn's `LogisticRegression` with `C=1`.

    Differs:
        Papers train the probe by SGD on augmented images. There the learning
        rate decides much: He et al. (2020) use 30.
    """
    checks.positive("linear_probe", steps=steps)
    _above_0("linear_probe, decay", decay)
    mean, spread = features.mean(0), features.std(0, correction=0)
    z, tests = (
        (x - mean) / spread.clamp(min=1e-6 * max(1e-6, float(spread.max())))
        for x in (features, test_features)
    )
    n, classes = len(z), int(labels.max()) + 1
    z = torch.cat([z, z.new_ones(n, 1)], 1)  # the last row of W is b
    tests = torch.cat([tests, tests.new_ones(len(tests), 1)], 1)
    shrink = z.new_full((z.shape[1], 1), decay / n)
    shrink[-1] = 0
    step = 1 / (_largest(z) / (2 * n) + decay / n)
    wanted = torch.eye(classes).to(z)[labels]
    w = ahead = z.new_zeros(z.shape[1], classes)
    for t in range(steps):
        off = softmax(z @ ahead, -1) - wanted
        moved = ahead - step * (z.T @ off / n + shrink * ahead)  # (1)
        ahead = moved + t / (t + 3) * (moved - w)
        w = moved
    return float(((tests @ w).argmax(1) == test_labels).double().mean())


# --8<-- [end:linear]


# --8<-- [start:averages]
def alignment(
    first: Float[Tensor, "pair feature"], second: Float[Tensor, "pair feature"]
) -> Float[Tensor, ""]:
    r"""Measure how far the two of a positive pair lie apart.

    $$ \frac1n \sum_i \lVert v_i - v_i^+ \rVert^2 \tag{1} $$

    For unit vectors it is $2 - 2 \cos$: 0 if they agree, about 2 if they
    know nothing of each other, 4 if they are opposite.

    Args:
        first: The unit vectors $v_i$ of one view.
        second: Those of the other, $v_i^+$.

    Returns:
        The mean of the squared distances.

    Raises:
        ValueError: S14 if there are not as many.

    Examples:
        >>> alignment(torch.eye(2), torch.eye(2).flip(0))
        tensor(2.)

    Source:
        Wang & Isola (2020), section 4.1, with $\alpha = 2$.

    Differs:
        nothing
    """
    checks.shape("alignment", "second", second, *first.shape)
    return (first - second).square().sum(1).mean()  # (1)


def uniformity(
    vectors: Float[Tensor, "image feature"], t: float = 2.0
) -> Float[Tensor, ""]:
    r"""Measure how evenly unit vectors are spread over the sphere.

    $$ \log \frac{2}{n (n - 1)} \sum_{i < j} e^{-t \lVert v_i - v_j \rVert^2}
    \tag{1} $$

    It is 0 if all are the same, and lower the better they are spread; in many
    dimensions with $t = 2$ not below about $-4$, where all distances are
    $\sqrt 2$.

    Args:
        vectors: The unit vectors $v_i$, at least two.
        t: How fast a pair stops to count as it moves apart.

    Returns:
        The logarithm.

    Raises:
        ValueError: A01 if there are fewer than two vectors.

    Examples:
        >>> uniformity(torch.eye(3))
        tensor(-4.)

    Source:
        Wang & Isola (2020), section 4.1.

    Differs:
        nothing
    """
    if len(vectors) < 2:
        raise PfsValueError(
            "A01",
            where="uniformity, vectors",
            expected="at least two vectors",
            got=str(len(vectors)),
            todo="pass the vectors of more images",
        )
    length = vectors.square().sum(1)
    parts = []
    for start in range(0, len(vectors), ROWS):
        rows = slice(start, start + ROWS)
        away = length[rows, None] + length - 2 * vectors[rows] @ vectors.T
        later = torch.ones_like(away, dtype=torch.bool).triu(start + 1)
        if later.any():
            parts.append(torch.logsumexp(-t * away[later].clamp(min=0), 0))
    pairs = len(vectors) * (len(vectors) - 1) / 2
    return torch.logsumexp(torch.stack(parts), 0) - math.log(pairs)  # (1)


# --8<-- [end:averages]


def spread(vectors: Float[Tensor, "image feature"]) -> float:
    r"""Tell vectors that collapsed from others.

    $$ \frac{\sqrt d}{d} \sum_{c=1}^{d} \operatorname{std}_i
    \Bigl(\frac{v_{ic}}{\lVert v_i \rVert}\Bigr) \tag{1} $$

    Args:
        vectors: The vectors $v_i$ of some images.

    Returns:
        0 if all point into one direction, about 1 if they point everywhere.

    Examples:
        >>> spread(torch.ones(4, 3))
        0.0

    Source:
        Chen & He (2021), section 4.1.

    Differs:
        nothing
    """
    unit = l2_normalize(vectors)
    wide = unit.std(0, correction=0).mean() * math.sqrt(unit.shape[1])  # (1)
    return float(wide)


def _largest(z: Float[Tensor, "row column"]) -> float:
    """Return the largest eigenvalue of a matrix times its transpose."""
    start = torch.Generator().manual_seed(0)
    v = torch.randn(z.shape[1], generator=start).to(z)
    for _ in range(30):
        v = z.T @ (z @ (v / v.norm()))
    return float(v.norm())


def _above_0(where: str, value: float) -> None:
    if not value > 0:
        raise PfsValueError(
            "A01",
            where=where,
            expected="a number above 0",
            got=str(value),
            todo="leave it out, or pass a larger one",
        )
