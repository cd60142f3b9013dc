"""Wrong inputs of the models of the basics: what the user reads."""

import pytest
import torch

from pfs.basics.sequence import (
    WindowConfig,
    WindowModel,
    predict_ahead,
    windows,
)
from pfs.errors import PfsError


def model(**changes):
    sizes = {"num_symbols": 11, "order": 4, "num_features": 5}
    sizes |= {"hidden_size": 7, "direct": True} | changes
    return WindowModel(WindowConfig(**sizes))


ids = torch.zeros(2, 3, dtype=torch.long)
numbers = torch.zeros(2, 3)

CASES = [
    (lambda: model(num_symbols=0), "A01", "num_symbols"),
    (lambda: model(num_features=-1), "A01", "num_features"),
    (lambda: model(order=1), "A01", "context"),
    (lambda: model(hidden_size=-1), "A01", "hidden_size"),
    (lambda: model(hidden_size=7.0), "A02", "hidden_size"),
    (lambda: model(hidden_size=0, direct=False), "A03", "direct=True"),
    (lambda: model()(ids[:, :2]), "S14", "context = 3"),
    (lambda: model()(ids + 11), "S09", "0 <= id < 11"),
    (lambda: model()(numbers), "S01", "float32"),
    (lambda: model()([[1, 2, 3]]), "A02", "a tensor"),
    (lambda: windows(ids[0], 0), "A01", "context"),
    (lambda: windows(ids[0], 3), "X06", "more than 3"),
    (lambda: windows(ids[0, :0], 3), "X06", "more than 3"),
    (
        lambda: predict_ahead(lambda row: row.sum(1), numbers, 0),
        "A01",
        "steps",
    ),
]


@pytest.mark.parametrize(("call", "code", "words"), CASES)
def test_a_sequence_that_cannot_be_is_refused(call, code, words):
    with pytest.raises(PfsError) as caught:
        call()
    assert caught.value.code == code
    assert words in str(caught.value)
