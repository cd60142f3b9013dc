r"""How BERT is trained before it knows its task: it fills in gaps.

Devlin et al. (2019), section 3.1 and appendix A. Note: notes/bert
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import torch
from torch import nn

from pfs.errors import PfsValueError
from pfs.nn import checks, cross_entropy
from pfs.shapes import Float, Int, Tensor

CHOSEN: Final = 0.15
"""The share of places whose word is to be guessed."""
MASKED: Final = 0.8
"""The share of these where `[MASK]` stands instead."""
RANDOM: Final = 0.1
"""The share of these where a random piece stands instead."""
LEFT_OUT: Final = -100
"""The target of a place that is not to be guessed."""


class Masked(NamedTuple):
    """A batch with gaps, and what belongs into them.

    Source:
        Devlin et al. (2019), section 3.1.

    Differs:
        nothing
    """

    inputs: Int[Tensor, "batch time"]
    """What the model reads."""
    targets: Int[Tensor, "batch time"]
    """The right piece where it is to be guessed, `LEFT_OUT` elsewhere."""


def mask_tokens(
    ids: Int[Tensor, "batch time"],
    special: Sequence[int],
    mask: int,
    vocabulary: int,
    generator: torch.Generator | None = None,
) -> Masked:
    r"""Choose places to guess, and hide most of them.

    $$ \tilde t_i = \begin{cases}
    \texttt{[MASK]} & \text{in } 80\,\% \text{ of the places in } M \\
    \text{a random piece} & \text{in } 10\,\% \\
    t_i & \text{in } 10\,\% \text{, and at all places not in } M
    \end{cases} \tag{4} $$

    $M$ are the places to guess, 15 % of all. Special tokens are never among
    them.

    Args:
        ids: Word pieces.
        special: The ids of `[CLS]`, `[SEP]` and `[PAD]`.
        mask: The id of `[MASK]`.
        vocabulary: Number of word pieces.
        generator: Where the chance comes from; torch's own if `None`.

    Returns:
        The inputs and the targets; `ids` is not changed.

    Raises:
        ValueError: A01 if `mask` is no id.
        IndexError: S09 if a piece is not in the vocabulary.
        TypeError: S01 if the ids are not whole numbers, A02 if they are no
            tensor.

    Examples:
        >>> ids = torch.tensor([[1, 7, 8, 9, 2]])
        >>> inputs, targets = mask_tokens(
        ...     ids,
        ...     special=(1, 2),
        ...     mask=3,
        ...     vocabulary=10,
        ...     generator=torch.Generator().manual_seed(14),
        ... )
        >>> inputs
        tensor([[1, 3, 8, 9, 2]])
        >>> targets
        tensor([[-100,    7, -100, -100, -100]])

    Source:
        Devlin et al. (2019), section 3.1, "Masked LM".

    Differs:
        Every place is chosen by its own chance, as in the collators in use
        now. The released code chooses 15 % of each sequence, at least one and
        at most 20 places of 128, once, when it writes the files.
    """
    checks.indices("mask_tokens", "ids", ids, vocabulary)
    if not 0 <= mask < vocabulary:
        raise PfsValueError(
            "A01",
            where="mask_tokens, mask",
            expected=f"an id of [MASK], 0 to {vocabulary - 1}",
            got=str(mask),
            todo="look it up: wordpiece.ids['[MASK]']",
        )
    # --8<-- [start:mask]
    kind: dict[str, Any] = {"generator": generator, "device": ids.device}
    marks = torch.tensor(list(special), dtype=ids.dtype, device=ids.device)
    chosen = torch.rand(ids.shape, **kind) < CHOSEN
    chosen &= ~torch.isin(ids, marks)
    fate = torch.rand(ids.shape, **kind)
    words = torch.randint(vocabulary, ids.shape, dtype=ids.dtype, **kind)
    inputs = ids.masked_fill(chosen & (fate < MASKED), mask)
    random = chosen & (fate >= 1 - RANDOM)
    inputs = torch.where(random, words, inputs)  # (4)
    return Masked(inputs, ids.masked_fill(~chosen, LEFT_OUT))
    # --8<-- [end:mask]


def pretraining_loss(
    words: Float[Tensor, "places vocab"],
    targets: Int[Tensor, " places"],
    order: Float[Tensor, "batch 2"],
    random: Int[Tensor, " batch"],
) -> Float[Tensor, ""]:
    r"""Add the mean loss of the gaps to the mean loss of the pairs.

    $$ \mathcal{L} = -\frac{1}{|M|} \sum_{i \in M} \log p_i[t_i]
    - \frac{1}{B} \sum_{k=1}^{B} \log q_k[r_k] \tag{7} $$

    $M$ are the places that were chosen, masked or not.

    Args:
        words: The logits of the words.
        targets: The right words; `LEFT_OUT` where none was to be guessed.
        order: The logits of the order.
        random: 1 where the second text is a random one.

    Returns:
        The loss in nats; nan if no word was to be guessed.

    Examples:
        >>> loss = pretraining_loss(
        ...     torch.zeros(3, 100),
        ...     torch.arange(3),
        ...     torch.zeros(1, 2),
        ...     torch.ones(1, dtype=int),
        ... )
        >>> loss.exp()
        tensor(200.0000)

    Source:
        Devlin et al. (2019), appendix A.2: the sum of the two means.

    Differs:
        nothing
    """
    return cross_entropy(words, targets) + cross_entropy(order, random)  # (7)


def decay_groups(model: nn.Module, decay: float = 0.01) -> list[dict[str, Any]]:
    """Tell the optimizer which parameters shall shrink.

    Args:
        model: The model.
        decay: The weight decay of the matrices.

    Returns:
        Two groups: matrices and tables with the decay, shifts and the gains of
        the norms without.

    Examples:
        >>> from pfs.nn import Linear
        >>> [g["weight_decay"] for g in decay_groups(Linear(3, 5))]
        [0.01, 0.0]

    Source:
        The released `optimization.py`: everything but LayerNorm and bias.

    Differs:
        nothing. Its optimizer is `AdamW(decay_groups(model), lr=1e-4,
        eps=1e-6, bias_correction=False)`.
    """
    parameters = list(model.parameters())
    return [
        {
            "params": [p for p in parameters if p.ndim > 1],
            "weight_decay": decay,
        },
        {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
    ]
