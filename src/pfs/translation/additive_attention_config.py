"""The forms of a translator that searches its source.

Note: notes/additive_attention
"""

from dataclasses import dataclass
from typing import Final

from pfs.nn import checks

RESETS: Final = ("after", "before")
STATES: Final = ("current", "previous")


@dataclass(frozen=True, kw_only=True)
class AdditiveAttentionConfig:
    """What decides the form of a translator with additive attention.

    Args:
        source_vocab: Number of ids of the source.
        target_vocab: Number of ids of the target.
        embedding_size: Size of a token's vector.
        hidden_size: Number of units of a state; the encoder has as many in
            each direction.
        attention_size: Number of units that compare a state with a position.
        maxout_size: Number of maxout units before the output.
        dropout: The share dropped after the embeddings and before the output
            while training.
        reset: Whether the reset gate acts `"after"` or `"before"` the product
            with the old state; see `pfs.recurrent.gru.GRUCell`.
        readout: Which state the output sees, `"current"` or `"previous"`.
        init: All parameters are drawn evenly from `-init` to `init`; in the
            way of the paper if `None`.

    Examples:
        >>> RNNSEARCH.hidden_size, RNNSEARCH.reset
        (1000, 'before')

    Source:
        Bahdanau, Cho & Bengio (2015), section 4.2 and appendices A and B.

    Differs:
        The paper has no dropout. Its section 3.1 lets the output see the
        current state, equation 4; its appendix A.2.2 the previous one.
    """

    source_vocab: int
    target_vocab: int
    embedding_size: int
    hidden_size: int
    attention_size: int
    maxout_size: int
    dropout: float = 0.0
    reset: str = "after"
    readout: str = "current"
    init: float | None = 0.08


RNNSEARCH: Final = AdditiveAttentionConfig(
    source_vocab=30_000,
    target_vocab=30_000,
    embedding_size=620,
    hidden_size=1000,
    attention_size=1000,
    maxout_size=500,
    reset="before",
    readout="previous",
    init=None,
)
"""The model of the paper: the sizes of appendix A.2.3, the words of section
4.1 (special tokens not counted), the equations of appendix A.2."""
TINY: Final = AdditiveAttentionConfig(
    source_vocab=7,
    target_vocab=6,
    embedding_size=4,
    hidden_size=5,
    attention_size=3,
    maxout_size=2,
)
"""A model for examples."""


def check_config(config: AdditiveAttentionConfig) -> None:
    """Refuse forms that there are none of."""
    where = "AdditiveAttentionConfig"
    checks.positive(where, maxout_size=config.maxout_size)
    checks.one_of(where, "reset", config.reset, RESETS)
    checks.one_of(where, "readout", config.readout, STATES)
    checks.probability(where, "dropout", config.dropout)
