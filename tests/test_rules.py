"""Each rule of the house fails on a planted fault, and passes without."""

import re

import pytest
import rules

from pfs import papers

GOOD = '''
"""A module."""

import torch
from torch import nn

from pfs.shapes import Float, Tensor


def double(x: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch"]:
    r"""Double it.

    $$ y = 2 x \\tag{1} $$

    Args:
        x: Numbers.

    Returns:
        Twice the numbers.

    Raises:
        ValueError: Never.

    Example:
        >>> double(torch.ones(1))
        tensor([2.])

    Source:
        Nobody.

    Differs:
        nothing
    """
    return 2 * x  # (1)
'''


def planted(old, new):
    assert old in GOOD
    return GOOD.replace(old, new, 1)


@pytest.mark.parametrize(
    "code",
    [
        "from torch.nn import functional",
        "from torch.nn import functional as F",
        "import torch.nn.functional as F",
        "from torch.nn import LSTM",
        "from torch.nn import *",
        "import torch.nn as x\ny = x.Linear(1, 2)",
        "y = nn.Linear(1, 2)",
        "y = torch.nn.RNN(1, 2)",
        "import torch as t\ny = t.softmax(t.ones(2), 0)",
        "y = torch.softmax(torch.ones(2), 0)",
        "y = torch.ones(2).softmax(0)",
        "y = torch.rnn_tanh",
        "y = torch.layer_norm(torch.ones(2), (2,))",
        "y = torch.ops.aten.relu(torch.ones(2))",
        "y = torch._C._nn.gelu(torch.ones(2))",
        "y = getattr(torch.nn, 'Lin' + 'ear')(1, 2)",
        "y = getattr(torch, 'soft' + 'max')",
        "y = __import__('torch.nn.functional')",
        "from torch.optim import SGD",
        "y = torch.optim.Adam",
        "from torch.nn.utils import clip_grad_norm_",
        "import torchvision",
    ],
)
def test_a_ready_made_layer_is_seen(code):
    assert rules.impure(GOOD) == []
    assert rules.impure(f"{GOOD}\n{code}\n") != []


@pytest.mark.parametrize(
    "code",
    [
        "class M(nn.Module): ...",
        "y = nn.Parameter(torch.ones(1))",
        "nn.init.uniform_(y)",
        "y = nn.ModuleList([])",
        "from torch.optim import Optimizer",
        "y = torch.tanh(torch.ones(1))",
        "y = torch.ones(1).relu_()",
        "y = self.dropout(x)",
    ],
)
def test_arithmetic_and_containers_are_allowed(code):
    assert rules.impure(f"{GOOD}\n{code}\n") == []


@pytest.mark.parametrize(
    ("module", "code", "words"),
    [
        ("pfs.nn.linear", "from pfs.recurrent.rnn import RNN", "above"),
        ("pfs.shapes", "from pfs.nn import linear", "above"),
        ("pfs.data.x", "from pfs.recurrent.rnn import RNN", "above"),
        ("pfs.text.x", "import pfs.recurrent.rnn", "above"),
        ("pfs.training.x", "from pfs.recurrent.rnn import RNN", "knows"),
        ("pfs.recurrent.rnn", "from pfs.recipes.x import y", "above"),
        ("pfs.recipes.x", "from pfs.cli import app", "above"),
        ("pfs.papers", "import torch", "torch"),
        ("pfs.terms", "from torch import Tensor", "torch"),
        ("pfs.recurrent.rnn", "from pfs.recurrent.lstm import LSTM", "need"),
        ("pfs.recurrent.lstm", "from pfs.recurrent.gru import GRU", "need"),
        ("pfs.words.bert", "from pfs.language.gpt import GPT", "need"),
        ("pfs.utils", "x = 1", "no place"),
    ],
)
def test_an_import_against_the_direction_is_seen(module, code, words):
    found = rules.wrong_direction(module, code)
    assert any(words in one for one in found), found


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("pfs.recurrent.lstm", "from pfs.recurrent.rnn import RNN"),
        ("pfs.words.bert", "from pfs.translation.transformer import Encoder"),
        ("pfs.recurrent.rnn", "from pfs.nn import linear"),
        ("pfs.cli", "from pfs.recipes import char_rnn"),
    ],
)
def test_an_import_along_the_path_is_allowed(module, code):
    assert rules.wrong_direction(module, code) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    Source:\n        Nobody.\n\n", "", "Source"),
        ("    Differs:\n        nothing\n", "", "Differs"),
        ("    Returns:\n        Twice the numbers.\n\n", "", "Returns"),
        ("        x: Numbers.\n", "        y: Numbers.\n", "x is not"),
        (">>> double(torch.ones(1))", "double(torch.ones(1))", "not run"),
        (
            "    Raises:\n        ValueError: Never.\n",
            "",
            "no Raises",
        ),
    ],
)
def test_a_gap_in_the_documentation_is_seen(old, new, words):
    good = GOOD.replace("    return 2", "    raise ValueError\n    return 2")
    assert rules.undocumented(good) == []
    found = rules.undocumented(good.replace(old, new, 1))
    assert any(words in one for one in found), found


def test_a_tensor_without_a_shape_is_seen():
    assert rules.shapeless(GOOD) == []
    bare = planted('x: Float[Tensor, "*batch"]', "x: Tensor")
    assert rules.shapeless(bare) == ["double: x has no shape"]


@pytest.mark.parametrize(
    ("old", "new"), [("# (1)", ""), ("\\tag{1}", ""), ("# (1)", "# (2)")]
)
def test_an_equation_without_its_line_is_seen(old, new):
    assert rules.equations_apart(GOOD) == []
    text = GOOD.replace(old, new, 1)
    if old == "\\tag{1}":
        text = text.replace("$$ y = 2 x  $$", "$$ y = 2 x \\tag{3} $$")
    assert rules.equations_apart(text) != []


def test_length_is_seen():
    assert rules.too_long(GOOD) == []
    assert rules.too_long(GOOD + "\n" * 300) != []
    body = "def f():\n" + "    x = 1\n" * 41
    assert rules.too_long(body) == ["f: 41 lines, at most 40"]


@pytest.mark.parametrize(
    "code",
    [
        "open('x')",
        "open('x', 'w')",
        "Path('x').open()",
        "Path('x').read_text()",
        "Path('x').write_text('y')",
    ],
)
def test_a_file_without_encoding_is_seen(code):
    assert rules.without_encoding(code) != []


def test_binary_files_need_no_encoding():
    code = "open('x', 'rb'); Path('x').read_text('utf-8')"
    assert rules.without_encoding(code) == []


def test_codes_are_found():
    code = "raise errors.PfsValueError('A01', where='x')"
    assert rules.codes_raised(code) == {"A01"}


def test_every_missing_room_is_named(tmp_path):
    paper = papers.load()["rnn"]
    missing = rules.missing_rooms(tmp_path, paper)
    assert len(missing) == 9
    for one in missing:
        path = tmp_path / re.sub("missing: ", "", one)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert rules.missing_rooms(tmp_path, paper) == []
