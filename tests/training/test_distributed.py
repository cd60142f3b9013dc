"""What needs no second process; the others are in tests/faults."""

import pytest
import torch
from torch import nn

from pfs.errors import PfsRuntimeError, PfsValueError
from pfs.training.distributed import (
    ALONE,
    Processes,
    choose_device,
    processes,
    share,
)
from pfs.training.launch import launch


def member(rank, size):
    return Processes(rank, size, torch.device("cpu"))


@pytest.mark.parametrize(("rows", "size"), [(8, 1), (8, 2), (9, 3), (4, 4)])
def test_every_row_belongs_to_one_process(rows, size):
    parts = [range(rows)[share(rows, member(r, size))] for r in range(size)]
    assert [row for part in parts for row in part] == [*range(rows)]
    assert len({len(part) for part in parts}) == 1


@pytest.mark.parametrize(("rows", "size"), [(3, 2), (1, 2), (10, 4)])
def test_rows_that_cannot_be_shared_out_are_refused(rows, size):
    with pytest.raises(PfsValueError) as caught:
        share(rows, member(0, size))
    assert caught.value.code == "A03"


def test_alone_nothing_is_shared():
    model = nn.Linear(1, 1)
    value = torch.tensor([3.0])
    assert ALONE.wrap(model) is model
    assert ALONE.mean(value) is value
    assert ALONE.gather("x") == ["x"]
    ALONE.wait()
    with processes("cpu") as group:
        assert group == ALONE


def test_a_device_that_is_not_there_is_named():
    there = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    missing = next(name for name, is_there in there.items() if not is_there)
    with pytest.raises(PfsValueError, match=missing) as caught:
        choose_device(missing)
    assert caught.value.code == "E02"
    with pytest.raises(PfsValueError) as caught:
        choose_device("tpu")
    assert caught.value.code == "A01"
    assert choose_device("auto").type == ("cuda" if there["cuda"] else "cpu")


def test_the_launcher_gives_the_worst_exit_code():
    program = "import os, sys; sys.exit(int(os.environ['RANK']) * 3)"
    assert launch(["-c", program], 2) == 3


def test_the_launcher_names_the_one_that_died():
    program = (
        "import os, signal, time\n"
        "if os.environ['RANK'] == '1': os.kill(os.getpid(), signal.SIGKILL)\n"
        "time.sleep(60)"
    )
    with pytest.raises(PfsRuntimeError, match="rank 1 of 3") as caught:
        launch(["-c", program], 3)
    assert caught.value.code == "T11"
