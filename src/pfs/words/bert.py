r"""BERT: the Transformer's encoder, trained to fill in what was hidden.

Devlin et al. (2019). Note: notes/bert
"""

from typing import Any

from torch import nn

from pfs.nn import LayerNorm, Linear, checks, tanh
from pfs.shapes import Bool, Float, Int, Tensor
from pfs.translation.transformer import TransformerEncoderLayer
from pfs.words.bert_config import (
    BERT_BASE,
    BERT_CHINESE,
    BERT_LARGE,
    BERT_MINI,
    BERT_MULTILINGUAL,
    BERT_TINY,
    BertConfig,
)
from pfs.words.bert_embeddings import BertEmbeddings
from pfs.words.bert_heads import MaskedLanguageHead, activation, initialize

__all__ = [
    "BERT_BASE",
    "BERT_CHINESE",
    "BERT_LARGE",
    "BERT_MINI",
    "BERT_MULTILINGUAL",
    "BERT_TINY",
    "Bert",
    "BertConfig",
    "BertEmbeddings",
    "BertForPreTraining",
    "BertForQuestionAnswering",
]


class Bert(nn.Module):
    r"""Embeddings, then the layers of the Transformer's encoder.

    $$
    \begin{align}
    H^{0} &= (x_0, \dots, x_{n-1}), \qquad
    H^{l} = \mathrm{layer}_l(H^{l-1}) \tag{2} \\
    c &= \tanh(W_p h_0 + b_p) \tag{3}
    \end{align}
    $$

    $h_i$ is row $i$ of $H^L$. Every place sees every place of its sequence,
    before it and behind it; nothing is causal.

    Args:
        config: The sizes.
        pooler: Whether (3) is there.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A03 if the heads do not divide the width; S14 if a shape
            does not fit or a sequence is too long, S05 if it has no place.

    Examples:
        >>> hidden, pooled = Bert(BERT_TINY)(torch.zeros(2, 5, dtype=int))
        >>> hidden.shape, pooled.shape
        (torch.Size([2, 5, 128]), torch.Size([2, 128]))

    Source:
        Devlin et al. (2019), section 3; the pooler is in the released
        `modeling.py`.

    Differs:
        A place of padding is computed as well, and nobody looks at it. With
        `norm_first`, which the paper does not have, a last norm follows (2).
    """

    def __init__(
        self,
        config: BertConfig,
        *,
        pooler: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        kind = {"device": device, "dtype": dtype}
        width = config.hidden_size
        self.config = config
        self.embeddings = BertEmbeddings(config, **kind)
        self.layers = nn.ModuleList(
            TransformerEncoderLayer(
                width,
                config.num_attention_heads,
                config.intermediate_size,
                config.hidden_dropout_prob,
                activation(config.hidden_act),
                config.layer_norm_eps,
                batch_first=True,
                norm_first=config.norm_first,
                attention_dropout=config.attention_probs_dropout_prob,
                inner_dropout=0.0,
                **kind,
            )
            for _ in range(config.num_hidden_layers)
        )
        last = LayerNorm(width, config.layer_norm_eps, **kind)
        self.norm = last if config.norm_first else None
        self.pooler = Linear(width, width, **kind) if pooler else None
        initialize(self, config.initializer_range)

    # --8<-- [start:encode]
    def forward(
        self,
        ids: Int[Tensor, "batch time"],
        types: Int[Tensor, "batch time"] | None = None,
        key_padding_mask: Bool[Tensor, "batch time"] | None = None,
    ) -> tuple[
        Float[Tensor, "batch time hidden"],
        Float[Tensor, "batch hidden"] | None,
    ]:
        """Read every sequence from both sides.

        Args:
            ids: The word pieces, the first of them `[CLS]`.
            types: The segments, 0 or 1; all 0 if `None`.
            key_padding_mask: `True` where a place is padding.

        Returns:
            The places $h_i$ of the last layer, and $c$, `None` without the
            pooler.
        """
        h = self.embeddings(ids, types)
        for layer in self.layers:
            h = layer(h, src_key_padding_mask=key_padding_mask)  # (2)
        h = h if self.norm is None else self.norm(h)
        if self.pooler is None:
            return h, None
        return h, tanh(self.pooler(h[:, 0]))  # (3)

    # --8<-- [end:encode]


class BertForPreTraining(nn.Module):
    r"""BERT with the two heads that it is pre-trained with.

    The words are (5) of `MaskedLanguageHead`; whether the second segment
    follows the first is

    $$ o = W_n c + b_n \tag{6} $$

    Args:
        config: The sizes.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: as `Bert`.

    Examples:
        >>> words, order = BertForPreTraining(BERT_TINY)(
        ...     torch.zeros(2, 5).int()
        ... )
        >>> words.shape, order.shape
        (torch.Size([2, 5, 30522]), torch.Size([2, 2]))

    Source:
        Devlin et al. (2019), section 3.1.

    Differs:
        nothing. Entry 0 of the order means "is the next", entry 1 "is a
        random one", as in the released code.
    """

    def __init__(
        self, config: BertConfig, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        kind = {"device": device, "dtype": dtype}
        self.bert = Bert(config, **kind)
        self.mlm = MaskedLanguageHead(
            config.vocab_size,
            config.hidden_size,
            config.hidden_act,
            config.layer_norm_eps,
            **kind,
        )
        self.nsp = Linear(config.hidden_size, 2, **kind)
        initialize(self, config.initializer_range)

    # --8<-- [start:pretrain]
    def forward(
        self,
        ids: Int[Tensor, "batch time"],
        types: Int[Tensor, "batch time"] | None = None,
        key_padding_mask: Bool[Tensor, "batch time"] | None = None,
        chosen: Bool[Tensor, "batch time"] | None = None,
    ) -> tuple[Float[Tensor, "*places vocab"], Float[Tensor, "batch 2"]]:
        """Guess the words and the order.

        Args:
            ids: The word pieces, some of them hidden.
            types: The segments; all 0 if `None`.
            key_padding_mask: `True` where a place is padding.
            chosen: `True` where a word is to be guessed; everywhere if `None`.

        Returns:
            The logits of the words: (batch, time, vocab), with `chosen`
            (chosen, vocab) in the order of reading; and those of the order.
        """
        h, pooled = self.bert(ids, types, key_padding_mask)
        if chosen is not None:
            checks.shape("BertForPreTraining", "chosen", chosen, *ids.shape)
            h = h[chosen]
        words = self.mlm(h, self.bert.embeddings.tokens.weight)
        return words, self.nsp(pooled)  # (6)

    # --8<-- [end:pretrain]


class BertForQuestionAnswering(nn.Module):
    r"""BERT with two vectors that point at an answer.

    $$ \mathrm{start}_i = S \cdot h_i + b_S, \qquad
    \mathrm{end}_i = E \cdot h_i + b_E \tag{8} $$

    Args:
        config: The sizes.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: as `Bert`.

    Examples:
        >>> model = BertForQuestionAnswering(BERT_TINY)
        >>> start, end = model(torch.zeros(2, 5, dtype=int))
        >>> start.shape, end.shape
        (torch.Size([2, 5]), torch.Size([2, 5]))

    Source:
        Devlin et al. (2019), section 4.2.

    Differs:
        The two shifts are in the released code, not in the paper. A softmax
        over the places does not see them.
    """

    def __init__(
        self, config: BertConfig, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        kind = {"device": device, "dtype": dtype}
        self.bert = Bert(config, pooler=False, **kind)
        self.span = Linear(config.hidden_size, 2, **kind)
        initialize(self, config.initializer_range)

    # --8<-- [start:span]
    def forward(
        self,
        ids: Int[Tensor, "batch time"],
        types: Int[Tensor, "batch time"] | None = None,
        key_padding_mask: Bool[Tensor, "batch time"] | None = None,
    ) -> tuple[Float[Tensor, "batch time"], Float[Tensor, "batch time"]]:
        """Score every place as the first and as the last of the answer.

        Args:
            ids: `[CLS] question [SEP] passage [SEP]`.
            types: The segments: 0 for the question, 1 for the passage.
            key_padding_mask: `True` where a place is padding.

        Returns:
            The logits of the starts and of the ends.
        """
        h, _ = self.bert(ids, types, key_padding_mask)
        start, end = self.span(h).unbind(-1)  # (8)
        return start, end

    # --8<-- [end:span]
