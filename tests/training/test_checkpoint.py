import json
import pickle
import random
import resource
import struct
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save
from training.models import KINDS, make

from pfs.errors import PfsFileError
from pfs.training import Checkpoints, Evaluation, Log
from pfs.training.checkpoint import (
    STATE,
    SUMS,
    TENSORS,
    _sums,
    read_checkpoint,
    write_checkpoint,
)
from pfs.training.keeping import (
    best_checkpoint,
    newest_checkpoint,
    prune_checkpoints,
)
from pfs.training.state import load_random_state, random_state


def run(kind, folder, steps=20, until=None, every=3, **kw):
    """Train, from the newest checkpoint if there is one."""
    evaluation = Evaluation(
        lambda model: sum(p.abs().sum().item() for p in model.parameters()), 4
    )
    log = Log(folder / "log.jsonl", evaluation)
    folder.mkdir(exist_ok=True)
    trainer = make(kind, steps, **kw)
    trainer.stop = lambda: until is not None and trainer.step + 1 >= until
    trainer.callbacks = (
        evaluation,
        log,
        Checkpoints(folder / "checkpoints", every, {}, evaluation),
    )
    torch.manual_seed(77)
    checkpoint = newest_checkpoint(folder / "checkpoints")
    if checkpoint:
        trainer.load_state(checkpoint.tensors, checkpoint.state)
    log.drop_after(trainer.step)
    trainer.fit()
    return trainer, evaluation, log


def bits(trainer, evaluation, log):
    tensors, state = trainer.state()
    return (
        {k: t.numpy().tobytes() for k, t in tensors.items()},
        json.dumps(state, sort_keys=True),
        evaluation.points,
        log.path.read_bytes(),
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("until", [1, 7, 12])
def test_a_run_that_was_stopped_goes_on_bit_by_bit(kind, until, tmp_path):
    whole = bits(*run(kind, tmp_path / "whole"))
    run(kind, tmp_path / "parts", until=until)
    random.seed(99)
    np.random.seed(99)  # noqa: NPY002
    parts = bits(*run(kind, tmp_path / "parts"))
    # Python's and NumPy's generators are those of the test, not of the run.
    for one, two in zip(whole[2:], parts[2:], strict=True):
        assert one == two
    for name, data in whole[0].items():
        if not name.endswith(("random.python", "random.numpy")):
            assert parts[0][name] == data, name


def test_every_source_of_randomness_is_put_back():
    draw = lambda: (
        torch.rand(3).tolist(),
        random.random(),
        random.gauss(0, 1),
        np.random.standard_normal(3).tolist(),  # noqa: NPY002
    )
    random.gauss(0, 1)  # the second number of the pair waits
    tensors, rest = random_state()
    rest = json.loads(json.dumps(rest))
    first = draw()
    draw()
    load_random_state(tensors, rest)
    assert draw() == first


def test_the_last_two_and_the_best_stay(tmp_path):
    for step, metric in enumerate([5.0, 1.0, 3.0, None, 2.0, None], 1):
        write_checkpoint(tmp_path, step, {}, {"metric": metric})
        prune_checkpoints(tmp_path)
    stay = sorted(int(path.name[5:]) for path in tmp_path.iterdir())
    assert stay == [2, 5, 6]
    assert best_checkpoint(tmp_path).name == "step-00000002"
    assert newest_checkpoint(tmp_path).state["step"] == 6


def test_checksums_are_those_of_sha256sum(tmp_path):
    path = write_checkpoint(tmp_path, 3, {"w": torch.ones(3)}, {"a": 1})
    subprocess.run(
        ["sha256sum", "--check", "--strict", SUMS], cwd=path, check=True
    )


def test_tensors_may_share_memory(tmp_path):
    w = torch.arange(6.0).view(2, 3)
    path = write_checkpoint(tmp_path, 1, {"a": w, "b": w, "c": w.T[1:]}, {})
    back = read_checkpoint(path).tensors
    assert torch.equal(back["a"], back["b"])
    assert torch.equal(back["c"], w.T[1:])


def two(folder):
    """Write two checkpoints; the newer one will be damaged."""
    write_checkpoint(folder, 400, {"w": torch.ones(4)}, {"note": "old 안녕"})
    tensors = {"w": torch.rand(60), "v": torch.arange(9)}
    return write_checkpoint(folder, 500, tensors, {"note": "new 你好"})


def is_found(folder):
    """Whether the damage is found and the checkpoint before it is used."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        checkpoint = newest_checkpoint(folder)
    assert checkpoint.state["step"] == 400
    assert checkpoint.state["note"] == "old 안녕"
    (warning,) = caught
    assert str(warning.message).startswith("T05: step-00000500 is damaged")
    assert str(warning.message).endswith("using step-00000400 instead")


@pytest.mark.parametrize("name", [TENSORS, STATE, SUMS])
def test_every_flipped_bit_and_every_cut_is_found(name, tmp_path):
    """400 flips and 100 cuts, spread over the three files."""
    good = (two(tmp_path) / name).read_bytes()
    path = tmp_path / "step-00000500" / name
    generator = random.Random(name)
    flips, cuts = (134, 34) if name == TENSORS else (133, 33)
    for _ in range(flips):
        place = generator.randrange(len(good))
        data = bytearray(good)
        data[place] ^= 1 << generator.randrange(8)
        path.write_bytes(data)
        is_found(tmp_path)
    for _ in range(cuts):
        path.write_bytes(good[: generator.randrange(len(good))])
        is_found(tmp_path)
    path.write_bytes(bytes(len(good)))
    is_found(tmp_path)
    path.unlink()
    is_found(tmp_path)
    path.write_bytes(good)
    assert newest_checkpoint(tmp_path).state["step"] == 500


def test_if_all_are_damaged_it_says_so(tmp_path):
    two(tmp_path)
    for path in tmp_path.glob("step-*"):
        (path / TENSORS).unlink()
    with pytest.raises(PfsFileError) as caught:
        newest_checkpoint(tmp_path)
    assert caught.value.code == "T05"
    assert "step-00000500" in caught.value.where


class Evil:
    def __reduce__(self):
        return (exec, ("raise SystemExit('it ran')",))


def header(content, length=None):
    data = json.dumps(content).encode()
    size = len(data) if length is None else length
    return struct.pack("<Q", size) + data


def f32(start, end, shape=(1,)):
    return {"w": {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}}


def a_zip(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Evil()))
    return path.read_bytes()


ATTACKS = {
    "pickle": lambda p: {TENSORS: pickle.dumps(Evil())},
    "a torch archive": lambda p: {TENSORS: a_zip(p)},
    "a huge header": lambda p: {TENSORS: header({}, 2**63)},
    "a header longer than the file": lambda p: {TENSORS: header({}, 99)},
    "no header": lambda p: {TENSORS: b""},
    "half a header": lambda p: {TENSORS: b"\x08\0\0"},
    "a header that is no JSON": lambda p: {
        TENSORS: struct.pack("<Q", 2) + b"]["
    },
    "offsets after the end": lambda p: {TENSORS: header(f32(0, 400, (100,)))},
    "offsets backwards": lambda p: {TENSORS: header(f32(4, 0)) + bytes(4)},
    "a shape that does not fit": lambda p: {
        TENSORS: header(f32(0, 4, (9,))) + bytes(4)
    },
    "overlapping tensors": lambda p: {
        TENSORS: header({"a": f32(0, 4)["w"], "b": f32(0, 4)["w"]}) + bytes(4)
    },
    "a shape that overflows": lambda p: {
        TENSORS: header(f32(0, 4, (2**62, 2**62))) + bytes(4)
    },
    "a dtype that is none": lambda p: {
        TENSORS: header({"w": {**f32(0, 4)["w"], "dtype": "PICKLE"}}) + bytes(4)
    },
    "a pickle as state": lambda p: {STATE: pickle.dumps(Evil())},
    "a list as state": lambda p: {STATE: b"[]"},
    "a state that nests too deep": lambda p: {STATE: b"[" * 10**6},
    "a state that is not UTF-8": lambda p: {
        STATE: '{"a":"é"}'.encode("latin-1")
    },
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_checkpoint_runs_nothing(attack, tmp_path):
    """Its checksums fit: whoever forges the files forges them as well."""
    path = two(tmp_path / "run")
    files = {n: (path / n).read_bytes() for n in (TENSORS, STATE)}
    files |= ATTACKS[attack](tmp_path)
    for name, data in {**files, SUMS: _sums(files)}.items():
        (path / name).write_bytes(data)
    with pytest.raises(PfsFileError) as caught:
        newest_checkpoint(tmp_path / "run")
    assert caught.value.code == "T06"


def test_a_format_of_the_future_is_named(tmp_path):
    path = two(tmp_path)
    state = json.loads((path / STATE).read_text("utf-8")) | {"format": 2}
    files = {
        TENSORS: (path / TENSORS).read_bytes(),
        STATE: json.dumps(state).encode(),
    }
    for name, data in {**files, SUMS: _sums(files)}.items():
        (path / name).write_bytes(data)
    with pytest.raises(PfsFileError, match="format 2") as caught:
        newest_checkpoint(tmp_path)
    assert caught.value.code == "T08"


def test_checkpoints_of_older_versions_can_be_read():
    """One for every released format."""
    folder = Path(__file__).parent / "checkpoints"
    for release in sorted(folder.iterdir()):
        checkpoint = newest_checkpoint(release)
        assert checkpoint.tensors["model.weight"].tolist() == [[0.5, -2.0]]
        assert checkpoint.state["stream"] == {"round": 1, "place": 2}


FULL = """
import resource, signal, sys
from pathlib import Path
import torch
from pfs.errors import PfsFileError
from pfs.training.checkpoint import write_checkpoint
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder = Path(sys.argv[1])
tensors = {"w": torch.zeros(4000)}
write_checkpoint(folder, 1, tensors, {})
for i in range(20):
    limit = i * 16_000 // 20
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        write_checkpoint(folder, 2, tensors, {})
    except PfsFileError as error:
        assert error.code == "T02", error
    else:
        raise AssertionError(limit)
    assert [p.name for p in folder.iterdir()] == ["step-00000001"], i
"""


def test_a_full_disk_keeps_the_checkpoint_before(tmp_path):
    """The operating system refuses to write on, at 20 fill levels."""
    command = [sys.executable, "-c", FULL, str(tmp_path)]
    subprocess.run(command, check=True)
    assert newest_checkpoint(tmp_path).state["step"] == 1
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == -1


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(PfsFileError) as caught:
        write_checkpoint(tmp_path / "file" / "run", 1, {}, {})
    assert caught.value.code == "T02"


@pytest.mark.parametrize(
    "name", ["with blank", "저장 폴더", "存档", "é" * 60, "長" * 80]
)
def test_any_name_of_a_folder_will_do(name, tmp_path):
    path = write_checkpoint(tmp_path / name, 1, {"w": torch.ones(1)}, {})
    assert read_checkpoint(path).tensors["w"].item() == 1
    (tmp_path / "link").symlink_to(tmp_path / name)
    assert newest_checkpoint(tmp_path / "link").state["step"] == 1


def test_a_link_to_nowhere_or_a_stray_file_is_no_harm(tmp_path):
    write_checkpoint(tmp_path, 1, {"w": torch.ones(1)}, {})
    (tmp_path / ".part").mkdir()
    (tmp_path / ".part" / TENSORS).write_bytes(save({"w": torch.ones(1)})[:9])
    assert newest_checkpoint(tmp_path).state["step"] == 1
    write_checkpoint(tmp_path, 2, {"w": torch.ones(1)}, {})
    assert not (tmp_path / ".part").exists()
