import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pfs.data import random_batches, sequential_batches
from pfs.errors import PfsValueError

strips, windows = sequential_batches, random_batches
arange = torch.arange
sizes = st.tuples(st.integers(1, 60), st.integers(1, 7), st.integers(1, 11))


@settings(max_examples=200)
@given(sizes, st.integers(0, 5))
def test_rows_go_on_where_they_ended(size, offset):
    length, batch_size, window = size
    ids = torch.arange(offset + batch_size + length)
    batches = list(sequential_batches(ids, batch_size, window, offset))
    assert [batch.first for batch in batches] == [
        i == 0 for i in range(len(batches))
    ]
    inputs = torch.cat([batch.inputs for batch in batches], dim=1)
    targets = torch.cat([batch.targets for batch in batches], dim=1)
    assert torch.equal(targets, inputs + 1)
    strip = (len(ids) - offset - 1) // batch_size
    assert torch.equal(
        inputs.flatten(), torch.arange(offset, offset + batch_size * strip)
    )
    assert {batch.inputs.shape[1] for batch in batches[:-1]} <= {window}


@settings(max_examples=200)
@given(sizes, st.integers(0, 9))
def test_random_windows_hold_each_symbol_once(size, seed):
    extra, batch_size, window = size
    ids = torch.arange(batch_size * window + extra)
    generator = torch.Generator().manual_seed(seed)
    batches = list(random_batches(ids, batch_size, window, generator))
    assert batches
    for batch in batches:
        assert batch.first
        assert batch.inputs.shape == (batch_size, window)
        assert torch.equal(batch.targets, batch.inputs + 1)
    read = torch.cat([batch.inputs.flatten() for batch in batches])
    assert len(set(read.tolist())) == len(read)
    assert len(read) > len(ids) - (batch_size + 1) * window - 1


def test_random_windows_come_in_another_order_with_another_seed():
    ids = torch.arange(1000)

    def order(seed):
        generator = torch.Generator().manual_seed(seed)
        return [
            int(batch.inputs[0, 0])
            for batch in random_batches(ids, 3, 11, generator)
        ]

    assert order(0) == order(0) != order(1)


@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        (lambda: strips(arange(3), 3, 2), "X06", "at least 4"),
        (lambda: strips(arange(9), 2, 2, 7), "X06", " 2"),
        (lambda: windows(arange(12), 3, 4), "X06", "at least 13"),
        (lambda: strips(arange(9), 0, 2), "A01", "batch_size"),
        (lambda: windows(arange(9), 2, 0), "A01", "window"),
    ],
)  # fmt: skip
def test_texts_that_fill_no_batch_are_refused(make, code, words):
    with pytest.raises(PfsValueError) as caught:
        next(make())
    assert caught.value.code == code
    assert words in str(caught.value)
