"""Every layer of `pfs.nn` keeps the contract."""

import torch
from contract import ModuleContract
from torch import nn as theirs

from pfs import nn


def vectors(size):
    return staticmethod(lambda batch: (torch.randn(batch, 5, size),))


class Elementwise(ModuleContract):
    inputs = vectors(7)
    parameters = 0


class TestLinear(ModuleContract):
    module = staticmethod(lambda: nn.Linear(7, 11))
    twin = staticmethod(lambda: theirs.Linear(7, 11))
    inputs = vectors(7)
    parameters = 7 * 11 + 11


class TestLinearWithoutBias(ModuleContract):
    module = staticmethod(lambda: nn.Linear(7, 11, bias=False))
    twin = staticmethod(lambda: theirs.Linear(7, 11, bias=False))
    inputs = vectors(7)
    parameters = 7 * 11


class TestEmbedding(ModuleContract):
    module = staticmethod(lambda: nn.Embedding(13, 5, padding_idx=-2))
    twin = staticmethod(lambda: theirs.Embedding(13, 5, padding_idx=-2))
    inputs = staticmethod(lambda batch: (torch.randint(13, (batch, 29)),))
    parameters = 13 * 5
    omitted = (
        "max_norm",
        "norm_type",
        "scale_grad_by_freq",
        "sparse",
        "_weight",
        "_freeze",
    )


class TestLayerNorm(ModuleContract):
    module = staticmethod(lambda: nn.LayerNorm((5, 7), eps=1e-3))
    twin = staticmethod(lambda: theirs.LayerNorm((5, 7), eps=1e-3))
    inputs = vectors(7)
    parameters = 2 * 5 * 7


class TestLayerNormWithoutShift(ModuleContract):
    module = staticmethod(lambda: nn.LayerNorm(7, bias=False))
    twin = staticmethod(lambda: theirs.LayerNorm(7, bias=False))
    inputs = vectors(7)
    parameters = 7


class TestLayerNormBare(ModuleContract):
    module = staticmethod(lambda: nn.LayerNorm(7, elementwise_affine=False))
    twin = staticmethod(lambda: theirs.LayerNorm(7, elementwise_affine=False))
    inputs = vectors(7)
    parameters = 0


class TestSigmoid(Elementwise):
    module = staticmethod(nn.Sigmoid)
    twin = staticmethod(theirs.Sigmoid)


class TestTanh(Elementwise):
    module = staticmethod(nn.Tanh)
    twin = staticmethod(theirs.Tanh)


class TestReLU(Elementwise):
    module = staticmethod(nn.ReLU)
    twin = staticmethod(theirs.ReLU)


class TestGELU(Elementwise):
    module = staticmethod(nn.GELU)
    twin = staticmethod(theirs.GELU)


class TestGELUTanh(Elementwise):
    module = staticmethod(lambda: nn.GELU("tanh"))
    twin = staticmethod(lambda: theirs.GELU("tanh"))


class TestSoftmax(Elementwise):
    module = staticmethod(lambda: nn.Softmax(1))
    twin = staticmethod(lambda: theirs.Softmax(1))


class TestLogSoftmax(Elementwise):
    module = staticmethod(lambda: nn.LogSoftmax(-1))
    twin = staticmethod(lambda: theirs.LogSoftmax(-1))


class TestDropout(Elementwise):
    """Evaluation is the identity; training is tested in test_functions."""

    module = staticmethod(lambda: nn.Dropout(0.3))
    twin = staticmethod(lambda: theirs.Dropout(0.3))
    omitted = ("inplace",)

    def test_arguments_are_those_of_the_twin(self):
        assert nn.Dropout().p == theirs.Dropout().p
        assert repr(nn.Dropout(0.3)) == "Dropout(p=0.3)"

    def test_training_mode_equals_the_twin(self):
        """The draws differ from torch's, the law does not."""
        torch.manual_seed(0)
        x = torch.ones(100_000, dtype=torch.float64)
        y = nn.Dropout(0.3)(x)
        assert set(y.unique().tolist()) == {0.0, 1 / 0.7}
        assert abs(float((y == 0).double().mean()) - 0.3) < 0.01
        assert abs(float(y.mean()) - 1) < 0.02
