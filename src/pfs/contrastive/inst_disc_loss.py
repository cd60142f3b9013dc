r"""Which of all images is it? The softmax over a bank, and its estimate.

Wu, Xiong, Yu & Lin (2018). Note: notes/inst_disc
"""

import math

import torch

from pfs.contrastive.inst_disc_config import check_temperature
from pfs.nn import checks, log_softmax
from pfs.shapes import Float, Int, Tensor


# --8<-- [start:softmax]
def non_parametric_softmax_loss(
    embeddings: Float[Tensor, "batch embed"],
    bank: Float[Tensor, "memory embed"],
    index: Int[Tensor, " batch"],
    temperature: float = 0.07,
) -> Float[Tensor, ""]:
    r"""Return how surprising it is that each image is itself.

    $$
    \begin{align}
    P(i \mid v) &= \frac{\exp(v_i^\top v / \tau)}
    {\sum_{j=1}^{n} \exp(v_j^\top v / \tau)} \tag{2} \\
    J &= -\frac{1}{B} \sum_{b=1}^{B} \log P(i_b \mid f_b) \tag{3}
    \end{align}
    $$

    Args:
        embeddings: The unit vectors $f_b$ of the batch.
        bank: One unit vector $v_j$ for every image of the data set.
        index: The number $i_b$ of each image of the batch.
        temperature: $\tau$, above 0.

    Returns:
        The mean over the batch; $\ln n$ if all scores are equal.

    Raises:
        ValueError: S14 if the shapes do not fit, A01 if the temperature is
            not above 0.
        IndexError: S09 if the bank has no row of a number.
        TypeError: S01 if the dtypes differ or the numbers are not whole.

    Examples:
        >>> bank = torch.eye(3)
        >>> non_parametric_softmax_loss(bank, bank, torch.arange(3), 1.0)
        tensor(0.5514)

    Source:
        Wu et al. (2018), equations 2 and 3.

    Differs:
        The paper sums over the data set; here it is the mean over a batch.
    """
    where = "non_parametric_softmax_loss"
    _check(where, embeddings, bank, temperature)
    _check_index(where, embeddings, bank, index)
    scores: Float[Tensor, "batch memory"] = embeddings @ bank.T / temperature
    log_p = log_softmax(scores)  # (2)
    return -log_p.gather(1, index.long()[:, None]).mean()  # (3)


# --8<-- [end:softmax]


# --8<-- [start:normalizer]
@torch.no_grad()
def estimate_normalizer(
    embeddings: Float[Tensor, "batch embed"],
    bank: Float[Tensor, "memory embed"],
    noise: Int[Tensor, "batch noise"],
    temperature: float = 0.07,
) -> Float[Tensor, ""]:
    r"""Estimate the denominator of the softmax from a sample of the bank.

    $$ Z = \frac{n}{B\,m} \sum_{b=1}^{B} \sum_{k=1}^{m}
    \exp(v_{j_{bk}}^\top f_b / \tau) \tag{4} $$

    Args:
        embeddings: The unit vectors $f_b$ of a batch.
        bank: The $n$ unit vectors $v_j$.
        noise: For each image $m$ numbers $j_{bk}$, drawn evenly from all.
        temperature: $\tau$, above 0.

    Returns:
        One number for all images, without a gradient.

    Raises:
        ValueError: S14 if the shapes do not fit, A01 if the temperature is
            not above 0.
        IndexError: S09 if the bank has no row of a number.
        TypeError: S01 if the dtypes differ or the numbers are not whole.

    Examples:
        >>> bank, noise = torch.eye(4), torch.arange(4)[None]
        >>> estimate_normalizer(bank[:1], bank, noise, 1.0)  # e + 3
        tensor(5.7183)

    Source:
        Wu et al. (2018), equation 8.

    Differs:
        The authors' code also counts the image's own row, one of $m + 1$.
    """
    where = "estimate_normalizer"
    _check(where, embeddings, bank, temperature)
    _check_noise(where, embeddings, bank, noise)
    scores = _scores(embeddings, bank, noise, temperature)
    return len(bank) * scores.exp().mean()  # (4)


# --8<-- [end:normalizer]


# --8<-- [start:nce]
def nce_loss(
    embeddings: Float[Tensor, "batch embed"],
    bank: Float[Tensor, "memory embed"],
    index: Int[Tensor, " batch"],
    noise: Int[Tensor, "batch noise"],
    normalizer: Float[Tensor, ""],
    temperature: float = 0.07,
    eps: float = 0.0,
) -> Float[Tensor, ""]:
    r"""Tell the own row of the bank from rows drawn at random.

    $$
    \begin{align}
    h(i, v) &= \frac{P(i \mid v)}{P(i \mid v) + m / n}, \qquad
    P(i \mid v) = \frac{\exp(v_i^\top v / \tau)}{Z} \tag{5} \\
    J_\text{NCE} &= -\frac{1}{B} \sum_{b=1}^{B} \Big[ \log h(i_b, f_b)
    + \sum_{k=1}^{m} \log\big(1 - h(j_{bk}, f_b)\big) \Big] \tag{6}
    \end{align}
    $$

    Args:
        embeddings: The unit vectors $f_b$ of the batch.
        bank: One unit vector $v_j$ for each of the $n$ images.
        index: The number $i_b$ of each image of the batch.
        noise: For each image $m$ numbers $j_{bk}$, drawn evenly from all
            $n$; its own may be among them.
        normalizer: The constant $Z$ of `estimate_normalizer`.
        temperature: $\tau$, above 0.
        eps: What the authors' code adds to both denominators; there 1e-7.

    Returns:
        The mean over the batch of a sum of $1 + m$ terms.

    Raises:
        ValueError: S14 if the shapes do not fit, A01 if the temperature is
            not above 0 or there is no noise.
        IndexError: S09 if the bank has no row of a number.
        TypeError: S01 if the dtypes differ or the numbers are not whole.

    Examples:
        >>> bank, index = torch.ones(5, 1), torch.tensor([2])
        >>> noise, Z = torch.tensor([[0, 4, 2]]), 5 * torch.tensor(1.0).exp()
        >>> nce_loss(bank[:1], bank, index, noise, Z, 1.0)
        tensor(2.2493)

    Source:
        Wu et al. (2018), equations 4 to 7; Gutmann & Hyvärinen (2010).

    Differs:
        Logarithms are taken of the terms, not of their quotients: nothing
        overflows. The factor $m$ of the paper's expectation is the sum.
    """
    where = "nce_loss"
    _check(where, embeddings, bank, temperature)
    _check_index(where, embeddings, bank, index)
    _check_noise(where, embeddings, bank, noise)
    rows: Int[Tensor, "batch 1+noise"] = torch.cat([index[:, None], noise], 1)
    scores = _scores(embeddings, bank, rows, temperature)
    log_p: Float[Tensor, "batch 1+noise"] = scores - normalizer.log()
    expected = noise.shape[1] / len(bank)  # m / n
    log_sum = torch.logaddexp(log_p, log_p.new_tensor(expected + eps).log())
    log_h = log_p[:, 0] - log_sum[:, 0]  # (5)
    log_rest = math.log(expected) - log_sum[:, 1:]
    return -(log_h + log_rest.sum(1)).mean()  # (6)


# --8<-- [end:nce]


def _scores(
    f: Tensor, bank: Tensor, rows: Tensor, temperature: float
) -> Tensor:
    """Return the scores of some rows of the bank, others for each image."""
    return (bank[rows] @ f[:, :, None])[:, :, 0] / temperature


def _check(where: str, f: Tensor, bank: Tensor, temperature: float) -> None:
    """Refuse embeddings and a bank that do not fit together."""
    checks.same_kind(where, embeddings=f, bank=bank)
    checks.matrix(where, "embeddings", f)
    checks.matrix(where, "bank", bank)
    checks.last_axis(where, "bank", bank, f.shape[1], "embed")
    check_temperature(where, temperature)


def _check_index(where: str, f: Tensor, bank: Tensor, index: Tensor) -> None:
    """Refuse numbers of images that the bank does not have."""
    checks.tensor(where, "index", index)
    checks.shape(where, "index", index, len(f))
    checks.indices(where, "index", index, len(bank))


def _check_noise(where: str, f: Tensor, bank: Tensor, noise: Tensor) -> None:
    """Refuse noise that is not drawn from the bank, or none."""
    checks.tensor(where, "noise", noise)
    checks.matrix(where, "noise", noise)
    checks.positive(where, negatives=noise.shape[1])
    checks.shape(where, "noise", noise, len(f), noise.shape[1])
    checks.indices(where, "noise", noise, len(bank))
