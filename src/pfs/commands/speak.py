"""`pfs sample`: let a saved model write."""

from pathlib import Path

from pfs.errors import PfsFileError
from pfs.recipes import RECIPES


def speak(
    folder: Path | None,
    prompt: str | None,
    length: int,
    temperature: float,
    seed: int | None,
) -> str:
    """Let a saved model write.

    Args:
        folder: Where it was saved; the last one below `runs` if `None`.
        prompt: What it reads first; `None` for the beginning of a line.
        length: How many characters to write.
        temperature: 0 for the likeliest, 1 for as the model believes.
        seed: Of the randomness; `None` for another text every time.

    Returns:
        The prompt, if there was one, and the text.

    Raises:
        OSError: M01 if there is no saved model, or it cannot write.
        ValueError: X08 if the prompt holds a symbol that the model does not
            know, A01 for a length or temperature below 0.

    Examples:
        >>> speak(Path("no such folder"), None, 9, 1.0, 0)
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    from pfs.training.saved import kind_of, last_saved

    place = folder or last_saved(Path("runs"))
    recipe = RECIPES.get(kind_of(place))
    module = recipe.load() if recipe else None
    if module is None or not hasattr(module, "speak"):
        raise PfsFileError(
            "M01",
            where=str(place),
            expected="a model of language, such as char-rnn",
            got=f"a {kind_of(place)}",
            todo="choose a folder that pfs train char-rnn has made",
        )
    text: str = module.speak(
        module.load(place),
        prompt,
        length=length,
        temperature=temperature,
        seed=seed,
    )
    return text
