"""The homework notebook: empty it says so, solved it passes, wrong it fails."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = [
    ROOT / "docs" / folder / "homework" / "rnn.ipynb"
    for folder in ("", "ko", "zh")
]

RIGHT = {
    "step": "torch.tanh(x @ W.T + h @ U.T + b)",
    "unroll": "stack(x, h0, W, U, b)",
    "backward": "through_time(dh, x, h0, h, W, U)",
    "windows": "cut(ids, batch, time)",
    "clip": "[g * min(1.0, max_norm / (norm(gradients) + 1e-6))"
    " for g in gradients]",
    "probabilities": "temper(logits, temperature)",
    "carry": "h.detach()",
}
HELPERS = """
def stack(x, h, W, U, b):
    states = []
    for x_t in x.unbind(1):
        h = torch.tanh(x_t @ W.T + h @ U.T + b)
        states.append(h)
    return torch.stack(states, 1)

def through_time(dh, x, h0, h, W, U, local=lambda h: 1 - h * h):
    before = torch.cat([h0[:, None], h[:, :-1]], 1)
    carried, deltas = torch.zeros_like(h0), []
    for t in reversed(range(x.shape[1])):
        delta = (dh[:, t] + carried) * local(h[:, t])
        carried = delta @ U
        deltas.insert(0, delta)
    delta = torch.stack(deltas, 1)
    total = lambda a: torch.einsum("bth,bti->hi", delta, a)
    return total(x), total(before), delta.sum((0, 1)), carried

def cut(ids, batch, time):
    steps = (len(ids) - 1) // batch // time * time
    x = ids[: batch * steps].view(batch, steps)
    y = ids[1 : batch * steps + 1].view(batch, steps)
    return list(zip(x.split(time, 1), y.split(time, 1)))

def norm(gradients):
    return sum(float((g * g).sum()) for g in gradients) ** 0.5

def temper(z, t):
    if t == 0:
        return (torch.arange(len(z)) == z.argmax()).to(z.dtype)
    e = ((z - z.max()) / t).exp()
    return e / e.sum()
"""
WRONG = [
    ("step", "torch.tanh(x @ W.T + b)", "1 step"),
    ("step", "torch.tanh(x @ W.T + h @ U + b)", "1 step"),
    ("unroll", "stack(x.transpose(0, 1), h0, W, U, b)", "2 unroll"),
    ("unroll", "stack(x, torch.zeros_like(h0), W, U, b)", "2 unroll"),
    (
        "backward",
        "through_time(dh, x, h0, h, W, U, lambda h: 1 - h)",
        "3 backward",
    ),
    ("backward", "through_time(dh, x, h0, h, W, U.T)", "3 backward"),
    ("windows", "[(x, x) for x, y in cut(ids, batch, time)]", "4 windows"),
    (
        "windows",
        "[(x.T, y.T) for x, y in cut(ids, batch, time)]",
        "4 windows",
    ),
    (
        "clip",
        "[g * min(1.0, max_norm / norm([g])) for g in gradients]",
        "5 clip",
    ),
    (
        "clip",
        "[g * (max_norm / norm(gradients)) for g in gradients]",
        "5 clip",
    ),
    ("probabilities", "temper(logits * temperature, 1)", "6 probabilities"),
    (
        "probabilities",
        "(logits / temperature).exp() / (logits / temperature).exp().sum()",
        "6 probabilities",
    ),
    ("carry", "h", "7 carry"),
    ("carry", "torch.zeros_like(h)", "7 carry"),
]


def code(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]


def output(answers, capsys, path=NOTEBOOKS[0]):
    space = {}
    exec(HELPERS, space)
    for cell in code(path):
        name = re.match(r"def (\w+)", cell)
        if name and name[1] in answers and "return ..." in cell:
            cell = cell.replace("return ...", f"return {answers[name[1]]}")
        exec("import torch", space)
        exec(cell, space)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=["en", "ko", "zh"])
def test_untouched_it_says_not_started(path, capsys):
    lines = output({}, capsys, path)
    assert len(lines) == len(RIGHT)
    assert all(
        line.startswith("[    ]") and "not started" in line for line in lines
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=["en", "ko", "zh"])
def test_solved_it_passes(path, capsys):
    lines = output(RIGHT, capsys, path)
    assert len(lines) == len(RIGHT)
    assert all(line.startswith("[ OK ]") for line in lines), lines


@pytest.mark.parametrize(("name", "answer", "task"), WRONG)
def test_a_mistake_is_refused(name, answer, task, capsys):
    lines = output({**RIGHT, name: answer}, capsys)
    failed = [line for line in lines if not line.startswith("[ OK ]")]
    assert len(failed) == 1, lines
    assert failed[0].startswith(f"[FAIL] {task}")
