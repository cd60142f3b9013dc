"""The models that read a text, and which config makes which.

Notes: notes/sequence, notes/rnn, notes/gpt
"""

from typing import Final

from torch import nn

from pfs.recipes.char_gpt_config import CharGPTConfig
from pfs.recipes.char_gpt_model import CharGPT
from pfs.recipes.char_rnn_config import CharRNNConfig
from pfs.recipes.char_rnn_model import CharRNN
from pfs.recipes.char_window_config import CharWindowConfig
from pfs.recipes.char_window_model import CharWindow

CharConfig = CharRNNConfig | CharWindowConfig | CharGPTConfig
"""The settings of a recipe that reads a text."""

CONFIGS: Final[dict[str, type[CharConfig]]] = {
    CharRNNConfig.KIND: CharRNNConfig,
    CharWindowConfig.KIND: CharWindowConfig,
    CharGPTConfig.KIND: CharGPTConfig,
}
"""Which config belongs to a saved model, by what its folder says it is."""


def model_of(num_symbols: int, config: CharConfig) -> nn.Module:
    """Make the model that a config describes.

    Args:
        num_symbols: Size of the vocabulary.
        config: The settings.

    Returns:
        A model of language, as `pfs.training.language` wants it.

    Raises:
        ValueError: A01 or A03 if a size or share is out of range.

    Examples:
        >>> from pfs.recipes.char_window_config import CHAR_WINDOW
        >>> type(model_of(28, CHAR_WINDOW)).__name__
        'CharWindow'

    Source:
        This project.

    Differs:
        nothing
    """
    if isinstance(config, CharWindowConfig):
        return CharWindow(num_symbols, config)
    if isinstance(config, CharGPTConfig):
        return CharGPT(num_symbols, config)
    return CharRNN(num_symbols, config)
