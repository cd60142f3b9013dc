"""Runs in processes of their own, to be killed at bad moments.

The processes are forked from a server that has imported torch, so that
hundreds of them can be started.
"""

import json
import multiprocessing
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from training.models import make

import pfs.training.callbacks
from pfs.training import Checkpoints, Evaluation, Log
from pfs.training.keeping import newest_checkpoint

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["faults.runs"])
FULL = os.environ.get("PFS_FAULTS") == "1"
"""Whether to do all that the contract asks for, or the short form."""
EVERY, STEPS = 5, 40


@dataclass
class Watched:
    """What a process says about itself while it lives."""

    began: Any
    step: Any
    writing: Any

    @classmethod
    def new(cls):
        return cls(*(CONTEXT.Value("i", -1, lock=False) for _ in range(3)))


def carry_out(kind, folder, watched=None):
    """Train, from the newest checkpoint if there is one."""
    torch.set_num_threads(1)
    torch.manual_seed(77)
    folder.mkdir(exist_ok=True)
    evaluation = Evaluation(
        lambda model: sum(p.abs().sum().item() for p in model.parameters()), 7
    )
    log = Log(folder / "log.jsonl", evaluation)
    keep = Checkpoints(folder / "checkpoints", EVERY, {}, evaluation)
    note = lambda trainer, step: watch(watched, step=step.number)
    trainer = make(kind, STEPS)
    trainer.callbacks = (evaluation, log, note, keep)
    checkpoint = newest_checkpoint(folder / "checkpoints")
    if checkpoint:
        trainer.load_state(checkpoint.tensors, checkpoint.state)
    log.drop_after(trainer.step)
    watch(watched, began=trainer.step)
    trainer.fit()
    tensors, state = trainer.state()
    numbers = {
        name: tensor.numpy().tobytes().hex()
        for name, tensor in tensors.items()
        if not name.endswith(("random.python", "random.numpy"))
    }
    del state["ranks"]
    left = json.dumps([numbers, state], sort_keys=True)
    (folder / "bits.json").write_text(left, "utf-8")


def in_process(kind, folder, watched, home):
    """Do it in a process, which says when it is inside a write."""
    sys.path[:0] = home
    write = pfs.training.callbacks.write_checkpoint

    def told(*arguments):
        watch(watched, writing=1)
        path = write(*arguments)
        watch(watched, writing=0)
        return path

    pfs.training.callbacks.write_checkpoint = told
    carry_out(kind, Path(folder), watched)


def watch(watched, **values):
    for name, value in values.items():
        if watched is not None:
            getattr(watched, name).value = value


def start(kind, folder):
    """Start a run, or go on with it, in a process."""
    here = str(Path(__file__).parents[1])
    if here not in os.environ.get("PYTHONPATH", ""):  # for the server
        paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
        os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    watched = Watched.new()
    arguments = (kind, str(folder), watched, sys.path)
    process = CONTEXT.Process(target=in_process, args=arguments)
    process.start()
    return process, watched


def bits(folder):
    """Everything that a run has left, to be compared."""
    return (
        (folder / "bits.json").read_text("utf-8"),
        (folder / "log.jsonl").read_text("utf-8"),
    )
