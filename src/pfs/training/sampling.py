r"""Let a model of language speak."""

import torch
from torch import nn

from pfs.errors import PfsValueError
from pfs.nn import softmax
from pfs.shapes import Float, Int, Tensor
from pfs.text.vocabulary import Vocabulary


@torch.no_grad()
def sample(
    model: nn.Module,
    vocabulary: Vocabulary,
    prompt: str,
    length: int,
    *,
    temperature: float = 1.0,
    generator: torch.Generator | None = None,
) -> str:
    r"""Let a model go on writing, symbol by symbol.

    $$ w_{t+1} \sim \mathrm{softmax}(z_t / \tau) \tag{1} $$

    Args:
        model: The model, $z_t$ its logits.
        vocabulary: The one that it was trained with.
        prompt: What it reads first; at least one symbol.
        length: How many symbols to write.
        temperature: $\tau$: 1 draws as the model believes, less draws the
            likely more often, 0 takes the likeliest, more evens out.
        generator: Where the randomness comes from.

    Returns:
        The prompt and what the model wrote.

    Raises:
        ValueError: A01 if `length` or `temperature` is negative, X06 if the
            prompt is empty, X08 if it holds a symbol that the model does not
            know.

    Examples:
        >>> from pfs.recipes.char_rnn import CHAR_RNN, CharRNN
        >>> vocabulary = Vocabulary("abc")
        >>> len(sample(CharRNN(3, CHAR_RNN), vocabulary, "ab", 5))
        7

    Source:
        Sutskever, Martens & Hinton (2011); the temperature after Ackley,
        Hinton & Sejnowski (1985).

    Differs:
        nothing
    """
    _check_request(prompt, length, temperature)
    was_training = model.training
    model.eval()
    ids = vocabulary.encode(prompt)
    read, state = ids[None], None
    written: list[int] = []
    for _ in range(length):
        logits, state = model(read, state)
        read = draw(logits[:, -1], temperature, generator)[:, None]
        written.append(int(read))
    model.train(was_training)
    return vocabulary.decode(ids) + vocabulary.decode(written)


def draw(
    logits: Float[Tensor, "batch vocab"],
    temperature: float,
    generator: torch.Generator | None = None,
) -> Int[Tensor, " batch"]:
    """Draw a symbol from every row of logits.

    Args:
        logits: What the model says of the next symbol.
        temperature: As in `sample`.
        generator: Where the randomness comes from.

    Returns:
        The ids.

    Examples:
        >>> draw(torch.tensor([[0.0, 2.0, 1.0]]), temperature=0.0)
        tensor([1])

    Source:
        This project.

    Differs:
        nothing
    """
    if temperature == 0:
        return logits.argmax(-1)
    # From the largest down: a tiny temperature may not make inf - inf.
    below = logits - logits.amax(-1, keepdim=True)
    p = softmax(below / temperature, dim=-1)  # (1)
    return torch.multinomial(p, 1, generator=generator).squeeze(-1)


def _check_request(prompt: str, length: int, temperature: float) -> None:
    if not prompt:
        raise PfsValueError(
            "X06",
            where="sample, prompt",
            expected="at least one character",
            got="an empty prompt",
            todo="give the model something to read first",
        )
    for name, value in (("length", length), ("temperature", temperature)):
        if not value >= 0:
            raise PfsValueError(
                "A01",
                where=f"sample, {name}",
                expected="0 or more",
                got=repr(value),
                todo=f"pass another {name}",
            )
