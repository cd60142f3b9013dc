r"""The models of the translation recipe, all behind one interface.

Note: notes/seq2seq
"""

from typing import Any

from torch import nn

from pfs.nn import checks
from pfs.recipes.translate_config import MODELS, TranslateConfig
from pfs.translation.additive_attention import AttentionTranslator
from pfs.translation.additive_attention_config import AdditiveAttentionConfig
from pfs.translation.seq2seq import Seq2Seq
from pfs.translation.seq2seq_config import Seq2SeqConfig
from pfs.translation.transformer import Transformer, TransformerConfig


def build(config: TranslateConfig, vocab: int) -> nn.Module:
    """Make the model that a config names, with one vocabulary for both sides.

    Args:
        config: The settings.
        vocab: How many ids there are.

    Returns:
        A `pfs.translation.translator.Translator`.

    Raises:
        ValueError: A01 if a setting is out of range.

    Examples:
        >>> from pfs.recipes.translate_config import TRANSLATE
        >>> type(build(TRANSLATE, 50)).__name__
        'Transformer'

    Source:
        This project.

    Differs:
        nothing
    """
    checks.one_of("setting", "model", config.model, MODELS)
    width, layers = config.d_model, config.num_layers
    made: Any
    if config.model == "seq2seq":
        made = Seq2SeqConfig(
            source_vocab=vocab,
            target_vocab=vocab,
            embedding_size=width,
            hidden_size=width,
            num_layers=layers,
            reverse_source=True,
            dropout=config.dropout,
        )
        return Seq2Seq(made)
    if config.model == "additive-attention":
        made = AdditiveAttentionConfig(
            source_vocab=vocab,
            target_vocab=vocab,
            embedding_size=width,
            hidden_size=width,
            attention_size=width,
            maxout_size=width,
            dropout=config.dropout,
        )
        return AttentionTranslator(made)
    made = TransformerConfig(
        vocab=vocab,
        d_model=width,
        num_heads=config.num_heads,
        num_layers=layers,
        d_ff=4 * width,
        dropout=config.dropout,
    )
    return Transformer(made)
