"""Wrong inputs get an error that says what, where, expected, got, do."""

import math

import pytest
import torch

import pfs
from pfs import nn
from pfs.errors import CODES, PfsError
from pfs.nn import checks
from pfs.nn.cache import KeyValueCache

ids = torch.tensor([[3, 17], [0, 28]])
x = torch.zeros(2, 3)
t = torch.zeros(2, dtype=torch.int64)
q = torch.zeros(2, 3, 5, 4)  # batch, head, time, feature
s = torch.zeros(3, 5, 8)  # batch, time, feature
yes = torch.ones(5, 5, dtype=torch.bool)
attention = nn.scaled_dot_product_attention
cache = KeyValueCache()
heads = nn.MultiheadAttention(8, 2, batch_first=True)
i = torch.zeros(2, 4, 5, 5)  # batch, channel, height, width
w = torch.zeros(6, 4, 3, 3)  # output, channel, height, width
n = torch.zeros(4)  # a number a channel

CASES = [
    (lambda: nn.Linear(0, 3), "A01", ValueError, "in_features"),
    (lambda: nn.Linear(3, -1), "A01", ValueError, "out_features"),
    (lambda: nn.Linear(3.0, 2), "A02", TypeError, "in_features"),
    (lambda: nn.Linear(5, 2)(x), "S14", ValueError, "input = 5"),
    (lambda: nn.Linear(3, 2)(x.double()), "S01", TypeError, "float64"),
    (lambda: nn.Linear(3, 2)(x.long()), "S01", TypeError, "int64"),
    (lambda: nn.Linear(3, 2)(x.to("meta")), "S02", ValueError, "meta"),
    (lambda: nn.Embedding(28, 0), "A01", ValueError, "embedding_dim"),
    (lambda: nn.Embedding(28, 5, 28), "A01", ValueError, "padding_idx"),
    (lambda: nn.Embedding(28, 5)(ids), "S09", IndexError, "[1, 1]"),
    (lambda: nn.Embedding(28, 5)(-ids), "S09", IndexError, "-3"),
    (lambda: nn.Embedding(28, 5)(x), "S01", TypeError, "float32"),
    (lambda: nn.Dropout(1.5), "A01", ValueError, "percentage"),
    (lambda: nn.dropout(x, -0.1), "A01", ValueError, "-0.1"),
    (lambda: nn.GELU("fast"), "A01", ValueError, "'fast'"),
    (lambda: nn.gelu(x, "fast"), "A01", ValueError, "'tanh'"),
    (lambda: nn.ReLU(True), "A01", ValueError, "inplace"),
    (lambda: nn.softmax(x, 2), "A01", ValueError, "dim"),
    (lambda: nn.log_softmax(x, -3), "A01", ValueError, "-3"),
    (lambda: nn.LayerNorm(0), "A01", ValueError, "normalized_shape"),
    (lambda: nn.LayerNorm(5)(x), "S14", ValueError, "(5,)"),
    (lambda: nn.LayerNorm(3)(x.double()), "S01", TypeError, "float64"),
    (lambda: nn.layer_norm(x, ()), "S14", ValueError, "last axes ()"),
    (lambda: nn.CrossEntropyLoss(reduction="avg"), "A01", ValueError, "'avg'"),
    (
        lambda: nn.CrossEntropyLoss(label_smoothing=2),
        "A01",
        ValueError,
        "label_smoothing",
    ),
    (lambda: nn.cross_entropy(x, t + 3), "S09", IndexError, "target[0]"),
    (lambda: nn.cross_entropy(x, t[:1]), "S14", ValueError, "(2,)"),
    (lambda: nn.cross_entropy(x, x[:, :2]), "S14", ValueError, "(2, 3)"),
    (lambda: nn.cross_entropy(x, t > 0), "S01", TypeError, "bool"),
    (lambda: nn.cross_entropy(x.long(), t), "S01", TypeError, "int64"),
    (
        lambda: nn.cross_entropy(torch.zeros(2, 7, 5), torch.zeros(2, 7).int()),
        "S14",
        ValueError,
        "flatten",
    ),
    (lambda: nn.Linear(True, 2), "A02", TypeError, "in_features"),
    (lambda: nn.linear([1.0], x), "A02", TypeError, "list"),
    (lambda: nn.linear(x, x[0]), "S14", ValueError, "two axes"),
    (lambda: nn.linear(x, x, x[0, :1]), "S14", ValueError, "linear, bias"),
    (lambda: nn.linear(x, x, x[0]), "S14", ValueError, "shape (2,)"),
    (lambda: nn.Embedding(28, 5, 1.0), "A02", TypeError, "padding_idx"),
    (lambda: nn.embedding([3], x), "A02", TypeError, "list"),
    (lambda: nn.embedding(t, [3.0]), "A02", TypeError, "weight"),
    (lambda: nn.embedding(t, x[0]), "S14", ValueError, "two axes"),
    (lambda: nn.embedding(t, x.to("meta")), "S02", ValueError, "meta"),
    (lambda: nn.embedding(t > 0, x), "S01", TypeError, "bool"),
    (lambda: nn.embedding(t.to(torch.complex64), x), "S01", TypeError, "comp"),
    (lambda: nn.embedding(t + 2, x), "S09", IndexError, "0 <= id < 2"),
    (lambda: nn.embedding(t, x, -3), "A01", ValueError, "-2 to 1"),
    (lambda: nn.embedding(t, x, True), "A02", TypeError, "padding_idx"),
    (lambda: nn.Dropout("half"), "A02", TypeError, "'half'"),
    (lambda: nn.Dropout(0.5, True), "A01", ValueError, "inplace"),
    (lambda: nn.dropout(x, math.nan), "A01", ValueError, "nan"),
    (lambda: nn.dropout(t), "S01", TypeError, "int64"),
    (lambda: nn.dropout([1.0]), "A02", TypeError, "a tensor"),
    (lambda: nn.sigmoid(t), "S01", TypeError, "sigmoid, input"),
    (lambda: nn.tanh(t), "S01", TypeError, "tanh, input"),
    (lambda: nn.relu(t), "S01", TypeError, "relu, input"),
    (lambda: nn.gelu(t), "S01", TypeError, "gelu, input"),
    (lambda: nn.softmax(t), "S01", TypeError, "softmax, input"),
    (lambda: nn.log_softmax(t), "S01", TypeError, "log_softmax, input"),
    (lambda: nn.softmax(x, 1.0), "A02", TypeError, "dim"),
    (lambda: nn.softmax(x[0, 0], 1), "A01", ValueError, "-1 to 0"),
    (lambda: nn.Softmax(5)(x), "A01", ValueError, "5"),
    (lambda: nn.LayerNorm((3, 0)), "A01", ValueError, "normalized_shape"),
    (lambda: nn.LayerNorm(2.5), "A02", TypeError, "2.5"),
    (lambda: nn.layer_norm(x, 3), "A02", TypeError, "(size,)"),
    (lambda: nn.layer_norm(x, (3,), x[0, :1]), "S14", ValueError, "weight"),
    (lambda: nn.layer_norm(x, (3,), None, x), "S14", ValueError, "bias"),
    (lambda: nn.layer_norm(x[0, 0], (1,)), "S14", ValueError, "shape ()"),
    (lambda: nn.cross_entropy(x, [0, 1]), "A02", TypeError, "target"),
    (lambda: nn.cross_entropy([0.0], t), "A02", TypeError, "input"),
    (lambda: nn.cross_entropy(x[0, 0], t[0]), "S14", ValueError, "classes"),
    (lambda: nn.cross_entropy(x[:, :0], t), "S14", ValueError, "not empty"),
    (lambda: nn.cross_entropy(x, t, x[0, :1]), "S14", ValueError, "weight"),
    (lambda: nn.cross_entropy(x, t, t), "S01", TypeError, "weight"),
    (lambda: nn.cross_entropy(x, t.to("meta")), "S02", ValueError, "target"),
    (lambda: nn.cross_entropy(x, x.double()), "S01", TypeError, "float64"),
    (lambda: nn.cross_entropy(x, -t - 1), "S09", IndexError, "-1"),
    (
        lambda: nn.cross_entropy(x, t, reduction="avg"),
        "A01",
        ValueError,
        "'none' or 'mean' or 'sum'",
    ),
    (
        lambda: nn.cross_entropy(x, t, label_smoothing=-0.1),
        "A01",
        ValueError,
        "-0.1",
    ),
    (
        lambda: nn.cross_entropy(x, t, ignore_index=1.5),
        "A02",
        TypeError,
        "ignore_index",
    ),
    (
        lambda: nn.cross_entropy(x, x, ignore_index=2),
        "A03",
        ValueError,
        "ignore_index",
    ),
    (lambda: attention([1.0], q, q), "A02", TypeError, "query"),
    (lambda: attention(q, q, q.double()), "S01", TypeError, "float64"),
    (lambda: attention(q.long(), q, q), "S01", TypeError, "int64"),
    (lambda: attention(q, q.to("meta"), q), "S02", ValueError, "meta"),
    (lambda: attention(q[0, 0, 0], q, q), "S14", ValueError, "two axes"),
    (lambda: attention(q, q[:1], q), "S14", ValueError, "key"),
    (lambda: attention(q, q[..., :3], q), "S14", ValueError, "key"),
    (lambda: attention(q, q, q[..., :4, :]), "S14", ValueError, "value"),
    (lambda: attention(q, q, q, yes.long()), "S01", TypeError, "bool"),
    (lambda: attention(q, q, q, yes.double()), "S01", TypeError, "float64"),
    (lambda: attention(q, q, q, [True]), "A02", TypeError, "attn_mask"),
    (lambda: attention(q, q, q, yes.to("meta")), "S02", ValueError, "meta"),
    (lambda: attention(q, q, q, yes[:1]), "S14", ValueError, "(5, 5)"),
    (lambda: attention(q, q, q, yes[None]), "S14", ValueError, "attn_mask"),
    (lambda: attention(q, q, q, yes[:3, :3]), "S14", ValueError, "(3, 3)"),
    (lambda: attention(q, q, q, None, 2.0), "A01", ValueError, "dropout_p"),
    (lambda: nn.MultiheadAttention(0, 2), "A01", ValueError, "embed_dim"),
    (lambda: nn.MultiheadAttention(8, 0), "A01", ValueError, "num_heads"),
    (lambda: nn.MultiheadAttention(8, 2.0), "A02", TypeError, "num_heads"),
    (lambda: nn.MultiheadAttention(8, 3), "A03", ValueError, "3 heads"),
    (lambda: nn.MultiheadAttention(8, 2, kdim=0), "A01", ValueError, "kdim"),
    (lambda: nn.MultiheadAttention(8, 2, 1.5), "A01", ValueError, "dropout"),
    (lambda: heads(s, s, s.double()), "S01", TypeError, "float64"),
    (lambda: heads(*[s.double()] * 3), "S01", TypeError, "weight"),
    (lambda: heads(s, s[0], s[0]), "S14", ValueError, "three axes"),
    (lambda: heads(*[s[None]] * 3), "S14", ValueError, "three axes"),
    (lambda: heads(s[..., :4], s, s), "S14", ValueError, "features = 8"),
    (lambda: heads(s, s[:2], s[:2]), "S14", ValueError, "key"),
    (lambda: heads(s, s, s[:, :4]), "S14", ValueError, "value"),
    (lambda: heads(s, s, s, yes), "S14", ValueError, "key_padding_mask"),
    (lambda: heads(s, s, s, yes[:3].long()), "S01", TypeError, "bool"),
    (lambda: heads(s, s, s, None, True, yes[:3]), "S14", ValueError, "(5, 5)"),
    (
        lambda: heads(s, s, s, attn_mask=yes.expand(3, 5, 5)),
        "S14",
        ValueError,
        "(6, 5, 5)",
    ),
    (
        lambda: [heads(*[s[:n]] * 3, cache=cache) for n in (3, 2)],
        "S14",
        ValueError,
        "KeyValueCache",
    ),
    (lambda: nn.conv2d([1.0], w), "A02", TypeError, "input"),
    (lambda: nn.conv2d(i.long(), w), "S01", TypeError, "int64"),
    (lambda: nn.conv2d(i, w.double()), "S01", TypeError, "float64"),
    (lambda: nn.conv2d(i, w.to("meta")), "S02", ValueError, "meta"),
    (lambda: nn.conv2d(i[0, 0], w), "S14", ValueError, "grey"),
    (lambda: nn.conv2d(i[None], w), "S14", ValueError, "one image"),
    (lambda: nn.conv2d(i, w[0]), "S14", ValueError, "weight"),
    (lambda: nn.conv2d(i, w[..., :0]), "S14", ValueError, "none empty"),
    (lambda: nn.conv2d(i.mT[:, :3], w), "S14", ValueError, "4 channels"),
    (lambda: nn.conv2d(i, w, groups=2), "S14", ValueError, "2 group(s)"),
    (lambda: nn.conv2d(i, w, groups=4), "A03", ValueError, "in 4 groups"),
    (lambda: nn.conv2d(i, w, groups=0), "A01", ValueError, "groups"),
    (lambda: nn.conv2d(i, w, n), "S14", ValueError, "bias"),
    (lambda: nn.conv2d(i[..., :2], w), "S14", ValueError, "(5, 2)"),
    (lambda: nn.conv2d(i, w, dilation=3), "S14", ValueError, "3 apart"),
    (lambda: nn.conv2d(i, w, stride=0), "A01", ValueError, "stride"),
    (lambda: nn.conv2d(i, w, stride=1.0), "A02", TypeError, "stride"),
    (lambda: nn.conv2d(i, w, stride=(1, 1, 1)), "A02", TypeError, "height"),
    (lambda: nn.conv2d(i, w, padding=-1), "A01", ValueError, "padding"),
    (lambda: nn.conv2d(i, w, padding="full"), "A01", ValueError, "'same'"),
    (lambda: nn.conv2d(i, w, None, 2, "same"), "A03", ValueError, "(2, 2)"),
    (lambda: nn.Conv2d(0, 6, 3), "A01", ValueError, "in_channels"),
    (lambda: nn.Conv2d(4, 6.0, 3), "A02", TypeError, "out_channels"),
    (lambda: nn.Conv2d(4, 6, 0), "A01", ValueError, "kernel_size"),
    (lambda: nn.Conv2d(4, 6, 3, groups=3), "A03", ValueError, "3 groups"),
    (lambda: nn.Conv2d(4, 6, 3, 2, "same"), "A03", ValueError, "padding"),
    (
        lambda: nn.Conv2d(4, 6, 3, padding_mode="circular"),
        "A01",
        ValueError,
        "'zeros'",
    ),
    (lambda: nn.Conv2d(3, 6, 3)(i), "S14", ValueError, "3 channels"),
    (lambda: nn.max_pool2d(i.long(), 2), "S01", TypeError, "int64"),
    (lambda: nn.max_pool2d(i[0, 0], 2), "S14", ValueError, "four axes"),
    (lambda: nn.max_pool2d(i, 6), "S14", ValueError, "span 6 places"),
    (lambda: nn.max_pool2d(i, 3, padding=2), "A03", ValueError, "half"),
    (lambda: nn.max_pool2d(i, 0), "A01", ValueError, "kernel_size"),
    (lambda: nn.max_pool2d(i, 2, dilation=0), "A01", ValueError, "dilation"),
    (lambda: nn.MaxPool2d(2.0)(i), "A02", TypeError, "kernel_size"),
    (lambda: nn.avg_pool2d(i, (2, 6)), "S14", ValueError, "(5, 5)"),
    (lambda: nn.avg_pool2d(i, 3, 1, 2), "A03", ValueError, "(2, 2)"),
    (lambda: nn.AvgPool2d(2, 0)(i), "A01", ValueError, "stride"),
    (
        lambda: nn.avg_pool2d(i, 2, divisor_override=0),
        "A01",
        ValueError,
        "divisor_override",
    ),
    (lambda: nn.adaptive_avg_pool2d(i, 0), "A01", ValueError, "output_size"),
    (lambda: nn.adaptive_avg_pool2d(i[..., :0], 1), "A01", ValueError, "width"),
    (lambda: nn.adaptive_max_pool2d(i, (1, 2, 3)), "A02", TypeError, "pair"),
    (lambda: nn.adaptive_max_pool2d(i.int(), 1), "S01", TypeError, "int32"),
    (lambda: nn.batch_norm(i, None, n, n, n), "A03", ValueError, "missing"),
    (lambda: nn.batch_norm(i, None, None), "A03", ValueError, "evaluation"),
    (lambda: nn.batch_norm(i, n[1:], n), "S14", ValueError, "running_mean"),
    (lambda: nn.batch_norm(i, n, n[1:]), "S14", ValueError, "running_var"),
    (lambda: nn.batch_norm(i, n, n, n[1:]), "S14", ValueError, "weight"),
    (lambda: nn.batch_norm(i, n, n, n, i), "S14", ValueError, "bias"),
    (lambda: nn.batch_norm(n, n, n), "S14", ValueError, "batch axis"),
    (lambda: nn.batch_norm(i.long(), n, n), "S01", TypeError, "int64"),
    (lambda: nn.BatchNorm2d(4)(i[:1, :, :1, :1]), "S14", ValueError, "eval()"),
    (lambda: nn.BatchNorm1d(4)(n[None]), "S14", ValueError, "1 number in each"),
    (lambda: nn.BatchNorm2d(4)(i[0]), "S14", ValueError, "height width"),
    (lambda: nn.BatchNorm1d(4)(i), "S14", ValueError, "time"),
    (lambda: nn.BatchNorm2d(3)(i), "S14", ValueError, "(3,)"),
    (lambda: nn.BatchNorm1d(0), "A01", ValueError, "num_features"),
]


@pytest.mark.parametrize("backend", ["ours", "fused"])
@pytest.mark.parametrize(("call", "code", "kind", "words"), CASES)
def test_the_message_helps(call, code, kind, words, backend):
    with pytest.raises(kind) as caught, pfs.backend(backend):
        call()
    error = caught.value
    assert isinstance(error, PfsError)
    assert error.code == code
    text = str(error)
    assert text.startswith(f"{code}: {CODES[code]}\n")
    for part in ("where:", "expected:", "got:", "do this:"):
        assert part in text
    assert words in text


@pytest.mark.parametrize("version", ["1.13.1", "2.5.1+cu121"])
def test_a_torch_that_is_too_old_is_named(version):
    with pytest.raises(PfsError, match=r"2\.6 or newer") as caught:
        checks.torch_version(version)
    assert caught.value.code == "E01"
    checks.torch_version("2.6.0")
    checks.torch_version("3.0.0a0+git1234")
