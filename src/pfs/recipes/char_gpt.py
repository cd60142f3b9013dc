r"""Train a small GPT to read a text character by character.

Data, split, training, judging and saving are those of `char_rnn`, so that the
two can be compared: only the model and its settings are others.

Note: notes/gpt
"""

from pathlib import Path
from typing import Any

import torch

from pfs.language.gpt_generate import generate
from pfs.recipes import char_rnn, char_rnn_saved
from pfs.recipes.char_gpt_config import CHAR_GPT, CharGPTConfig
from pfs.recipes.char_gpt_model import CharGPT
from pfs.recipes.char_rnn_saved import Trained, save
from pfs.recipes.running import RUNNING, Running

__all__ = [
    "CHAR_GPT",
    "CharGPT",
    "CharGPTConfig",
    "Trained",
    "evaluate",
    "load",
    "run",
    "save",
    "speak",
    "train",
]


def run(
    config: CharGPTConfig = CHAR_GPT, running: Running = RUNNING
) -> Trained:
    """Train on the text that the config names, and save what comes out.

    Args:
        config: The settings.
        running: How to carry it out; in its folder lie, at the end, the model
            and its `result.json`.

    Returns:
        The model and its result.

    Raises:
        ValueError: As `train`, and of a text that cannot be had.
        OSError: M02 if the folder cannot be written.

    Examples:
        >>> from dataclasses import replace
        >>> short = replace(CHAR_GPT, data="story-zh", steps=1)
        >>> run(short).result["corpus"]["language"]
        'zh'

    Source:
        Radford et al. (2019); the protocol is this project's.

    Differs:
        Characters instead of byte pairs.
    """
    return char_rnn.run(config, running)


def train(
    text: str,
    config: CharGPTConfig = CHAR_GPT,
    running: Running = RUNNING,
) -> Trained:
    """Train a GPT on the beginning of a text, judge it on its end.

    Args:
        text: The text, normalized as `pfs.text.read_text` does.
        config: The settings; `data` and `letters` are not read here.
        running: How to carry it out.

    Returns:
        The model as it is after the last step, and what was measured.

    Raises:
        ValueError: X06 if the text is shorter than one window, A01 or A03 if
            the config is out of range, T04 if the loss is not finite.

    Examples:
        >>> from dataclasses import replace
        >>> short = replace(CHAR_GPT, steps=2, d_model=8)
        >>> trained = train("나는 읽고 또 읽는다. " * 50, short)
        >>> trained.result["metrics"]["steps"]
        2

    Source:
        Radford et al. (2019); the protocol is this project's.

    Differs:
        nothing
    """
    return char_rnn.train(text, config, running)


def load(folder: str | Path) -> Trained:
    """Load what `save` has saved.

    Args:
        folder: The folder.

    Returns:
        The same model, ready to speak.

    Raises:
        OSError: M01 if there is no such folder, or something in it is missing,
            damaged, or not a GPT.

    Examples:
        >>> load("no such folder")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          where:    no such folder...
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    return char_rnn_saved.load(folder, CharGPTConfig.KIND)


def evaluate(folder: str | Path) -> dict[str, Any]:
    """Judge a saved model again, on the text that it was judged on.

    Args:
        folder: Where it was saved.

    Returns:
        `held_out_perplexity` now, `reported` when it was trained, and the
        `floors` of counting.

    Raises:
        OSError: M01 if there is no saved model, and of a text that cannot be
            had.
        ValueError: T07 if the text is not the one that it was trained on.

    Examples:
        >>> evaluate("no such folder")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    return char_rnn.evaluate(folder, CharGPTConfig.KIND)


def speak(
    trained: Trained,
    prompt: str | None = None,
    *,
    length: int,
    temperature: float,
    seed: int | None = None,
) -> str:
    """Let a trained GPT write, with a cache of keys and values.

    Args:
        trained: The model.
        prompt: What it reads first; `None` for the beginning of a line.
        length: How many characters to write.
        temperature: 0 takes the likeliest symbol.
        seed: Of the randomness; `None` for another text every time.

    Returns:
        The prompt, if there was one, and the text.

    Raises:
        ValueError: X08 if the prompt holds a symbol that the model does not
            know, A01 if a number is out of range.

    Examples:
        >>> from dataclasses import replace
        >>> trained = train("ab" * 99, replace(CHAR_GPT, steps=1, window=8))
        >>> speak(trained, "ba", length=0, temperature=1.0)
        'ba'

    Source:
        This project.

    Differs:
        nothing
    """
    generator = torch.Generator()
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    symbols = trained.vocabulary.symbols
    start = next((s for s in ("\n", " ") if s in symbols), symbols[0])
    ids = trained.vocabulary.encode(prompt or start)[None]
    written = generate(
        trained.model.cpu().gpt,  # type: ignore[arg-type]
        ids,
        length,
        temperature=temperature,
        generator=generator,
    )
    text = trained.vocabulary.decode(written[0])
    return text if prompt else text.removeprefix(start)
