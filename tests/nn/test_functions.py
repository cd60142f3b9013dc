"""The functions of `pfs.nn`: extremes, derivatives, every form of the loss."""

import math

import hypothesis.strategies as st
import pytest
import torch
from contract import EXACT, gradients, same_arguments
from hypothesis import given, settings
from torch.nn import functional as theirs
from torch.testing import assert_close

from pfs import nn
from pfs.errors import PfsError

X = torch.linspace(-3, 3, 42, dtype=torch.float64).view(2, 3, 7)


@pytest.mark.parametrize(
    "function",
    [
        nn.sigmoid,
        nn.tanh,
        nn.relu,
        nn.gelu,
        lambda x: nn.gelu(x, "tanh"),
        lambda x: nn.softmax(x, 1),
        lambda x: nn.log_softmax(x, 1),
        lambda x: nn.layer_norm(x, (3, 7)),
        lambda x: nn.cross_entropy(
            x.flatten(0, 1),
            torch.arange(6),
            label_smoothing=0.1,
            ignore_index=2,
        ),
    ],
)
def test_gradients_equal_finite_differences(function):
    """Hand-derived or not: the slope is the slope."""
    x = torch.randn(2, 3, 7, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(function, (x,))


EXTREMES = [
    [0.0, 0.0, 0.0],
    [1e4, -1e4, 0.0],
    [1e30, 1e30, -1e30],
    [-math.inf, 0.0, 1.0],
    [3.0, -math.inf, -math.inf],
]


@pytest.mark.parametrize("row", EXTREMES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_softmax_of_extremes_equals_torch(row, dtype, name):
    x = torch.tensor(row, dtype=dtype)
    ours, judge = getattr(nn, name), getattr(theirs, name)
    assert_close(ours(x, -1), judge(x, dim=-1))
    a = gradients(lambda x: ours(x, -1), (x,))
    b = gradients(lambda x: judge(x, dim=-1), (x,))
    assert_close(a, b, equal_nan=True)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "gelu"])
def test_activations_of_extremes_equal_torch(name):
    x = torch.tensor([-1e30, -1e4, -1e-30, 0.0, 1e-30, 1e4, 1e30])
    judge = {
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "gelu": theirs.gelu,
    }[name]
    assert_close(getattr(nn, name)(x), judge(x))
    assert_close(gradients(getattr(nn, name), (x,)), gradients(judge, (x,)))


@pytest.mark.parametrize("row", EXTREMES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("target", [0, 1, 2])
def test_cross_entropy_of_extremes_equals_torch(row, dtype, target):
    """Infinite where torch's is, finite and right where torch's is."""
    z, t = torch.tensor([row], dtype=dtype), torch.tensor([target])
    ours = lambda z: nn.cross_entropy(z, t)
    judge = lambda z: theirs.cross_entropy(z, t)
    assert_close(ours(z), judge(z))
    assert_close(gradients(ours, (z,)), gradients(judge, (z,)))


HALVES = [torch.float16, torch.bfloat16]


@pytest.mark.parametrize("dtype", HALVES)
def test_half_precision_sums_what_it_cannot_hold(dtype):
    """70,000 is above float16 and not among the numbers of bfloat16."""
    many = 70_000
    zeros = torch.zeros(many, dtype=dtype)
    steps = torch.arange(many, dtype=torch.float64) - many / 2
    near = {"rtol": 1e-2, "atol": 0.0}
    p = nn.softmax(zeros, 0)
    assert p.dtype == dtype
    assert_close(p.double().sum().item(), 1.0, **near)
    log_p = nn.log_softmax(zeros, 0)
    assert_close(log_p[0].item(), -math.log(many), **near)
    loss = nn.cross_entropy(
        torch.zeros(many, 2, dtype=dtype), torch.zeros(many).long()
    )
    assert loss.dtype == dtype
    assert_close(loss.item(), math.log(2), **near)
    # Numbers 0, 1, 2, ... n - 1 end sqrt(3) deviations above their mean.
    x = (steps / many * 4000).to(dtype)
    y = nn.layer_norm(x, (many,))
    assert y.dtype == dtype
    assert_close(y[-1].item(), math.sqrt(3), **near)


@pytest.mark.parametrize("dtype", HALVES)
def test_dropout_in_half_precision_drops_the_right_share(dtype):
    """Were it drawn in bfloat16, p = 0.001 would drop 1 in 256."""
    torch.manual_seed(0)
    y = nn.dropout(torch.ones(1_000_000, dtype=dtype), 0.001)
    assert y.dtype == dtype
    # 1,000 +- 32 are expected; five deviations are allowed.
    assert abs(int((y == 0).sum()) - 1000) < 160


def test_autocast_keeps_sums_in_float32():
    """Products in half precision; what sums or takes logarithms is not."""
    torch.manual_seed(0)
    x, w, b = torch.randn(3, 7), torch.randn(5, 7), torch.randn(5)
    t = torch.tensor([3, 0, 4])
    with torch.autocast("cpu", torch.bfloat16):
        z = nn.linear(x, w, b)
        assert z.dtype == theirs.linear(x, w, b).dtype == torch.bfloat16
        assert nn.gelu(z).dtype == theirs.gelu(z).dtype
        got = [
            nn.softmax(z),
            nn.log_softmax(z),
            nn.layer_norm(z, (5,), b, b),
            nn.cross_entropy(z, t),
        ]
    assert_close(z.float(), theirs.linear(x, w, b), rtol=0.05, atol=0.05)
    z = z.float()
    wanted = [
        theirs.softmax(z, -1),
        theirs.log_softmax(z, -1),
        theirs.layer_norm(z, (5,), b, b),
        theirs.cross_entropy(z, t),
    ]
    assert_close(got, wanted)  # dtypes too; no digit is lost


FUNCTIONS = {
    "embedding": ("max_norm", "norm_type", "scale_grad_by_freq", "sparse"),
    "layer_norm": (),
    "dropout": ("inplace",),
    "relu": ("inplace",),
    "sigmoid": (),
    "tanh": (),
    "cross_entropy": ("size_average", "reduce"),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_arguments_are_those_of_torch(name):
    """Not here: softmax (a default for dim) and what torch builds in C."""
    same_arguments(getattr(nn, name), getattr(theirs, name), FUNCTIONS[name])


def test_a_number_has_one_axis():
    three = torch.tensor(3.0)
    for dim in (0, -1):
        assert nn.softmax(three, dim) == theirs.softmax(three, dim) == 1
        assert nn.log_softmax(three, dim) == 0


@pytest.mark.parametrize(
    "dtype", [torch.int8, torch.int16, torch.int32, torch.int64]
)
def test_whole_numbers_of_every_width_are_ids(dtype):
    """Also where the vocabulary is larger than the dtype."""
    table = torch.arange(600.0).view(300, 2)
    ids = torch.tensor([5, 0, 120], dtype=dtype)
    assert_close(nn.embedding(ids, table), table[[5, 0, 120]])
    z = torch.randn(3, 300)
    assert_close(nn.cross_entropy(z, ids), nn.cross_entropy(z, ids.long()))


def test_what_is_ignored_gets_no_gradient():
    z = torch.randn(3, 5, requires_grad=True)
    nn.cross_entropy(z, torch.tensor([1, -100, 2])).backward()
    assert z.grad[1].abs().sum() == 0
    assert (z.grad[[0, 2]] != 0).all()


@settings(max_examples=50)
@given(st.data())
def test_softmax_ignores_what_all_logits_share(data):
    """It is a distribution, and adding a constant changes nothing."""
    size = data.draw(st.integers(1, 9))
    real = st.floats(-1e3, 1e3)
    x = torch.tensor(
        data.draw(st.lists(real, min_size=size, max_size=size)),
        dtype=torch.float64,
    )
    p = nn.softmax(x, -1)
    assert_close(p.sum().item(), 1.0)
    assert (p >= 0).all()
    assert_close(nn.softmax(x + data.draw(real), -1), p, rtol=1e-9, atol=1e-9)
    assert_close(nn.log_softmax(x, -1).exp(), p, **EXACT)


@settings(max_examples=50)
@given(
    st.lists(st.integers(0, 5), min_size=0, max_size=3),
    st.integers(1, 7),
    st.integers(1, 5),
)
def test_embedding_of_any_shape(shape, rows, columns):
    ids = torch.randint(rows, tuple(shape))
    table = torch.randn(rows, columns, dtype=torch.float64)
    assert_close(nn.embedding(ids, table), theirs.embedding(ids, table))


LAYOUTS = [
    ((5,), ()),
    ((3, 5), (3,)),
    ((3, 5, 7), (3, 7)),
    ((2, 5, 3, 7), (2, 3, 7)),
]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("weighted", [False, True])
def test_cross_entropy_equals_torch(layout, reduction, smoothing, weighted):
    torch.manual_seed(0)
    z = torch.randn(layout[0], dtype=torch.float64)
    t = torch.randint(5, layout[1])
    if t.ndim:
        t.view(-1)[0] = 4
    options = {"reduction": reduction, "label_smoothing": smoothing}
    options["weight"] = torch.rand(5, dtype=torch.float64) if weighted else None
    options["ignore_index"] = 4 if t.ndim else -100
    ours = lambda z: nn.cross_entropy(z, t, **options)
    judge = lambda z: theirs.cross_entropy(z, t, **options)
    assert_close(ours(z), judge(z), **EXACT)
    assert_close(gradients(ours, (z,)), gradients(judge, (z,)), **EXACT)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_soft_targets_equal_torch(layout, reduction):
    torch.manual_seed(0)
    z = torch.randn(layout[0], dtype=torch.float64)
    q = torch.rand(layout[0], dtype=torch.float64)
    w = torch.rand(5, dtype=torch.float64)
    options = {"reduction": reduction, "label_smoothing": 0.2, "weight": w}
    ours = lambda z, q: nn.cross_entropy(z, q, **options)
    judge = lambda z, q: theirs.cross_entropy(z, q, **options)
    assert_close(ours(z, q), judge(z, q), **EXACT)
    assert_close(gradients(ours, (z, q)), gradients(judge, (z, q)), **EXACT)


def test_an_untrained_model_is_as_surprised_as_a_die():
    loss = nn.cross_entropy(torch.zeros(4, 28), torch.arange(4))
    assert_close(loss.item(), math.log(28))


def test_no_target_that_counts_gives_nan_as_torch():
    z, t = torch.zeros(2, 3), torch.full((2,), -100)
    assert nn.cross_entropy(z, t).isnan()
    assert nn.cross_entropy(z, t, reduction="sum") == 0


@settings(max_examples=50)
@given(st.data())
def test_cross_entropy_on_any_shape(data):
    classes = data.draw(st.integers(1, 9))
    rows = data.draw(st.integers(1, 9))
    seed = data.draw(st.integers(0, 99))
    chance = torch.Generator().manual_seed(seed)
    z = torch.randn(rows, classes, generator=chance, dtype=torch.float64) * 50
    t = torch.randint(classes, (rows,), generator=chance)
    eps = data.draw(st.floats(0, 1))
    assert_close(
        nn.cross_entropy(z, t, label_smoothing=eps),
        theirs.cross_entropy(z, t, label_smoothing=eps),
        **EXACT,
    )


@settings(max_examples=50)
@given(st.lists(st.integers(0, 6), min_size=0, max_size=20), st.integers(0, 6))
def test_embedding_sums_the_gradient_of_repeated_ids(ids, padding):
    table = torch.randn(7, 3, dtype=torch.float64)
    ids = torch.tensor(ids, dtype=torch.int64)
    assert_close(
        gradients(lambda w: nn.embedding(ids, w, padding), (table,)),
        gradients(lambda w: theirs.embedding(ids, w, padding), (table,)),
        **EXACT,
    )


def test_dropout_passes_the_gradient_of_what_it_kept():
    torch.manual_seed(0)
    x = torch.ones(1000, requires_grad=True)
    y = nn.dropout(x, 0.25)
    (g,) = torch.autograd.grad(y.sum(), x)
    assert_close(g, y.detach())


def test_relu_keeps_nan_and_can_be_differentiated_again():
    assert nn.relu(torch.tensor(math.nan)).isnan()
    x = X.clone().requires_grad_()
    assert torch.autograd.gradgradcheck(nn.relu, (x,))


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_dropout_at_its_ends_equals_torch(p):
    x = torch.randn(7)
    assert_close(nn.dropout(x, p), theirs.dropout(x, p))
    assert_close(nn.dropout(x, p, training=False), x)


def test_the_two_forms_of_gelu_differ_by_what_the_ledger_says():
    x = torch.linspace(-6, 6, 200_001, dtype=torch.float64)
    gap = (nn.gelu(x) - nn.gelu(x, "tanh")).abs().max()
    assert 4.7e-4 < float(gap) < 4.8e-4


@pytest.mark.parametrize(
    "function",
    [
        nn.gelu,
        nn.softmax,
        nn.log_softmax,
        lambda x: nn.layer_norm(x, (7,)),
        lambda x: nn.cross_entropy(x[0], torch.arange(3)),
    ],
)
def test_a_second_derivative_is_refused_not_wrong(function):
    """Also where the incoming gradient is constant: torch would say zero."""
    x = X.clone().requires_grad_()
    with pytest.raises(PfsError, match="G01"):
        torch.autograd.grad(function(x).sum(), x, create_graph=True)


def test_l2_normalize_equals_torch():
    x = torch.randn(5, 7, dtype=torch.float64, requires_grad=True)
    y = x.detach().clone().requires_grad_()
    slope = torch.randn(5, 7, dtype=torch.float64)
    ours, oracle = nn.l2_normalize(x), theirs.normalize(y, dim=-1)
    ours.backward(slope)
    oracle.backward(slope)
    assert_close(ours, oracle, **EXACT)
    assert_close(x.grad, y.grad, **EXACT)
    assert torch.equal(nn.l2_normalize(0 * x), 0 * x)
