"""What decides a floor on raw pixels; read without importing torch.

Note: notes/rnn
"""

from dataclasses import dataclass
from typing import ClassVar, Final


@dataclass(frozen=True, kw_only=True)
class RawPixelsConfig:
    """Everything that decides the numbers; there is no randomness."""

    FREE: ClassVar = ()

    data: str = "digits"
    """Which data: one by name, such as story-en or digits, or a file."""
    temperature: float = 0.1
    """How fast the vote of a neighbour falls with its distance."""
    steps: int = 1
    """How many steps to train."""
    seed: int = 0
    """Where all randomness comes from."""


RAW_PIXELS: Final = RawPixelsConfig()
"""The floor that a model of images must be above."""
