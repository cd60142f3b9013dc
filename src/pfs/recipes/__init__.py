"""Whole runs: data, model, training and result of a paper in one call.

The list is read without importing torch.
"""

import importlib
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Recipe:
    """A run that has a name."""

    name: str
    """What `pfs train` calls it."""
    module: str
    """Where it is: `run`, `evaluate`, and, if it can write, `speak`."""
    settings: str
    """Where its default config is: module and name."""
    meaning: str
    """What it does, in one line."""

    def config(self) -> Any:
        """Return the default config."""
        module, _, name = self.settings.partition(":")
        return getattr(importlib.import_module(module), name)

    def load(self) -> Any:
        """Import the recipe, and torch with it."""
        return importlib.import_module(self.module)


RECIPES: Final = {
    "bert-qa": Recipe(
        "bert-qa",
        "pfs.recipes.bert_qa",
        "pfs.recipes.bert_qa_config:BERT_QA",
        "a BERT that answers questions with a piece of a text",
    ),
    "char-gpt": Recipe(
        "char-gpt",
        "pfs.recipes.char_gpt",
        "pfs.recipes.char_gpt_config:CHAR_GPT",
        "a small GPT that reads a text character by character",
    ),
    "char-rnn": Recipe(
        "char-rnn",
        "pfs.recipes.char_rnn",
        "pfs.recipes.char_rnn_config:CHAR_RNN",
        "a recurrent network that reads a text character by character",
    ),
    "char-window": Recipe(
        "char-window",
        "pfs.recipes.char_window",
        "pfs.recipes.char_window_config:CHAR_WINDOW",
        "a neural n-gram: the next character from a window of the last few",
    ),
    "contrast": Recipe(
        "contrast",
        "pfs.recipes.contrast",
        "pfs.recipes.contrast_config:CONTRAST",
        "an encoder of images, trained without labels by one of five methods",
    ),
    "fill-gaps": Recipe(
        "fill-gaps",
        "pfs.recipes.fill_gaps",
        "pfs.recipes.fill_gaps_config:FILL_GAPS",
        "a bidirectional network that fills the gaps of a text",
    ),
    "raw-pixels": Recipe(
        "raw-pixels",
        "pfs.recipes.raw_pixels",
        "pfs.recipes.raw_pixels_config:RAW_PIXELS",
        "the floor of nearest neighbours on raw pixels, for models of images",
    ),
    "translate": Recipe(
        "translate",
        "pfs.recipes.translate",
        "pfs.recipes.translate_config:TRANSLATE",
        "numbers, dates or sentences from one language into another",
    ),
}
"""All recipes."""
