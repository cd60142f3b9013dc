"""Write down what happens in a run: as lines of JSON, or for TensorBoard."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pfs.errors import PfsFileError
from pfs.training.callbacks import Evaluation
from pfs.training.trainer import Step, Trainer


class Log:
    """Writes every step and every measurement as a line of JSON.

    After a resume the lines of steps that are made again are dropped, so a
    run that was interrupted leaves the same log as one that was not.

    Args:
        path: The file, `log.jsonl`.
        evaluation: Whose measurements are written as well.

    Examples:
        >>> import tempfile
        >>> log = Log(Path(tempfile.mkdtemp()) / "log.jsonl")
        >>> log.drop_after(7)

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(
        self, path: Path, evaluation: Evaluation | None = None
    ) -> None:
        self.path, self.evaluation = path, evaluation

    def __call__(self, trainer: Trainer, step: Step) -> None:
        """Write a line.

        Args:
            trainer: The run; only its first process writes.
            step: The step that was made.
        """
        if not trainer.group.first:
            return
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(self._line(step)) + "\n")

    def drop_after(self, step: int) -> None:
        """Forget what was written after a step.

        Args:
            step: The last step that stays; 0 empties the file.
        """
        if not self.path.exists():
            return
        stay = []
        for line in self.path.read_text("utf-8").splitlines():
            try:
                if json.loads(line)["step"] > step:
                    break
            except (ValueError, KeyError, TypeError):
                break  # cut off when the process was killed
            stay.append(f"{line}\n")
        part = self.path.with_name(f"{self.path.name}.part")
        part.write_text("".join(stay), "utf-8")
        part.replace(self.path)

    def _line(self, step: Step) -> Mapping[str, Any]:
        line: dict[str, Any] = {
            "step": step.number,
            "loss": step.loss,
            "grad_norm": step.grad_norm,
            "lr": step.lr,
        }
        measured = self.evaluation.at(step.number) if self.evaluation else None
        return line if measured is None else line | {"held_out": measured}


class TensorBoard:
    """Writes the losses where TensorBoard shows them.

    Args:
        folder: The folder of the run's events.
        evaluation: Whose measurements are written as well.

    Raises:
        OSError: E05 if TensorBoard is not installed.

    Examples:
        >>> TensorBoard.__name__
        'TensorBoard'

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(
        self, folder: Path, evaluation: Evaluation | None = None
    ) -> None:
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            raise PfsFileError(
                "E05",
                where="tensorboard=true",
                expected="the package tensorboard",
                got="it is not installed",
                todo="pip install tensorboard, or leave the setting out: "
                "log.jsonl has the same numbers",
            ) from None
        self.writer = SummaryWriter(str(folder))
        self.evaluation = evaluation

    def __call__(self, trainer: Trainer, step: Step) -> None:
        """Write the step.

        Args:
            trainer: The run.
            step: The step that was made.
        """
        values = {"loss": step.loss, "grad_norm": step.grad_norm, "lr": step.lr}
        measured = self.evaluation.at(step.number) if self.evaluation else None
        if measured is not None:
            values["held_out"] = measured
            self.writer.flush()
        for name, value in values.items():
            self.writer.add_scalar(name, value, step.number)
