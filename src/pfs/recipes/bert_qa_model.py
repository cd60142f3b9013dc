r"""The models of the recipe: one that answers, and one that fills gaps too.

Note: notes/bert
"""

from dataclasses import asdict
from typing import Any

import torch
from torch import nn

from pfs.nn import Linear
from pfs.recipes.bert_qa_config import BertQaConfig
from pfs.shapes import Bool, Float, Int, Tensor
from pfs.translation.transformer_inputs import PositionalEncoding
from pfs.words.bert import (
    BertConfig,
    BertForPreTraining,
    BertForQuestionAnswering,
)
from pfs.words.bert_heads import initialize


class GapsAndAnswers(BertForPreTraining):
    """A BERT with the heads of both trainings.

    Args:
        config: The sizes.

    Source:
        Devlin et al. (2019), figure 1.

    Differs:
        The paper's model loses its first heads before it gets the other.
    """

    def __init__(self, config: BertConfig) -> None:
        super().__init__(config)
        self.span = Linear(config.hidden_size, 2)
        initialize(self.span, config.initializer_range)

    def forward(
        self,
        ids: Int[Tensor, "batch time"],
        types: Int[Tensor, "batch time"] | None = None,
        key_padding_mask: Bool[Tensor, "batch time"] | None = None,
        chosen: Bool[Tensor, "batch time"] | None = None,
    ) -> tuple[Float[Tensor, "*one"], Float[Tensor, "*two"]]:
        """Guess words and order, or point at an answer.

        Args:
            ids: The word pieces.
            types: The segments.
            key_padding_mask: `True` where a place is padding.
            chosen: `True` where a word is to be guessed; `None` to answer.

        Returns:
            The logits of words and order, or of starts and ends.
        """
        if chosen is not None:
            return super().forward(ids, types, key_padding_mask, chosen)
        h, _ = self.bert(ids, types, key_padding_mask)
        start, end = self.span(h).unbind(-1)
        return start, end


def sizes(config: BertQaConfig, vocab: int) -> BertConfig:
    """Return the sizes of a model that is trained from the beginning.

    Args:
        config: The settings.
        vocab: How many word pieces there are.

    Returns:
        The sizes; the feed-forward network is four times as wide.

    Raises:
        ValueError: A01 if a setting is out of range.

    Examples:
        >>> from pfs.recipes.bert_qa_config import BERT_QA
        >>> sizes(BERT_QA, 500).intermediate_size
        256

    Source:
        Devlin et al. (2019), section 3.

    Differs:
        nothing
    """
    return BertConfig(
        vocab_size=vocab,
        hidden_size=config.d_model,
        num_hidden_layers=config.num_layers,
        num_attention_heads=config.num_heads,
        intermediate_size=4 * config.d_model,
        max_position_embeddings=config.places,
        hidden_dropout_prob=config.dropout,
        attention_probs_dropout_prob=config.dropout,
        initializer_range=config.spread,
        norm_first=config.norm_first,
    )


def match(model: Any) -> None:
    r"""Let equal tokens, and neighbours, find each other from the start.

    In every layer $W_q$ begins as $W_k$: a token then attends to tokens like
    itself. The positions begin as the Transformer's sines, which are the more
    alike the nearer they are. All of it is learnt as before.

    Args:
        model: A `BertForQuestionAnswering`, or a `GapsAndAnswers`.

    Raises:
        ValueError: A01 if the width is odd.

    Examples:
        >>> from pfs.words.bert import BERT_TINY
        >>> model = BertForQuestionAnswering(BERT_TINY)
        >>> match(model)
        >>> q, k, _ = model.bert.layers[0].self_attn.in_proj_weight.chunk(3)
        >>> bool((q == k).all())
        True

    Source:
        This project; the sines: Vaswani et al. (2017), section 3.5.

    Differs:
        BERT draws all of them, and learns to match on billions of words.
    """
    config = model.bert.config
    positions = model.bert.embeddings.positions.weight
    with torch.no_grad():
        sines = PositionalEncoding(config.hidden_size)(0 * positions)
        positions.copy_(config.initializer_range * sines)
        for layer in model.bert.layers:
            query, key, _ = layer.self_attn.in_proj_weight.chunk(3)
            query.copy_(key)


def answering(model: Any) -> BertForQuestionAnswering:
    """Take the heads of pre-training off.

    Args:
        model: A `BertForQuestionAnswering`, or a `GapsAndAnswers`.

    Returns:
        The model that answers, with the same numbers.

    Examples:
        >>> from pfs.words.bert import BERT_TINY
        >>> type(answering(GapsAndAnswers(BERT_TINY))).__name__
        'BertForQuestionAnswering'

    Source:
        Devlin et al. (2019), figure 1.

    Differs:
        nothing
    """
    if isinstance(model, BertForQuestionAnswering):
        return model
    weight = model.span.weight
    made = BertForQuestionAnswering(
        model.bert.config, device=weight.device, dtype=weight.dtype
    )
    wanted = made.state_dict()
    made.load_state_dict(
        {k: v for k, v in model.state_dict().items() if k in wanted}
    )
    return made.train(model.training)


def described(model: BertForQuestionAnswering) -> dict[str, Any]:
    """Write the sizes of a model down.

    Args:
        model: The model.

    Returns:
        Plain JSON for `rebuilt`.

    Examples:
        >>> from pfs.words.bert import BERT_TINY
        >>> made = BertForQuestionAnswering(BERT_TINY)
        >>> rebuilt(described(made), "float64").span.weight.dtype
        torch.float64

    Source:
        This project.

    Differs:
        nothing
    """
    return asdict(model.bert.config)


def rebuilt(sizes: dict[str, Any], precision: str) -> BertForQuestionAnswering:
    """Build a model again, with weights that are to be replaced.

    Args:
        sizes: What `described` returned.
        precision: Of the run.

    Returns:
        The model.

    Raises:
        ValueError: A01 if a size is out of range.
        TypeError: If it is not a size.

    Examples:
        >>> rebuilt.__name__
        'rebuilt'

    Source:
        This project.

    Differs:
        nothing
    """
    model = BertForQuestionAnswering(BertConfig(**sizes))
    as_wanted(model, precision)
    return model


def as_wanted(model: Any, precision: str) -> Any:
    """Give a model the kind of numbers of a run.

    Args:
        model: The model.
        precision: float32, float64 or bf16.

    Returns:
        The same model.

    Examples:
        >>> as_wanted(nn.Identity(), "float64")
        Identity()

    Source:
        This project.

    Differs:
        nothing
    """
    assert isinstance(model, nn.Module)
    kind = torch.float64 if precision == "float64" else torch.float32
    return model.to(kind)
