"""Grading of right, wrong and hostile answers in one run."""

import csv
import json
import os
import shutil
import socket
import tempfile
import threading
from pathlib import Path
from xml.etree import ElementTree

import pytest
from homework.gradescope import RESULTS
from homework.hostile import HOSTILE
from homework.small import SOFTMAX
from jsonschema import validate

from pfs.errors import PfsValueError
from pfs.homework import grading
from pfs.homework.grades import POINTS
from pfs.homework.handed_in import Submission
from pfs.homework.remote import Confined

pytestmark = pytest.mark.timeout(600)  # torch is imported 30 times

ID = "mlp.softmax"
RIGHT = SOFTMAX.solution
ANSWERS = {
    "solution": (RIGHT, ""),
    "other way": (next(iter(SOFTMAX.right.values())), ""),
    "김 student": (RIGHT.replace("torch.exp(", "torch.exp2("), "H20"),
    "=1+1": (RIGHT.replace("x - largest)", "x)"), "H50"),
    "not begun": (SOFTMAX.start, "H00"),
    os.fsdecode(b"uses \xff softmax"): (
        "import torch\n\n\ndef softmax(x, dim):\n    return x.softmax(dim)\n",
        "H60",
    ),
    "nothing": (None, "missing"),
}
SAYS = "def softmax(x, dim):\n    print(x)\n    return x\n"
CODES = {
    "endless-loop": "H05",
    "much-memory": "H07",
    "forged-result": "H08",
    "exit-code-0": "H02",
    "network": "H02",
    "writes-outside": "H02",
    "reads-solution": "H02",
    "deep-answer": "H08",
    "patched-torch": "H20",
    "strange-type": "H20",
    "keeps-running": "H20",
    "kills": "H20",
    "forged-words": "H02",
}
DANGEROUS = {"kills", "fork-bomb", "keeps-running"}
"""Tried only where a process is kept from the others."""


class World:
    """One run of grading, and what was there before and after."""

    def __init__(self, folder):
        self.folder = folder
        self.students = folder / "handed in"
        self.out = folder / "grades"
        self.victims = folder / "victims"
        self.temp = Path(tempfile.mkdtemp(prefix="pfs-test-"))
        self.temp.chmod(0o755)
        self.connected = []
        with Confined(3_999) as confined:
            confined.start()
            self.protects = confined.protects
        apart = {"user", "processes"} & {*self.protects}
        self.bank = [n for n in HOSTILE if apart or n not in DANGEROUS]

    def hand_in(self, student, text):
        place = self.students / student
        place.mkdir(parents=True)
        if text is not None:
            (place / "softmax.py").write_text(text, "utf-8")

    def lay_out(self, address):
        self.victims.mkdir(mode=0o777)
        for number in range(3):
            file = self.victims / f"{number}.txt"
            file.write_text("precious", "utf-8")
            file.chmod(0o666)
        for student, (text, _) in ANSWERS.items():
            self.hand_in(student, text)
        for name in ("says 1", "says 2"):
            self.hand_in(name, SAYS)
        for name in self.bank:
            text = HOSTILE[name].format(
                outside=str(self.victims / "new.txt"),
                places=[str(self.victims)],
                address=address,
                solution=str(SOFTMAX.folder / "solution.py"),
            )
            self.hand_in(name, text)

    def run(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            listener = threading.Thread(target=self.listen, args=(server,))
            listener.start()
            self.lay_out(server.getsockname())
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("TMPDIR", str(self.temp))
                grades = grading.grade(
                    self.students, [ID], self.out, jobs=2, key="key"
                )
            self.graded = {one.student: one for one in grades}
            server.shutdown(socket.SHUT_RDWR)
            listener.join()

    def listen(self, server):
        try:
            while True:
                self.connected.append(server.accept())
        except OSError:
            return

    def running(self):
        """Return the processes that still name the run's folder."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if str(self.temp).encode() in path.read_bytes():
                    found.append(path)
            except OSError:
                continue
        return found


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("grading"))
    world.run()
    yield world
    shutil.rmtree(world.temp, ignore_errors=True)


@pytest.mark.parametrize("student", ANSWERS, ids=ascii)
def test_right_gets_all_points_and_wrong_few(student, world):
    (grade,) = world.graded[student].grades
    code = ANSWERS[student][1]
    assert grade.code == code
    if not code:
        assert grade.score == POINTS
    elif code in ("H00", "H60", "missing"):
        assert grade.score == 0
    else:
        assert 0 < grade.score < POINTS / 2


def test_a_known_mistake_is_named(world):
    (grade,) = world.graded["김 student"].grades
    assert "equal powers of 2" in grade.output


def test_a_hostile_answer_gets_next_to_nothing(world):
    assert len(world.bank) >= 15
    for name in world.bank:
        (grade,) = world.graded[name].grades
        assert grade.score <= 2, name
        assert grade.code == CODES.get(name, grade.code), name
        assert grade.code[0] == "H", name
        assert "Traceback" not in grade.output, name
        assert len(grade.output) < 9_000, name


def test_nothing_outside_has_changed(world):
    found = {p.name: p.read_text("utf-8") for p in world.victims.iterdir()}
    assert found == {f"{number}.txt": "precious" for number in range(3)}
    assert (SOFTMAX.folder / "solution.py").read_text("utf-8") == RIGHT
    assert world.connected == []


def test_nothing_is_left(world):
    assert list(world.temp.glob("pfs-hw-*")) == []
    assert world.running() == []


def test_there_are_always_results(world):
    assert {*world.graded} == {p.name for p in world.students.iterdir()}
    for student in world.graded:
        file = world.out / student / "results.json"
        validate(json.loads(file.read_text("utf-8")), RESULTS)
    root = ElementTree.parse(world.out / "junit.xml").getroot()
    assert len(root.findall("testsuite/testcase")) == len(world.graded)
    with open(world.out / "grades.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(world.graded)
    assert "'=1+1" in {row["student"] for row in rows}
    points = {row["student"]: float(row["score"]) for row in rows}
    assert points["solution"] == POINTS
    assert not list(world.out.rglob("*.part"))


def test_forging_is_listed_as_unusual(world):
    for name in ("forged-words", "forged-answers"):
        (grade,) = world.graded[name].grades
        assert "pfs.homework" in grade.unusual
    assert world.graded["solution"].grades[0].unusual == ()


def test_every_student_gets_other_inputs(world, tmp_path):
    said = [world.graded[f"says {n}"].grades[0].output for n in (1, 2)]
    assert "tensor([[" in said[0]
    assert said[0] != said[1]
    shutil.copytree(world.students / "says 2", tmp_path / "all" / "says 2")
    (again,) = grading.grade(tmp_path / "all", [ID], key="key")
    assert again.grades[0].output == said[1]


def test_the_seed_is_of_key_student_and_exercise():
    cases = [
        (key, student, id)
        for key in ("", "a", "b")
        for student in ("kim", "lee", os.fsdecode(b"\xff"))
        for id in (ID, "rnn.cell")
    ]
    seeds = {grading.seed_of(*case) for case in cases}
    assert len(seeds) == len(cases)
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert grading.seed_of("a", "kim", ID) == 520_455_735


def test_an_interrupted_run_leaves_valid_files(tmp_path, monkeypatch):
    for student in ("a", "b", "c"):
        (tmp_path / "all" / student).mkdir(parents=True)

    def interrupted(tasks, jobs):
        yield grading.one(tasks[1])
        raise KeyboardInterrupt

    monkeypatch.setattr(grading, "_in_processes", interrupted)
    told = []
    with pytest.raises(KeyboardInterrupt):
        grading.grade(tmp_path / "all", [ID], language="ko", tell=told.append)
    out, codes = tmp_path / "grades", {}
    assert [one.student for one in told] == ["b"]
    for student in ("a", "b", "c"):
        file = out / student / "results.json"
        validate(json.loads(file.read_text("utf-8")), RESULTS)
    root = ElementTree.parse(out / "junit.xml").getroot()
    for suite in root:
        codes[suite.get("name")] = suite.find("*/failure").get("type")
    assert codes == {"a": "ungraded", "b": "missing", "c": "ungraded"}


class Deadly(Submission):
    """A submission that ends the process that receives it."""

    def __reduce__(self):
        return os._exit, (3,)


def test_a_process_that_dies_takes_no_other_grade_with_it(tmp_path):
    tasks = [
        (Deadly("dies", tmp_path), [ID], "", "en", 0),
        (Submission("lives", tmp_path), [ID], "", "en", 1),
    ]
    graded = list(grading._in_processes(tasks, 2))
    assert [one.student for one in graded] == ["lives"]


def test_no_processes_grade_nothing(tmp_path):
    with pytest.raises(PfsValueError) as caught:
        grading.grade(tmp_path, [ID], jobs=0)
    assert caught.value.code == "A01"
