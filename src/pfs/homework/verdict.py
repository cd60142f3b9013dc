"""How far an answer is. Nothing here imports torch."""

from dataclasses import asdict, dataclass, field
from typing import Any, Final

STEPS: Final = (
    "runs",
    "shapes",
    "values",
    "gradients",
    "invariants",
    "robust",
    "economy",
    "learns",
)


@dataclass(frozen=True)
class Verdict:
    """How far an answer is."""

    id: str
    code: str
    """Empty if everything is right; `H00` if it was not started."""
    right: tuple[str, ...] = ()
    """The steps that are right."""
    values: dict[str, Any] = field(default_factory=dict)
    """What the message of the code says."""
    mistake: str = ""
    """The known mistake that gives the same results."""
    log: str = ""
    printed: str = ""
    """What the learner's code has printed."""

    @property
    def passed(self) -> bool:
        """Whether everything is right."""
        return not self.code

    def plain(self) -> dict[str, Any]:
        """Return what JSON can hold; `of` makes the same verdict of it."""
        return asdict(self)

    @classmethod
    def of(cls, table: dict[str, Any]) -> "Verdict":
        """Return the verdict that `plain` has written, also after JSON."""
        return cls(**{**table, "right": tuple(table["right"])})
