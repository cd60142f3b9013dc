"""What every recipe can be told, and how `--set key=value` is read.

Note: notes/rnn
"""

import ast
import difflib
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from typing import Any, ClassVar, Final, TypeVar

from pfs.errors import PfsValueError


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """What every recipe that trains a model can be told."""

    FREE: ClassVar = ("device", "checkpoint_every", "tensorboard")
    """What may change when a run is resumed: it does not decide the result."""

    seed: int = 0
    """Where all randomness comes from."""
    device: str = "auto"
    """Where to compute: auto, cpu, cuda or mps."""
    precision: str = "float32"
    """Kind of numbers: float32, float64, or bf16 (autocast)."""
    backend: str = "ours"
    """Whose operations: ours, or torch's kernels (fused)."""
    compile: bool = False
    """Whether torch.compile compiles the model."""
    accumulate: int = 1
    """How many batches make one step."""
    evaluations: int = 10
    """How often the held-out data are judged."""
    checkpoint_every: int = 500
    """After how many steps the run is saved."""
    tensorboard: bool = False
    """Whether TensorBoard events are written as well."""


Config = TypeVar("Config", bound=Any)
"""A frozen dataclass of settings."""

WORDS: Final = {"true": True, "false": False, "yes": True, "no": False}
KINDS: Final = {int: "a whole number", float: "a number", bool: "true or false"}


def with_settings(config: Config, settings: Iterable[str]) -> Config:
    """Change a config by settings of the form `key=value`.

    Args:
        config: A frozen dataclass.
        settings: Such as `"steps=100"`.

    Returns:
        The changed config.

    Raises:
        ValueError: A01 if a key is not one of the config's, or a value is not
            of its type.

    Examples:
        >>> with_settings(TrainingConfig(), ["seed=3", "compile=true"]).seed
        3

    Source:
        This project.

    Differs:
        nothing
    """
    changes = {}
    for setting in settings:
        key, equals, text = setting.partition("=")
        known = {field.name: field.type for field in fields(config)}
        if not equals or key not in known:
            raise _unknown(config, setting, key, known)
        changes[key] = _value(config, key, text)
    return replace(config, **changes)


def describe(config: Any) -> list[tuple[str, Any, str]]:
    """List the settings of a config.

    Args:
        config: A frozen dataclass whose fields have docstrings.

    Returns:
        Name, value and meaning of each.

    Examples:
        >>> describe(TrainingConfig())[0]
        ('seed', 0, 'Where all randomness comes from.')

    Source:
        This project.

    Differs:
        nothing
    """
    meanings: dict[str, str] = {}
    for kind in reversed(type(config).__mro__[:-1]):
        meanings |= _docstrings(kind)
    names = sorted(
        (f.name for f in fields(config)), key=lambda n: _is_common(n)
    )
    return [(n, getattr(config, n), meanings.get(n, "")) for n in names]


def refuse_changes(
    config: Any, saved: Mapping[str, Any], override: bool = False
) -> None:
    """Refuse to resume a run with other settings.

    Args:
        config: The settings now.
        saved: The settings of the checkpoint, as plain JSON; one that is not
            there is as it was before it could be set.
        override: Whether to accept it all the same.

    Raises:
        ValueError: T07 if they differ in what decides the result; it lists
            every difference.

    Examples:
        >>> refuse_changes(TrainingConfig(seed=1), {"seed": 0}, override=True)

    Source:
        This project.

    Differs:
        nothing
    """
    now, saved = asdict(config), {**defaults(type(config)), **saved}
    differ = [
        key
        for key in sorted({*now, *saved})
        if key not in config.FREE and now.get(key) != saved.get(key)
    ]
    if differ and not override:
        raise PfsValueError(
            "T07",
            where=", ".join(differ),
            expected=", ".join(f"{k}={saved.get(k)}" for k in differ),
            got=", ".join(f"{k}={now.get(k)}" for k in differ),
            todo="leave these settings as they were, begin a new run, or "
            "accept the break with --override",
        )


def defaults(kind: type) -> dict[str, Any]:
    """List the settings that have a default: later ones always have.

    Args:
        kind: A dataclass of settings.

    Returns:
        Its defaults by name.

    Examples:
        >>> defaults(TrainingConfig)["backend"]
        'ours'

    Source:
        This project.

    Differs:
        nothing
    """
    return {f.name: f.default for f in fields(kind) if f.default is not MISSING}


def _is_common(name: str) -> bool:
    return name in {field.name for field in fields(TrainingConfig)}


def _docstrings(kind: type) -> dict[str, str]:
    """Read the docstrings below the fields of a class."""
    try:
        body = ast.parse(inspect.cleandoc(inspect.getsource(kind))).body[0]
    except (OSError, SyntaxError, TypeError):
        return {}
    found: dict[str, str] = {}
    name = ""
    for node in getattr(body, "body", []):
        match node:
            case ast.AnnAssign(target=ast.Name(id=name)):
                pass
            case ast.Expr(value=ast.Constant(value=str(text))) if name:
                found[name] = " ".join(text.split())
                name = ""
            case _:
                name = ""
    return found


def _value(config: Any, key: str, text: str) -> Any:
    """Read a text as a value of the same kind as the one it replaces."""
    kind = type(getattr(config, key))
    try:
        if kind is bool:
            return WORDS[text.lower()]
        return kind(text)
    except (ValueError, KeyError):
        raise PfsValueError(
            "A01",
            where=f"setting {key}",
            expected=KINDS[kind],
            got=repr(text),
            todo=f"pass, for example, {key}={getattr(config, key)}",
        ) from None


def _unknown(
    config: Any, setting: str, key: str, known: Iterable[str]
) -> PfsValueError:
    names = list(known)
    near = difflib.get_close_matches(key, names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "--show lists them"
    return PfsValueError(
        "A01",
        where="--set",
        expected=f"KEY=VALUE with a key of {type(config).__name__}",
        got=repr(setting),
        todo=hint,
    )
