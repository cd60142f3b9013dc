"""The forms of an encoder and decoder: the rows of the papers' tables.

Note: notes/seq2seq
"""

from dataclasses import dataclass
from typing import Final

from pfs.errors import PfsValueError
from pfs.nn import checks

CELLS: Final = ("lstm", "gru")


@dataclass(frozen=True, kw_only=True)
class Seq2SeqConfig:
    """What decides the form of an encoder and decoder.

    Examples:
        >>> SUTSKEVER.num_layers, CHO.cell
        (4, 'gru')

    Source:
        Sutskever, Vinyals & Le (2014), section 3.4; Cho et al. (2014),
        section 4.1 and appendix A.

    Differs:
        Neither paper uses dropout.
    """

    source_vocab: int
    """Number of ids of the source."""
    target_vocab: int
    """Number of ids of the target."""
    embedding_size: int
    """Size of a token's vector."""
    hidden_size: int
    """Number of units of a state."""
    num_layers: int = 1
    """Number of layers, of the encoder as of the decoder."""
    cell: str = "lstm"
    """`"lstm"` or `"gru"`."""
    reverse_source: bool = False
    """Whether the source is read from its end."""
    context: bool = False
    """Whether the decoder sees the summary of the source at every step, as
    in Cho et al.; with one layer of `"gru"` only."""
    maxout: int = 0
    """Number of maxout units before the output; 0 for none."""
    bias: bool = True
    """Whether the recurrent layers and the output have biases."""
    dropout: float = 0.0
    """The share dropped after the embeddings, between the layers and before
    the output while training."""
    init: float = 0.08
    """All parameters are drawn evenly from `-init` to `init`."""


SUTSKEVER: Final = Seq2SeqConfig(
    source_vocab=160_000,
    target_vocab=80_000,
    embedding_size=1000,
    hidden_size=1000,
    num_layers=4,
    reverse_source=True,
    bias=False,
)
"""The model of Sutskever, Vinyals & Le (2014), section 3.4."""
CHO: Final = Seq2SeqConfig(
    source_vocab=15_000,
    target_vocab=15_000,
    embedding_size=100,
    hidden_size=1000,
    cell="gru",
    context=True,
    maxout=500,
    bias=False,
)
"""The RNN Encoder-Decoder of Cho et al. (2014), section 4.1."""
TINY: Final = Seq2SeqConfig(
    source_vocab=7,
    target_vocab=6,
    embedding_size=4,
    hidden_size=5,
    num_layers=2,
    reverse_source=True,
)
"""A model for examples."""


def check_config(config: Seq2SeqConfig) -> None:
    """Refuse forms that there are none of."""
    checks.one_of("Seq2SeqConfig", "cell", config.cell, CELLS)
    checks.probability("Seq2SeqConfig", "dropout", config.dropout)
    if config.context and (config.cell != "gru" or config.num_layers != 1):
        raise PfsValueError(
            "A03",
            where="Seq2SeqConfig, context",
            expected="cell='gru' and num_layers=1, as in Cho et al.",
            got=f"cell={config.cell!r} and num_layers={config.num_layers}",
            todo="leave context out, or begin with the preset CHO",
        )
