"""Wrong inputs of the models of the basics: what the user reads."""

import pytest
import torch

from pfs.basics.cnn import (
    ZIP_CODE,
    FeatureMaps,
    ZipCodeConfig,
    ZipCodeNetwork,
    count,
    scaled_tanh,
    squared_error,
)
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


def network(**changes):
    return ZipCodeNetwork(ZipCodeConfig(**changes))


image = torch.zeros(2, 1, 16, 16)
outputs = torch.zeros(2, 10)
NETWORKS = [
    (lambda: network(side=0), "A01", "side"),
    (lambda: network(stride=1.5), "A02", "stride"),
    (lambda: network(hidden_size=0), "A01", "hidden_size"),
    (lambda: network(init="he"), "A01", "'fan_in' or 'root'"),
    (lambda: network(table=()), "A01", "table"),
    (lambda: network(table=((0, 1), (2,))), "A03", "one length"),
    (lambda: network(table=((0, 0),)), "A03", "different"),
    (lambda: network(table=((),)), "A03", "one length"),
    (lambda: network(maps=4), "A03", "below 4"),
    (lambda: count(ZipCodeConfig(maps=4)), "A03", "below 4"),
    (lambda: FeatureMaps(ZIP_CODE, 1, 8, ((1,),)), "A03", "below 1"),
    (lambda: network()(image[..., :8]), "S14", "(2, 1, 16, 16)"),
    (lambda: network()(image.repeat(1, 3, 1, 1)), "S14", "(2, 1, 16, 16)"),
    (lambda: network()([1.0]), "A02", "a tensor"),
    (lambda: scaled_tanh(ids), "S01", "floating"),
    (lambda: squared_error(outputs, ids[0, :1]), "S14", "(2,)"),
    (lambda: squared_error(outputs[0], ids[0, :2]), "S14", "two axes"),
    (lambda: squared_error(outputs, ids[0, :2] + 10), "S09", "< 10"),
    (lambda: squared_error(outputs, outputs[:, 0]), "S01", "whole numbers"),
]


@pytest.mark.parametrize(("call", "code", "words"), NETWORKS)
def test_a_network_that_cannot_be_is_refused(call, code, words):
    with pytest.raises(PfsError) as caught:
        call()
    assert caught.value.code == code
    assert words in str(caught.value)
