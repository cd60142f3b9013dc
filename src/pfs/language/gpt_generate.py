r"""Let a GPT write: temperature, the k likeliest, the nucleus, a cache.

Fan et al. (2018); Holtzman et al. (2020). Note: notes/gpt
"""

import torch

from pfs.errors import PfsValueError
from pfs.language.gpt import GPT
from pfs.nn import checks, softmax
from pfs.shapes import Float, Int, Tensor


# --8<-- [start:top_k]
def top_k_filter(
    logits: Float[Tensor, "*batch vocab"], k: int
) -> Float[Tensor, "*batch vocab"]:
    r"""Keep the $k$ likeliest tokens.

    $$ z_i \leftarrow -\infty \quad\text{unless}\quad
    z_i \ge z_{(k)} \tag{7} $$

    Args:
        logits: The logits $z$; $z_{(k)}$ is the $k$-th largest.
        k: How many tokens stay, at least 1; all if there are fewer.

    Returns:
        The logits, $-\infty$ for all others. Equals of the last one stay too.

    Raises:
        ValueError: A01 if `k` is not above 0.

    Examples:
        >>> top_k_filter(torch.tensor([1.0, 3.0, 2.0]), 2)
        tensor([-inf, 3., 2.])

    Source:
        Fan, Lewis & Dauphin (2018), section 5.

    Differs:
        nothing from `TopKLogitsWarper` of `transformers`.
    """
    checks.positive("top_k_filter", k=k)
    last = logits.topk(min(k, logits.shape[-1]), -1).values[..., -1:]
    return logits.masked_fill(logits < last, -torch.inf)  # (7)
    # --8<-- [end:top_k]


# --8<-- [start:top_p]
def top_p_filter(
    logits: Float[Tensor, "*batch vocab"], p: float
) -> Float[Tensor, "*batch vocab"]:
    r"""Keep the fewest tokens that have together a probability of $p$.

    $$ z_{(i)} \leftarrow -\infty \quad\text{if}\quad
    \sum_{j < i} \mathrm{softmax}(z)_{(j)} \ge p \tag{8} $$

    Args:
        logits: The logits; $z_{(1)} \ge z_{(2)} \ge \dots$
        p: The probability, above 0 and at most 1.

    Returns:
        The logits, $-\infty$ for all others; the likeliest always stays.

    Raises:
        ValueError: A01 if `p` is out of range.

    Examples:
        >>> top_p_filter(torch.tensor([0.5, 0.3, 0.2]).log(), 0.7).exp()
        tensor([0.5000, 0.3000, 0.0000])

    Source:
        Holtzman et al. (2020), section 3.1.

    Differs:
        nothing from `TopPLogitsWarper` of `transformers`, rounding aside.
    """
    if not 0 < p <= 1:
        raise PfsValueError(
            "A01",
            where="top_p_filter, p",
            expected="a probability above 0, at most 1",
            got=repr(p),
            todo="pass 1.0 to keep all tokens",
        )
    order = logits.argsort(dim=-1, descending=True, stable=True)
    share = softmax(logits).gather(-1, order)
    before = share.cumsum(-1) - share
    late = before >= p
    late[..., 0] = False
    out = torch.empty_like(late).scatter(-1, order, late)
    return logits.masked_fill(out, -torch.inf)  # (8)
    # --8<-- [end:top_p]


# --8<-- [start:generate]
def generate(
    model: GPT,
    ids: Int[Tensor, "batch time"],
    length: int,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    generator: torch.Generator | None = None,
    cached: bool = True,
) -> Int[Tensor, "batch _more"]:
    r"""Go on with texts, token by token.

    $$ u_{t+1} \sim \mathrm{softmax}(z_t / \tau) \tag{9} $$

    First the temperature acts, then the filters. A text that has become longer
    than the model reads is cut in front.

    Args:
        model: The model; it is put into `eval` and back.
        ids: How the texts begin.
        length: How many tokens to write.
        temperature: $\tau$; 0 takes the likeliest token.
        top_k: Keep so many tokens; all if `None`.
        top_p: Keep so much probability; all if `None`.
        generator: Where the randomness comes from.
        cached: Whether keys and values of old tokens are kept. The outcome is
            the same; without it every step reads the whole text.

    Returns:
        The texts, beginning included.

    Raises:
        ValueError: A01 if a number is out of range; else as `GPT`.

    Examples:
        >>> from pfs.language.gpt import GPT_TINY
        >>> model = GPT(GPT_TINY)
        >>> generate(model, torch.tensor([[1, 2]]), 3, temperature=0.0).shape
        torch.Size([1, 5])

    Source:
        Radford et al. (2019), section 3; Holtzman et al. (2020), section 4.

    Differs:
        nothing
    """
    _check(length, temperature)
    most = model.config.n_positions
    was = model.training
    model.eval()
    caches, new = None, ids[:, -most:]
    try:
        with torch.no_grad():
            for _ in range(length):
                full = caches is not None and len(caches[0]) == most
                if not cached or caches is None or full:
                    caches = model.caches() if cached else None
                    new = ids[:, -most:]
                z = model(new, caches)[:, -1]
                new = _choose(z, temperature, top_k, top_p, generator)
                ids = torch.cat([ids, new], 1)
    finally:
        model.train(was)
    return ids
    # --8<-- [end:generate]


def _choose(
    z: Tensor,
    temperature: float,
    top_k: int | None,
    top_p: float | None,
    generator: torch.Generator | None,
) -> Tensor:
    if temperature == 0:
        return z.argmax(-1, keepdim=True)
    z = z / temperature
    if top_k is not None:
        z = top_k_filter(z, top_k)
    if top_p is not None:
        z = top_p_filter(z, top_p)
    return torch.multinomial(softmax(z), 1, generator=generator)  # (9)


def _check(length: int, temperature: float) -> None:
    checks.whole("generate", "length", length)
    for name, value in (("length", length), ("temperature", temperature)):
        if not value >= 0:
            raise PfsValueError(
                "A01",
                where=f"generate, {name}",
                expected="0 or more",
                got=repr(value),
                todo=f"pass a larger {name}",
            )
