"""`pfs train char-rnn` and `pfs sample`: from a text to a saved model."""

import itertools
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch

from pfs.commands.corpus import Corpus
from pfs.commands.terminal import Interrupts, err, out, progress_bar
from pfs.errors import PfsFileError, PfsValueError
from pfs.nn import checks
from pfs.recipes import char_rnn
from pfs.recipes.char_rnn import CharRNNConfig, Trained
from pfs.training.callbacks import Point
from pfs.training.language import Step
from pfs.training.provenance import provenance, sha256
from pfs.training.sampling import sample


def with_length(
    config: CharRNNConfig,
    corpus: Corpus,
    steps: int | None,
    epochs: int | None,
) -> CharRNNConfig:
    """Put the length of the run into its config, and check the text's length.

    Args:
        config: The run.
        corpus: The text, whose length epochs are counted by.
        steps: How many windows to train on, or `None`.
        epochs: How often to read the text, or `None`.

    Returns:
        The config.

    Raises:
        ValueError: A03 if both steps and epochs are given, A01 if one is not
            above 0, X06 if the text is too short.

    Examples:
        >>> from pfs.commands.corpus import choose_corpus
        >>> corpus = choose_corpus(None, None, "ko", letters=False)
        >>> from pfs.recipes.char_rnn import CHAR_RNN
        >>> with_length(CHAR_RNN, corpus, steps=7, epochs=None).steps
        7

    Source:
        This project.

    Differs:
        nothing
    """
    if steps is not None and epochs is not None:
        raise PfsValueError(
            "A03",
            where="pfs train char-rnn",
            expected="the steps or the epochs",
            got=f"--steps {steps} and --epochs {epochs}",
            todo="give one of the two",
        )
    if steps is not None:
        config = replace(config, steps=steps)
    one = char_rnn.steps_per_round(len(corpus.text), config)
    if epochs is None:
        return config
    checks.positive("pfs train char-rnn", epochs=epochs)
    return replace(config, steps=epochs * one)


def choose_folder(wanted: Path | None, corpus: Corpus) -> Path:
    """Find a folder that the model can be saved in, before it is trained.

    Args:
        wanted: The folder that the user named; it must be new, empty, or hold
            a saved model. `None` for a new one below `runs`.
        corpus: What the new one is named after.

    Returns:
        The folder, which exists.

    Raises:
        OSError: M02 if the folder cannot be used.

    Examples:
        >>> import tempfile
        >>> from pfs.commands.corpus import choose_corpus
        >>> corpus = choose_corpus(None, None, "ko", letters=False)
        >>> empty = Path(tempfile.mkdtemp())
        >>> choose_folder(empty, corpus) == empty
        True

    Source:
        This project.

    Differs:
        nothing
    """
    base = Path("runs") / f"char-rnn-{corpus.name}"
    names = (base.with_name(f"{base.name}-{i}") for i in itertools.count(2))
    free = (
        name for name in itertools.chain([base], names) if not name.exists()
    )
    folder = next(free) if wanted is None else wanted
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strangers = [
            entry.name
            for entry in folder.iterdir()
            if not entry.name.startswith(("model.", "result."))
        ]
    except OSError as error:
        strangers = [(error.strerror or str(error)).lower()]
    if strangers:
        raise PfsFileError(
            "M02",
            where=str(folder),
            expected="a folder that is new, empty, or holds a saved model",
            got=", ".join(sorted(strangers)[:3]),
            todo="choose another folder: --out DIR",
        )
    return folder


def train_and_save(corpus: Corpus, config: CharRNNConfig, folder: Path) -> int:
    """Train, save, and say how good the model is.

    Args:
        corpus: The text.
        config: The run.
        folder: Where the model goes.

    Returns:
        The exit code: 0, or 128 plus the signal that ended the training.

    Examples:
        >>> import tempfile
        >>> from pfs.commands.corpus import choose_corpus
        >>> corpus = choose_corpus(None, None, "ko", letters=False)
        >>> from pfs.recipes.char_rnn import CHAR_RNN
        >>> config = replace(CHAR_RNN, steps=1, hidden_size=8)
        >>> train_and_save(corpus, config, Path(tempfile.mkdtemp()))
        the story of this package: ...
        0

    Source:
        This project.

    Differs:
        nothing
    """
    out.print(f"{corpus.title}: {len(corpus.text):,} characters")
    with Interrupts() as interrupts, progress_bar(config.steps) as show:
        held_out = ""

        def seen(point: Point) -> None:
            nonlocal held_out
            held_out = f"held-out {point.held_out:.2f}"
            if not err.is_terminal:
                err.print(
                    f"step {point.step}/{config.steps}  "
                    f"train {point.train:.2f}  {held_out}"
                )

        def done(step: Step) -> None:
            show(step.number, f"train {step.perplexity:.2f}  {held_out}")

        trained = char_rnn.train(
            corpus.text,
            config,
            callbacks=[done],
            watch=seen,
            stop=interrupts.asked,
        )
    trained.result = _result(corpus, config, trained)
    char_rnn.save(trained, folder)
    _report(trained, folder)
    if interrupts.signal is None:
        return 0
    steps = trained.result["metrics"]["steps"]
    err.print(f"Stopped after step {steps} of {config.steps}; saved as it was.")
    return 128 + interrupts.signal


def speak(
    folder: Path,
    prompt: str | None,
    length: int,
    temperature: float,
    seed: int | None,
) -> str:
    """Let a saved model write.

    Args:
        folder: Where it was saved.
        prompt: What it reads first; `None` for the beginning of a line.
        length: How many characters to write.
        temperature: As in `sample`.
        seed: Of the randomness; `None` for another text every time.

    Returns:
        The prompt, if there was one, and the text.

    Raises:
        OSError: M01 if there is no saved model.
        ValueError: X08 if the prompt holds a symbol that the model does not
            know, and what `sample` raises.

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
    trained = char_rnn.load(folder)
    generator = torch.Generator()
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    return _write(trained, prompt, length, temperature, generator)


def _write(
    trained: Trained,
    prompt: str | None,
    length: int,
    temperature: float,
    generator: torch.Generator,
) -> str:
    """Sample; without a prompt, begin as after the end of a line."""
    symbols = trained.vocabulary.symbols
    start = next((s for s in ("\n", " ") if s in symbols), symbols[0])
    text = sample(
        trained.model,
        trained.vocabulary,
        start if prompt is None else prompt,
        length,
        temperature=temperature,
        generator=generator,
    )
    return text.removeprefix(start) if prompt is None else text


def _result(
    corpus: Corpus, config: CharRNNConfig, trained: Trained
) -> dict[str, Any]:
    """Put together what a reader needs to believe the numbers."""
    generator = torch.Generator().manual_seed(0)
    text = _write(trained, None, 200, 0.8, generator)
    source = asdict(corpus) | {
        "characters": len(corpus.text),
        "symbols": len(trained.vocabulary),
        "sha256": sha256(corpus.text),
    }
    del source["text"]
    return {
        "recipe": char_rnn.KIND,
        "corpus": source,
        "config": asdict(config),
        **trained.result,
        "sample": {"text": text, "temperature": 0.8, "seed": 0},
        **provenance(),
    }


def _report(trained: Trained, folder: Path) -> None:
    metrics = trained.result["metrics"]
    floor, model = metrics["floors"], metrics["held_out_perplexity"]
    best = min(floor["ngrams"])
    order = floor["ngrams"].index(best) + 1
    lines = {
        "uniform": floor["uniform"],
        "unigram": floor["ngrams"][0],
        f"{order}-gram": best,
        "this model": model,
    }
    out.print("\nperplexity on the last part of the text, which was held out")
    for name, value in lines.items():
        out.print(f"  {name:12}{value:9.2f}")
    verdict = "below" if model < best else "not below"
    out.print(f"The model is {verdict} what counting {order}-grams reaches.")
    out.print(f"\n{trained.result['sample']['text']}\n")
    out.print(f"saved: {folder}")
    out.print(f'more:  pfs sample "{folder}"')
