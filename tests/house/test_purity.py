"""A ready-made layer is seen, however it is spelled."""

import pytest
import torch
from torch.nn import functional

from house import purity
from house.good import GOOD


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
        "import transformers",
        "layers = nn\ny = layers.Linear(1, 2)",
        "make = torch.nn\nthing = make\ny = thing.GRU(1, 2)",
        "y = torch._softmax(torch.ones(2), 0, False)",
        "y = torch.Tensor.softmax(torch.ones(2), 0)",
        "y = torch.special.softmax(torch.ones(2), 0)",
        "y = torch.cosine_similarity(torch.ones(2), torch.ones(2))",
        "y = vars(nn)['Linear']",
        "y = nn.__dict__['Linear']",
        "import importlib\ny = importlib.import_module('torch.nn')",
        "import sys\ny = sys.modules['torch.nn.functional']",
        "y = eval('nn' + '.Linear')",
        "exec('from torch.nn import Linear')",
        "import torch.jit",
    ],
)
def test_a_ready_made_layer_is_seen(code):
    assert purity.impure(GOOD) == []
    assert purity.impure(f"{GOOD}\n{code}\n") != []


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
        "y = torch.__version__",
    ],
)
def test_arithmetic_and_containers_are_allowed(code):
    assert purity.impure(f"{GOOD}\n{code}\n") == []


@pytest.mark.parametrize("owner", [torch, torch.Tensor])
def test_the_list_is_complete(owner):
    """What torch offers as a layer and as a function is listed."""
    both = {*dir(owner)} & {*dir(functional)} - {"Tensor"}
    both = {n for n in both if callable(getattr(functional, n))}
    known = purity.READY_MADE | purity.ARITHMETIC
    assert {n for n in both if not n.startswith("_")} <= known


def test_nothing_on_the_list_is_misspelled():
    known = {*dir(torch), *dir(torch.Tensor), *dir(functional)}
    assert known >= purity.READY_MADE


def test_the_message_names_line_and_name():
    code = "import torch.nn as x\n\ny = x.Linear(1, 2)"
    assert purity.impure(code) == ["line 3: torch.nn.Linear is ready-made"]
