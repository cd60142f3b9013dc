"""Every layer of `pfs.nn` keeps the contract."""

import importlib.util
import inspect
from pathlib import Path

import torch
from contract import ModuleContract, same_arguments
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

    def test_gradients_equal_finite_differences(self):
        """Not for the padding row: it gets none, although it has a slope."""
        layer, _, (ids,) = self.case()
        ids[0, 0] = 11
        layer(ids).square().sum().backward()
        assert layer.weight.grad[11].abs().sum() == 0
        assert layer.weight.grad[ids[0, 1]].abs().sum() > 0


class TestEmbeddingWithoutPadding(ModuleContract):
    module = staticmethod(lambda: nn.Embedding(13, 5))
    twin = staticmethod(lambda: theirs.Embedding(13, 5))
    inputs = staticmethod(lambda batch: (torch.randint(13, (batch, 29)),))
    parameters = 13 * 5
    omitted = TestEmbedding.omitted


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

    def test_training_mode_equals_the_twin(self):
        """The draws differ from torch's, the law does not."""
        torch.manual_seed(0)
        x = torch.ones(100_000, dtype=torch.float64)
        y = nn.Dropout(0.3)(x)
        assert set(y.unique().tolist()) == {0.0, 1 / 0.7}
        assert abs(float((y == 0).double().mean()) - 0.3) < 0.01
        assert abs(float(y.mean()) - 1) < 0.02


class TestMultiheadAttention(ModuleContract):
    """Its options and masks are in test_attention_heads."""

    module = staticmethod(lambda: nn.MultiheadAttention(6, 2, batch_first=True))
    twin = staticmethod(
        lambda: theirs.MultiheadAttention(6, 2, batch_first=True)
    )
    inputs = staticmethod(
        lambda batch: tuple(torch.randn(batch, n, 6) for n in (5, 7, 7))
    )
    parameters = 4 * 6 * 6 + 4 * 6

    def test_arguments_are_those_of_the_twin(self):
        """torch's inner map has a class of its own, for quantization."""
        ours, twin, _ = self.case()
        same_arguments(type(ours).__init__, type(twin).__init__, ())
        assert repr(ours) == repr(twin).replace("NonDynamicallyQuantizable", "")


CLASS_WEIGHTS = torch.tensor([0.2, 0.3, 0.5, 0.7, 1.1])


class TestCrossEntropyLoss(ModuleContract):
    """Without a reduction, so that rows can be told apart."""

    options = {
        "weight": CLASS_WEIGHTS,
        "ignore_index": 3,
        "reduction": "none",
        "label_smoothing": 0.1,
    }
    module = staticmethod(
        lambda: nn.CrossEntropyLoss(**TestCrossEntropyLoss.options)
    )
    twin = staticmethod(
        lambda: theirs.CrossEntropyLoss(**TestCrossEntropyLoss.options)
    )
    inputs = staticmethod(
        lambda batch: (torch.randn(batch, 5, 7), torch.randint(5, (batch, 7)))
    )
    parameters = 0
    omitted = ("size_average", "reduce")


class TestCrossEntropyLossOfProbabilities(ModuleContract):
    module = staticmethod(lambda: nn.CrossEntropyLoss(reduction="none"))
    twin = staticmethod(lambda: theirs.CrossEntropyLoss(reduction="none"))
    inputs = staticmethod(
        lambda batch: (torch.randn(batch, 5, 7), torch.rand(batch, 5, 7))
    )
    parameters = 0
    omitted = ("size_average", "reduce")


def test_device_and_dtype_reach_every_parameter():
    kind = {"device": "meta", "dtype": torch.float16}
    for layer in (
        nn.Linear(3, 5, **kind),
        nn.Embedding(3, 5, **kind),
        nn.LayerNorm(3, **kind),
    ):
        for parameter in layer.parameters():
            assert parameter.device.type == "meta"
            assert parameter.dtype == torch.float16


def test_parameters_are_drawn_anew():
    """What was learnt is gone; what starts at 0 or 1 does so again."""
    for layer in (nn.Linear(3, 5), nn.Embedding(7, 5, 2), nn.LayerNorm(3)):
        before = {k: v.clone() for k, v in layer.state_dict().items()}
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.fill_(9.0)
        layer.reset_parameters()
        for name, value in layer.state_dict().items():
            assert value.shape == before[name].shape
            assert not (value == 9.0).any()


def below(kind):
    """Yield the classes that are derived from one, at any depth."""
    for derived in kind.__subclasses__():
        yield derived
        yield from below(derived)


def test_every_layer_has_a_contract():
    """In this file or in another one of this folder."""
    others = {*Path(__file__).parent.glob("test_*.py")} - {Path(__file__)}
    kept = []  # or their classes are collected
    for path in sorted(others):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        kept.append(importlib.util.module_from_spec(spec))
        spec.loader.exec_module(kept[-1])
    tested = {
        type(case.module())
        for case in below(ModuleContract)
        if case.__name__.startswith("Test") and hasattr(case, "module")
    }
    layers = {
        getattr(nn, name)
        for name in nn.__all__
        if inspect.isclass(getattr(nn, name))
    }
    assert layers <= tested
