r"""Stay near your copy, stay away from everybody else.

Ye, Zhang, Yuen & Chang (2019). Note: notes/inva_spread
"""

import torch

from pfs.errors import PfsValueError
from pfs.nn import checks, log_softmax
from pfs.shapes import Float, Tensor


# --8<-- [start:complement]
def log_not_softmax(
    scores: Float[Tensor, "row class"],
) -> Float[Tensor, "row class"]:
    r"""Return the logarithm of 1 minus the softmax of each row.

    $$ \log(1 - p_i) = \log \sum_{k \ne i} e^{s_k} - \log \sum_k e^{s_k}
    \tag{4} $$

    Only the largest $p_i$ of a row can be above 1/2. Its complement is summed
    from the others, so nothing is lost when it rounds to 1; for the rest
    $\log(1 - p_i)$ is taken as it stands.

    Args:
        scores: The scores $s_k$; at least two of a row are finite, the others
            may be $-\infty$ ($p_k = 0$).

    Returns:
        The logarithms; they are finite, and so is their gradient.

    Raises:
        ValueError: S14 if `scores` is not a matrix.

    Examples:
        >>> log_not_softmax(torch.tensor([[40.0, 0.0]]))[0, 0]
        tensor(-40.)

    Source:
        This project. The authors take the logarithm of $1 - p$, which is
        $-\infty$ as soon as $p$ rounds to 1.

    Differs:
        nothing
    """
    checks.matrix("log_not_softmax", "scores", scores)
    first = torch.zeros_like(scores, dtype=torch.bool)
    first.scatter_(1, scores.argmax(1, keepdim=True), True)
    others = scores.masked_fill(first, float("-inf"))
    p = log_softmax(scores).masked_fill(first, float("-inf")).exp()
    total = torch.logsumexp(scores, 1, keepdim=True)
    rest = torch.logsumexp(others, 1, keepdim=True) - total  # (4)
    return torch.where(first, rest, torch.log1p(-p))


# --8<-- [end:complement]


# --8<-- [start:loss]
def inva_spread_terms(
    first: Float[Tensor, "batch embed"],
    second: Float[Tensor, "batch embed"],
    temperature: float = 0.1,
    *,
    joint: bool = False,
    detach: bool = False,
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    r"""Return the two parts of `inva_spread_loss`.

    $$
    \begin{align}
    P(i \mid \hat x_i) &= \frac{\exp(f_i^\top \hat f_i / \tau)}
    {\sum_{k=1}^{m} \exp(f_k^\top \hat f_i / \tau)} \tag{1} \\
    P(i \mid x_j) &= \frac{\exp(f_i^\top f_j / \tau)}
    {\sum_{k=1}^{m} \exp(f_k^\top f_j / \tau)}, \qquad j \ne i \tag{2}
    \end{align}
    $$

    Args:
        first: The unit vectors $f_i$ of the images.
        second: Those of their augmented copies, $\hat f_i$.
        temperature: $\tau$, above 0.
        joint: See `inva_spread_loss`.
        detach: See `inva_spread_loss`.

    Returns:
        What keeps copies near (invariance) and what keeps others away
        (spreading), each a mean over the images.

    Raises:
        ValueError: S14 if the shapes differ, S02 if the devices do, A01 if
            there are fewer than two images or the temperature is not above 0.
        TypeError: S01 if the dtypes differ, A02 if one is not a tensor.

    Examples:
        >>> same = torch.ones(3, 1)
        >>> near, away = inva_spread_terms(same, same)
        >>> near, away  # ln 3 and 2 ln 1.5
        (tensor(1.0986), tensor(0.8109))

    Source:
        Ye et al. (2019), section 3.

    Differs:
        As `inva_spread_loss`.
    """
    _check(first, second, temperature)
    f = torch.cat([first, second]) if joint else first
    own = torch.eye(len(f), dtype=torch.bool, device=f.device)
    scores = _scores(f, f, temperature, detach)
    if joint:  # a row is a picture; all others are its classes
        scores = scores.masked_fill(own, float("-inf"))
        right = own.roll(len(first), 1)
        log_p = log_softmax(scores)
    else:
        right = own
        log_p = log_softmax(_scores(second, f, temperature, detach))  # (1)
    near = log_p.masked_fill(~right, 0.0)
    away = log_not_softmax(scores).masked_fill(own | right, 0.0)  # (2)
    return -near.sum() / len(f), -away.sum() / len(f)


def inva_spread_loss(
    first: Float[Tensor, "batch embed"],
    second: Float[Tensor, "batch embed"],
    temperature: float = 0.1,
    *,
    joint: bool = False,
    detach: bool = False,
) -> Float[Tensor, ""]:
    r"""Classify copies as their image, and no image as another one.

    $$ J = -\frac1m \sum_i \Big[ \log P(i \mid \hat x_i)
    + \sum_{j \ne i} \log\big(1 - P(i \mid x_j)\big) \Big] \tag{3} $$

    The probabilities are those of `inva_spread_terms`.

    Args:
        first: The unit vectors $f_i$ of the images; they are the classes.
        second: Those of their augmented copies, $\hat f_i$.
        temperature: $\tau$, above 0.
        joint: As the released code: all $2m$ pictures are told from each
            other, and none is a class for itself.
        detach: As the released code: the gradient flows through the picture
            that is classified, not through the classes.

    Returns:
        The mean over the images (over the $2m$ pictures, if `joint`).

    Raises:
        ValueError: S14 if the shapes differ, S02 if the devices do, A01 if
            there are fewer than two images or the temperature is not above 0.
        TypeError: S01 if the dtypes differ, A02 if one is not a tensor.

    Examples:
        >>> f = torch.eye(2)
        >>> inva_spread_loss(f, f, 1.0)
        tensor(0.6265)
        >>> inva_spread_loss(f, f, 1.0, joint=True, detach=True)
        tensor(1.0278)

    Source:
        Ye et al. (2019), section 3; with both switches
        mangye16/Unsupervised_Embedding_Learning, `BatchAverage.py`, 045f5bc.

    Differs:
        The paper sums over the batch; here, as in the released code, it is
        the mean.
    """
    form = {"joint": joint, "detach": detach}
    near, away = inva_spread_terms(first, second, temperature, **form)
    return near + away  # (3)


# --8<-- [end:loss]


def _scores(
    pictures: Tensor, classes: Tensor, temperature: float, detach: bool
) -> Tensor:
    """Return the score of each picture (row) for each class (column)."""
    classes = classes.detach() if detach else classes
    return pictures @ classes.T / temperature


def check_temperature(where: str, temperature: float) -> None:
    """Refuse a temperature that is not above 0.

    Args:
        where: Who asks.
        temperature: What it was given.

    Raises:
        ValueError: A01 if it is 0, below, or not finite.

    Examples:
        >>> check_temperature("inva_spread_loss", 0.1)

    Source:
        This project.

    Differs:
        nothing
    """
    if not 0 < temperature < float("inf"):
        raise PfsValueError(
            "A01",
            where=f"{where}, temperature",
            expected="a number above 0",
            got=str(temperature),
            todo="the paper has 0.1",
        )


def _check(first: Tensor, second: Tensor, temperature: float) -> None:
    where = "inva_spread_loss"
    checks.same_kind(where, first=first, second=second)
    checks.matrix(where, "first", first)
    checks.shape(where, "second", second, *first.shape)
    check_temperature(where, temperature)
    if len(first) < 2:
        raise PfsValueError(
            "A01",
            where=f"{where}, first",
            expected="at least two images",
            got=str(len(first)),
            todo="one image alone has nobody to keep away from",
        )
