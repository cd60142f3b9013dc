"""Several processes that train one model: who I am, and what we share.

Under `torchrun` (or `pfs train --processes N`) every process runs the same
program on its rows of the batch; the gradients are averaged. Alone, all of
this does nothing.
"""

import datetime
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from pfs.errors import PfsError, PfsRuntimeError, PfsValueError
from pfs.shapes import Float, Tensor


@dataclass(frozen=True)
class Processes:
    """The processes of a run, seen by one of them.

    Args:
        rank: Number of this process, from 0.
        size: How many there are.
        device: Where this process computes.

    Examples:
        >>> alone = Processes(0, 1, torch.device("cpu"))
        >>> alone.mean(torch.tensor([3.0])), alone.first
        (tensor([3.]), True)

    Source:
        This project.

    Differs:
        nothing
    """

    rank: int
    size: int
    device: torch.device

    @property
    def first(self) -> bool:
        """Whether this is the process that writes files and speaks."""
        return self.rank == 0

    def mean(self, value: Float[Tensor, " n"]) -> Float[Tensor, " n"]:
        """Average a tensor over the processes.

        Args:
            value: The tensor of this process.

        Returns:
            The same values in every process.
        """
        if self.size == 1:
            return value
        shared = value.to(self.device, copy=True)
        dist.all_reduce(shared)
        return shared.to(value.device) / self.size

    def gather(self, thing: Any) -> list[Any]:
        """Collect what each process has.

        Args:
            thing: Plain values and tensors on the CPU.

        Returns:
            The things of all processes, by rank, in every process.
        """
        if self.size == 1:
            return [thing]
        things: list[Any] = [None] * self.size
        dist.all_gather_object(things, thing)
        return things

    def wait(self) -> None:
        """Wait until every process is here."""
        if self.size > 1:
            dist.barrier()

    def wrap(self, model: nn.Module) -> nn.Module:
        """Make a model whose gradients are averaged over the processes.

        Args:
            model: The model, on this process's device.

        Returns:
            The same model if this process is alone.
        """
        if self.size == 1:
            return model
        return DistributedDataParallel(model)


ALONE = Processes(0, 1, torch.device("cpu"))
"""One process on the CPU."""


# --8<-- [start:processes]
@contextmanager
def processes(
    device: str = "auto", minutes: float = 10.0
) -> Iterator[Processes]:
    """Join the other processes if `torchrun` started this one.

    Args:
        device: `"cpu"`, `"cuda"`, or `"auto"` for the best that is there.
        minutes: How long one process waits for another that is silent.

    Yields:
        The processes; they use gloo on the CPU, nccl on GPUs.

    Raises:
        RuntimeError: T11 if another process died.
        ValueError: E02 if the device is not there.

    Examples:
        >>> with processes("cpu") as group:
        ...     group.size
        1

    Source:
        This project.

    Differs:
        nothing
    """
    rank, size = (int(os.environ.get(k, d)) for k, d in _WHO)
    place = choose_device(device, int(os.environ.get("LOCAL_RANK", rank)))
    if size == 1:
        yield Processes(0, 1, place)
        return
    patience = datetime.timedelta(minutes=minutes)
    kind = "nccl" if place.type == "cuda" else "gloo"
    dist.init_process_group(kind, timeout=patience)
    try:
        yield Processes(rank, size, place)
    except (RuntimeError, dist.DistBackendError) as error:
        if isinstance(error, PfsError) or not _is_broken(error):
            raise
        raise _lost(rank, size, error) from None
    finally:
        dist.destroy_process_group()


# --8<-- [end:processes]
_WHO = (("RANK", "0"), ("WORLD_SIZE", "1"))


def choose_device(name: str, local_rank: int = 0) -> torch.device:
    """Find the device that a setting names.

    Args:
        name: `"cpu"`, `"cuda"`, `"mps"`, or `"auto"` for the best there is.
        local_rank: Which GPU of this machine.

    Returns:
        The device.

    Raises:
        ValueError: E02 if it is not there, A01 if there is no such name.

    Examples:
        >>> choose_device("cpu")
        device(type='cpu')

    Source:
        This project.

    Differs:
        nothing
    """
    there = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        # MPS has no float64 and differs in details: only if it is asked for.
        name = "cuda" if there["cuda"] else "cpu"
    if name not in there:
        raise PfsValueError(
            "A01",
            where="device",
            expected="auto, cpu, cuda or mps",
            got=repr(name),
            todo="leave it out, or choose one of these",
        )
    if not there[name]:
        raise PfsValueError(
            "E02",
            where="device",
            expected=f"a machine and a torch with {name}",
            got="neither of this machine's devices is one",
            todo="pass device=auto or device=cpu",
        )
    return (
        torch.device(name, local_rank) if name == "cuda" else torch.device(name)
    )


def share(batch_size: int, group: Processes) -> slice:
    """Return which rows of a batch belong to this process.

    Args:
        batch_size: Rows of the whole batch.
        group: The processes.

    Returns:
        The rows.

    Raises:
        ValueError: A03 if the rows cannot be shared out evenly; their mean
            would not be the mean of the whole batch.

    Examples:
        >>> share(8, Processes(1, 2, torch.device("cpu")))
        slice(4, 8, None)

    Source:
        This project.

    Differs:
        nothing
    """
    each, rest = divmod(batch_size, group.size)
    if rest or not each:
        raise PfsValueError(
            "A03",
            where="batch_size and the number of processes",
            expected=f"a multiple of {group.size} rows",
            got=str(batch_size),
            todo=f"set batch_size={max(1, each) * group.size}",
        )
    return slice(group.rank * each, (group.rank + 1) * each)


def _is_broken(error: Exception) -> bool:
    words = ("connection", "gloo", "nccl", "timed out", "peer", "socket")
    return any(word in str(error).lower() for word in words)


def _lost(rank: int, size: int, error: Exception) -> PfsRuntimeError:
    return PfsRuntimeError(
        "T11",
        where=f"rank {rank} of {size}",
        expected="an answer of every other process",
        got=str(error).strip().splitlines()[0][:120],
        todo="see which rank ended first, and resume: --resume",
    )
