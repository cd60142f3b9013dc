"""Several processes: the same numbers, and a death that has a name."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from faults.runs import FULL
from safetensors.torch import load_file

SETTINGS = [
    "data=story-ko",
    "precision=float64",
    "dropout=0.0",
    "hidden_size=16",
    "embedding_size=8",
    "window=16",
    "steps=20",
    "device=cpu",
]
KILLS = 10 if FULL else 1


def start(*arguments, launcher=("-m", "pfs")):
    return subprocess.Popen(
        [sys.executable, *launcher, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "OMP_NUM_THREADS": "1", "PFS_LANG": "en"},
    )


def train(folder, *more, settings=(), launcher=("-m", "pfs"), where="--out"):
    options = [w for s in (*SETTINGS, *settings) for w in ("--set", s)]
    command = ("train", "char-rnn", where, folder, *options, *more)
    return start(*command, launcher=launcher)


def done(process):
    said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


TORCHRUN = (
    *("-m", "torch.distributed.run", "--nproc-per-node", "2"),
    *("--master-port", "29577", "-m", "pfs"),
)


def weights(folder):
    return load_file(folder / "model.safetensors")


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    done(train(folder))
    return folder


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", ["--processes", "torchrun"])
def test_two_processes_give_what_one_gives(how, alone, tmp_path):
    """In float64, to 1e-9, after 20 steps."""
    if how == "torchrun":
        done(train(tmp_path, launcher=TORCHRUN))
    else:
        done(train(tmp_path, "--processes", 2))
    one, two = weights(alone), weights(tmp_path)
    for name, w in one.items():
        assert (w - two[name]).abs().max() < 1e-9, name
    logs = [
        [
            json.loads(x)
            for x in (f / "log.jsonl").read_text("utf-8").split("\n")[:-1]
        ]
        for f in (alone, tmp_path)
    ]
    assert len(logs[0]) == len(logs[1]) == 20
    for a, b in zip(*logs, strict=True):
        assert a == pytest.approx(b, abs=1e-9)
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert result["processes"]["size"] == 2


def wait_for(log, lines):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if log.exists() and len(log.read_text("utf-8").splitlines()) > lines:
            return
        time.sleep(0.02)
    raise AssertionError("the run does not move")


def children(process):
    path = f"/proc/{process.pid}/task/{process.pid}/children"
    with open(path, encoding="ascii") as file:
        return [int(number) for number in file.read().split()]


def rank_of(pid):
    with open(f"/proc/{pid}/environ", "rb") as file:
        found = re.search(rb"(?:^|\0)RANK=(\d)", file.read())
    return int(found.group(1)) if found else None


LONG = ("steps=4000", "checkpoint_every=50", "dropout=0.2")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("how", ["--processes", "torchrun"])
def test_a_process_that_dies_ends_the_run_and_is_named(how, tmp_path):
    for i in range(KILLS):
        folder, victim = tmp_path / f"run{i}", (i + 1) % 2
        if how == "torchrun":
            process = train(folder, settings=LONG, launcher=TORCHRUN)
        else:
            process = train(folder, "--processes", 2, settings=LONG)
        wait_for(folder / "log.jsonl", 120)
        (pid,) = (c for c in children(process) if rank_of(c) == victim)
        began = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        _, said = process.communicate(timeout=60)
        assert time.monotonic() - began < 30
        assert process.returncode != 0
        if how == "torchrun":
            assert re.search(rf"rank\s*:\s*{victim} ", said)
        else:
            assert "T11" in said
            assert f"rank {victim} of 2" in said
            assert "SIGKILL" in said
            assert "Traceback" not in said
        # The last checkpoint is there, and two processes or one go on.
        more = ("--override", "--processes", 1 + (i + 1) % 2)
        shorter = (*LONG[1:], "steps=160")
        done(train(folder, *more, settings=shorter, where="--resume"))
        log = (folder / "log.jsonl").read_text("utf-8").splitlines()
        assert [json.loads(x)["step"] for x in log][:100] == [*range(1, 101)]


@pytest.mark.timeout(300)
def test_two_processes_go_on_bit_by_bit(tmp_path):
    """With dropout: each process has random numbers of its own."""
    settings = ("dropout=0.5", "checkpoint_every=10", "steps=150")
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    done(train(whole, "--processes", 2, settings=settings))
    process = train(parts, "--processes", 2, settings=settings)
    wait_for(parts / "log.jsonl", 30)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 143, said
    stopped = len((parts / "log.jsonl").read_text("utf-8").splitlines())
    assert stopped < 150
    done(start("train", "char-rnn", "--resume", parts, "--processes", 2))
    one, two = weights(whole), weights(parts)
    for name, w in one.items():
        assert (w == two[name]).all(), name
    assert (whole / "log.jsonl").read_text("utf-8") == (
        parts / "log.jsonl"
    ).read_text("utf-8")


def test_rows_that_cannot_be_shared_out_are_refused(tmp_path):
    process = train(tmp_path, "--processes", 2, settings=("batch_size=5",))
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "A03" in said
    assert "Traceback" not in said
