"""Wrong inputs get an error that says what, where, expected, got, do."""

import pytest
import torch

from pfs import nn
from pfs.errors import CODES, PfsError

ids = torch.tensor([[3, 17], [0, 28]])
x = torch.zeros(2, 3)
t = torch.zeros(2, dtype=torch.int64)

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
]


@pytest.mark.parametrize(("call", "code", "kind", "words"), CASES)
def test_the_message_helps(call, code, kind, words):
    with pytest.raises(kind) as caught:
        call()
    error = caught.value
    assert isinstance(error, PfsError)
    assert error.code == code
    text = str(error)
    assert text.startswith(f"{code}: {CODES[code]}\n")
    for part in ("where:", "expected:", "got:", "do this:"):
        assert part in text
    assert words in text
