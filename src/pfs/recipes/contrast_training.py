r"""How a method of contrastive learning is trained: the same for all five.

Note: notes/simclr
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from pfs.optim import AdamW
from pfs.recipes.contrast_config import ContrastConfig
from pfs.recipes.contrast_data import Pair, PairStream, Pictures, views_of
from pfs.recipes.contrast_model import build
from pfs.recipes.contrast_score import error_of
from pfs.recipes.running import Running, every_so_often
from pfs.shapes import Float, Tensor
from pfs.training.callbacks import Evaluation, warmup_then_cosine
from pfs.training.distributed import Processes, share
from pfs.training.trainer import Remembering, Step, Trainer


class FirstLoss(Remembering):
    """Keeps the loss of the first step: that of a method that knows nothing.

    Examples:
        >>> FirstLoss().state()
        {'loss': None}

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(self) -> None:
        self.loss: float | None = None

    def __call__(self, trainer: Trainer, step: Step) -> None:
        """Keep the loss if it is the first.

        Args:
            trainer: The run.
            step: The step that was made.
        """
        if step.number == 1:
            self.loss = step.loss

    def state(self) -> dict[str, Any]:
        """Return the loss."""
        return {"loss": self.loss}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take it back.

        Args:
            state: What `state` returned.
        """
        self.loss = state["loss"]


def watched(running: Running, first: FirstLoss) -> Running:
    """Let a run note its first loss as well.

    Args:
        running: How to carry it out.
        first: Keeps the loss.

    Returns:
        The same, with one callback more.
    """
    return Running(
        **{**vars(running), "callbacks": (first, *running.callbacks)}
    )


def encoder_of(method: Any) -> nn.Module:
    """Return what is trained for later use: all methods have one."""
    encoder: nn.Module = method.encoder
    return encoder


def _loss(
    model: nn.Module, batch: Pair, _: object
) -> tuple[Float[Tensor, ""], None]:
    own = next(model.parameters())
    first, second = batch.first.to(own), batch.second.to(own)
    return model(first, second, batch.numbers.to(own.device)), None


def groups_of(model: nn.Module, decay: float) -> Iterator[dict[str, Any]]:
    """Split the parameters: matrices and kernels decay, the rest does not."""
    for matrices in (True, False):
        some = [
            p
            for p in model.parameters()
            if p.requires_grad and (p.ndim > 1) is matrices
        ]
        if some:
            yield {"params": some, "weight_decay": decay * matrices}


def make_trainer(
    pictures: Pictures,
    config: ContrastConfig,
    running: Running,
    group: Processes,
) -> tuple[Trainer, Evaluation, FirstLoss]:
    """Put together what trains a method, and what watches it.

    Args:
        pictures: The pictures.
        config: The settings.
        running: How to carry it out.
        group: The processes.

    Returns:
        The trainer, what measures the curve, and what keeps the first loss.
    """
    kind = torch.float64 if config.precision == "float64" else torch.float32
    channels, height, width = pictures.train.shape[1:]
    model = build(config, (channels, height, width), len(pictures.train))
    model = model.to(group.device, kind)
    trainer = Trainer(
        model,
        AdamW(
            groups_of(model, config.decay),
            lr=config.lr,
            weight_decay=config.decay,
        ),
        PairStream(
            pictures.train.to(kind),
            config.batch_size,
            views_of(config),
            seed=config.seed,
            rows=share(config.batch_size, group),
        ),
        _loss,
        steps=config.steps,
        accumulate=config.accumulate,
        schedule=warmup_then_cosine(config.warmup, config.steps),
        precision=config.precision,
        compile=config.compile,
        stop=running.stop,
        group=group,
    )
    evaluation = Evaluation(
        lambda model: error_of(encoder_of(model), pictures),
        every_so_often(config.steps, config.evaluations),
        running.watch,
    )
    return trainer, evaluation, FirstLoss()
