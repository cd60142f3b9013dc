"""A run as the terminal shows it: progress, signals, the verdict."""

import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from pfs.commands.terminal import err, out, progress_bar
from pfs.commands.words import say
from pfs.errors import PfsRuntimeError
from pfs.recipes import Recipe
from pfs.recipes.running import Running
from pfs.training.callbacks import Point
from pfs.training.interrupts import Interrupts
from pfs.training.trainer import Step, Trainer


class Progress:
    """Shows every step in a bar, or a line now and then where none fits."""

    def __init__(self, show: Any, steps: int) -> None:
        self.show, self.steps = show, steps
        self.held_out = ""

    def __call__(self, trainer: Trainer, step: Step) -> None:
        """Show the step.

        Args:
            trainer: The run.
            step: The step that was made.
        """
        words = f"{say('loss')} {step.loss:.3f}  {self.held_out}"
        self.show(step.number, words)

    def judged(self, point: Point) -> None:
        """Show what was measured on the held-out data.

        Args:
            point: The point of the curve.
        """
        self.held_out = f"{say('held-out')} {point.held_out:.2f}"
        if not err.is_terminal:
            err.print(
                f"{say('step')} {point.step}/{self.steps}  "
                f"{say('loss')} {point.train:.3f}  {self.held_out}"
            )


def carry_out(
    recipe: Recipe, config: Any, folder: Path, resume: bool, override: bool
) -> int:
    """Carry out a run of a recipe and say how good the model is.

    Args:
        recipe: The recipe.
        config: Its settings.
        folder: Where the run goes.
        resume: Whether to go on from the folder's newest checkpoint.
        override: Whether to resume although the settings differ.

    Returns:
        The exit code: 0, or 128 plus the signal that ended the training.

    Raises:
        RuntimeError: T11 if another process of the run died.

    Examples:
        >>> carry_out.__name__
        'carry_out'

    Source:
        This project.

    Differs:
        nothing
    """
    module = recipe.load()
    first = os.environ.get("RANK", "0") == "0"
    bar = progress_bar(config.steps) if first else nullcontext(_silence)
    with Interrupts() as interrupts, bar as show:
        progress = Progress(show, config.steps)
        running = Running(
            folder=folder,
            resume=resume,
            override=override,
            callbacks=(progress,) if first else (),
            watch=progress.judged if first else lambda point: None,
            stop=interrupts.asked,
        )
        try:
            result = module.run(config, running).result
        except PfsRuntimeError as error:
            if error.code == "T11" and "PFS_LAUNCHED" in os.environ:
                return 1  # the launcher says which one it was
            raise
    steps = result["metrics"].get("steps", config.steps)
    if first:
        _report(result, folder)
    if interrupts.signal is None or steps == config.steps:
        return 0
    if first:
        err.print(say("stopped-after", step=steps, steps=config.steps))
        err.print(f'  pfs train {recipe.name} --resume "{folder}"')
    return 128 + interrupts.signal


def _silence(done: int, words: str) -> None:
    pass


def _report(result: dict[str, Any], folder: Path) -> None:
    if "corpus" in result:
        _report_on_text(result)
    else:
        for name, value in result["metrics"].items():
            if not isinstance(value, int | float):
                continue
            out.print(f"  {value:9.4f}  {name}")
    out.print(f"{say('saved')}: {folder}")
    if "corpus" in result:
        out.print(f'{say("more")}: pfs sample "{folder}"')


def _report_on_text(result: dict[str, Any]) -> None:
    corpus, metrics = result["corpus"], result["metrics"]
    floor, model = metrics["floors"], metrics["held_out_perplexity"]
    best = min(floor["ngrams"])
    order = floor["ngrams"].index(best) + 1
    lines = {
        say("uniform"): floor["uniform"],
        say("n-gram", n=1): floor["ngrams"][0],
        say("n-gram", n=order): best,
        say("this-model"): model,
    }
    count = f"{corpus['characters']:,}"
    out.print(say("characters", title=corpus["title"], count=count))
    out.print(say("perplexity-held-out"))
    for name, value in lines.items():
        out.print(f"  {value:9.2f}  {name}")
    out.print(say("below" if model < best else "not-below", n=order))
    out.print(f"\n{result['sample']['text']}\n")
