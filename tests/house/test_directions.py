"""An import against the direction is seen."""

import pytest

from house.directions import wrong_direction


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
        ("pfs.words.bert_x", "import pfs.language.gpt_names", "need"),
        ("pfs.utils", "x = 1", "utils has no place in the house"),
        ("pfs.optim.sgd", "import pfs.recurrent.rnn", "is above"),
        ("pfs.optim.sgd", "import pfs.optim.adam", "may not import the paper"),
        ("pfs.training.x", "import pfs.recurrent.layers", "knows the topic"),
        ("pfs.recurrent.layers", "import pfs.recurrent.rnn", "is shared"),
        ("pfs.vision.vgg", "import pfs.recurrent.layers", "no paper of recur"),
        (
            "pfs.contrastive.moco",
            "import pfs.contrastive.moco_v2",
            "need moco_",
        ),
        ("pfs.recurrent.lstm", "from . import rnn", "in full"),
        ("pfs.recurrent.lstm", "from .gru import GRU", "in full"),
        ("pfs.orders", "import torch as t", "line 1: the registry imports"),
    ],
)
def test_an_import_against_the_direction_is_seen(module, code, words):
    found = wrong_direction(module, code)
    assert any(words in one for one in found), found


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("pfs.recurrent.lstm", "from pfs.recurrent.rnn import RNN"),
        ("pfs.words.bert", "from pfs.translation.transformer import Encoder"),
        ("pfs.recurrent.rnn", "from pfs.nn import linear"),
        ("pfs.cli", "from pfs.recipes import char_rnn"),
        ("pfs.recurrent.lstm", "from pfs.recurrent.layers import blank"),
        ("pfs.contrastive.moco_v2", "from pfs.contrastive.moco import MoCo"),
        ("pfs.recurrent", "from pfs.recurrent.rnn import RNN"),
        ("pfs.optim.adam", "from pfs.optim.sgd import SGD"),
        ("pfs.recipes.x", "from pfs.optim.adam import Adam"),
        ("pfs.language.gpt_generate", "from pfs.language.gpt import GPT"),
        ("pfs.words.bert_x", "import pfs.translation.transformer_layers"),
    ],
)
def test_an_import_along_the_path_is_allowed(module, code):
    assert wrong_direction(module, code) == []
