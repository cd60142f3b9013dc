r"""The sizes of BERT, by the names of the released `bert_config.json`.

Devlin et al. (2019). Note: notes/bert
"""

from dataclasses import dataclass, replace
from typing import Final

from pfs.nn import checks

ACTIVATIONS: Final = ("gelu", "gelu_tanh", "relu")
"""What may stand in the feed-forward network and in the head."""


@dataclass(frozen=True, kw_only=True)
class BertConfig:
    r"""Everything that decides the shape of a BERT.

    Raises:
        ValueError: A01 if a size, a share or a word is out of range.
        TypeError: A02 if one of them is of another kind.

    Examples:
        >>> BERT_BASE.num_hidden_layers, BERT_BASE.hidden_size
        (12, 768)

    Source:
        Devlin et al. (2019), section 3; the names of the released code.

    Differs:
        The released code writes "gelu" and computes what is "gelu_tanh" here.
    """

    vocab_size: int
    r"""Number of word pieces $V$."""
    hidden_size: int
    r"""Width $h$ of a place; $H$ in the paper."""
    num_hidden_layers: int
    r"""Number of encoder layers $L$."""
    num_attention_heads: int
    r"""Number of heads $A$; they divide the width."""
    intermediate_size: int
    """Width inside the feed-forward network; four times the other in every
    BERT of the paper."""
    hidden_act: str = "gelu"
    """`"gelu"` with the error function, `"gelu_tanh"` with the formula of the
    released code, or `"relu"`."""
    hidden_dropout_prob: float = 0.1
    """The share dropped of the embeddings and of what a sublayer says."""
    attention_probs_dropout_prob: float = 0.1
    """The share of the attention's weights that is dropped."""
    max_position_embeddings: int = 512
    """The longest sequence."""
    type_vocab_size: int = 2
    """Number of segments."""
    layer_norm_eps: float = 1e-12
    r"""$\epsilon$ of the norms."""
    initializer_range: float = 0.02
    """Standard deviation of the first weights, before the tails are cut
    off."""
    norm_first: bool = False
    """Whether the norms stand before the sublayers, and one more at the end, as
    in no BERT of the paper: Shoeybi et al. (2019) train larger ones so."""

    def __post_init__(self) -> None:
        """Refuse sizes that no model can have."""
        checks.positive(
            "BertConfig",
            vocab_size=self.vocab_size,
            hidden_size=self.hidden_size,
            num_hidden_layers=self.num_hidden_layers,
            num_attention_heads=self.num_attention_heads,
            intermediate_size=self.intermediate_size,
            max_position_embeddings=self.max_position_embeddings,
            type_vocab_size=self.type_vocab_size,
        )
        checks.one_of("BertConfig", "hidden_act", self.hidden_act, ACTIVATIONS)
        for name in ("hidden_dropout_prob", "attention_probs_dropout_prob"):
            checks.probability("BertConfig", name, getattr(self, name))


UNCASED: Final = 30_522
"""Word pieces of the English vocabulary without capitals."""
CASED: Final = 28_996
"""Word pieces of the English vocabulary with capitals."""
CHINESE: Final = 21_128
"""Entries of the Chinese vocabulary, mostly single characters."""
MULTILINGUAL: Final = 119_547
"""Word pieces of the vocabulary of 104 languages, with capitals."""

BERT_BASE: Final = BertConfig(
    vocab_size=UNCASED,
    hidden_size=768,
    num_hidden_layers=12,
    num_attention_heads=12,
    intermediate_size=3072,
)
"""Section 3: L = 12, H = 768, A = 12."""
BERT_LARGE: Final = BertConfig(
    vocab_size=UNCASED,
    hidden_size=1024,
    num_hidden_layers=24,
    num_attention_heads=16,
    intermediate_size=4096,
)
"""Section 3: L = 24, H = 1024, A = 16."""
BERT_TINY: Final = BertConfig(
    vocab_size=UNCASED,
    hidden_size=128,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=512,
)
"""Turc et al. (2019): the smallest that was released, 2/128."""
BERT_MINI: Final = replace(
    BERT_TINY,
    hidden_size=256,
    num_hidden_layers=4,
    num_attention_heads=4,
    intermediate_size=1024,
)
"""Turc et al. (2019): 4/256."""
BERT_CHINESE: Final = replace(BERT_BASE, vocab_size=CHINESE)
"""The released Chinese model: base with another vocabulary."""
BERT_MULTILINGUAL: Final = replace(BERT_BASE, vocab_size=MULTILINGUAL)
"""The released model of 104 languages: base with another vocabulary."""
