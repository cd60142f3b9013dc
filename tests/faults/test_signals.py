"""Ctrl-C and SIGTERM finish the step, save, and say how to go on."""

import json
import os
import random
import re
import shlex
import signal
import subprocess
import sys
import time

import pytest
from faults.runs import FULL

SETTINGS = ["hidden_size=16", "steps=900", "window=16", "data=story-ko"]
COUNT = 20 if FULL else 1
"""How often each of the two signals is sent."""


def pfs(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "pfs", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "OMP_NUM_THREADS": "1", "PFS_LANG": "en"},
    )


def new_run(folder):
    options = [word for s in SETTINGS for word in ("--set", s)]
    return pfs("train", "char-rnn", "--out", folder, *options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    process = new_run(folder)
    assert process.wait(120) == 0, process.stderr.read()
    return folder


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_obeyed_after_the_step(number, whole, tmp_path):
    chance = random.Random(int(number))
    for i in range(COUNT):
        folder = tmp_path / f"run {i}"
        process = new_run(folder)
        log = folder / "log.jsonl"
        while not log.exists() or log.stat().st_size < 500:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.5)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 128 + number, said
        stopped = len(log.read_text("utf-8").splitlines())
        assert 0 < stopped < 900
        assert f"after step {stopped} of 900" in said
        command = re.search(r"pfs (train .*--resume .*)", said).group(1)
        resumed = pfs(*shlex.split(command))
        assert resumed.wait(120) == 0, resumed.stderr.read()
        for name in ("log.jsonl", "model.safetensors"):
            one, two = ((f / name).read_bytes() for f in (whole, folder))
            assert one == two, name
        one, two = (
            json.loads((f / "result.json").read_text("utf-8"))["metrics"]
            for f in (whole, folder)
        )
        assert one == two
