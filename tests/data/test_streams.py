import pytest
import torch
from torch.utils.data import Dataset

from pfs.data.batches import sequential_batches
from pfs.data.streams import ExampleStream, TextStream, of_round, place_of
from pfs.errors import PfsValueError

IDS = torch.arange(101)


class Squares(Dataset):
    def __len__(self):
        return 23

    def __getitem__(self, i):
        return torch.tensor(i), torch.tensor(i * i)


def streams(seed=0, **kw):
    yield TextStream(IDS, 3, 7, seed=seed)
    yield ExampleStream((torch.arange(23), torch.arange(23) ** 2), 4, seed=seed)
    yield ExampleStream(Squares(), 4, seed=seed, **kw)


def drawn(stream, count):
    return [next(stream) for _ in range(count)]


def same(one, two):
    return all(
        torch.equal(torch.as_tensor(a), torch.as_tensor(b))
        for x, y in zip(one, two, strict=True)
        for a, b in zip(x, y, strict=True)
    )


def test_a_round_of_text_is_read_in_order():
    stream = TextStream(IDS, 3, 7, seed=0)
    first = drawn(stream, 5)
    offset = first[0].inputs[0, 0].item()
    assert same(first, list(sequential_batches(IDS, 3, 7, offset))[:5])
    assert [batch.first for batch in first] == [True] + 4 * [False]


def test_rounds_of_text_begin_at_other_places_and_reset_the_state():
    stream = TextStream(torch.arange(500), 3, 50, seed=0)
    taken = drawn(stream, 40)
    starts = [int(b.inputs[0, 0]) for b in taken if b.first]
    assert len(starts) >= 9
    assert len(set(starts)) > 5
    assert max(starts) < 50


def test_a_round_of_examples_draws_each_once():
    for stream in [*streams()][1:]:
        seen = torch.cat([numbers for numbers, _ in drawn(stream, 5)])
        assert len(set(seen.tolist())) == 20  # 23 examples, 5 full batches
        assert stream.round == 0
        next(stream)
        assert stream.round == 1


def test_every_round_has_an_order_of_its_own_and_a_seed_decides_it():
    for one, two, other in zip(
        streams(), streams(), streams(seed=1), strict=True
    ):
        rounds = [drawn(one, 5) for _ in range(4)]
        again = [drawn(two, 5) for _ in range(4)]
        different = [drawn(other, 5) for _ in range(4)]
        assert all(same(a, b) for a, b in zip(rounds, again, strict=True))
        assert not all(
            same(a, b) for a, b in zip(rounds, different, strict=True)
        )
        assert not all(same(rounds[0], later) for later in rounds[1:])


@pytest.mark.parametrize("workers", [0, 1, 2])
@pytest.mark.parametrize("used", [0, 3, 5, 8])
def test_a_stream_goes_on_where_it_stood(workers, used):
    """In the middle of a round, at its end, and in the next."""
    for one, two in zip(
        streams(workers=workers), streams(workers=workers), strict=True
    ):
        drawn(one, used)
        two.go_to(**place_of(one))
        assert same(drawn(one, 4), drawn(two, 4))


def test_the_rows_of_all_processes_make_the_batch():
    for make in (
        lambda rows: TextStream(IDS, 4, 7, seed=3, rows=rows),
        lambda rows: ExampleStream((IDS,), 4, seed=3, rows=rows),
    ):
        whole, low, high = (
            make(slice(None)),
            make(slice(0, 2)),
            make(slice(2, 4)),
        )
        for _ in range(30):
            parts = zip(next(low), next(high), strict=True)
            for x, (a, b) in zip(next(whole), parts, strict=True):
                if isinstance(x, torch.Tensor):
                    assert torch.equal(x, torch.cat([a, b]))


def test_generators_of_different_rounds_and_seeds_are_unrelated():
    draws = {
        tuple(torch.randint(1000, (3,), generator=of_round(s, r)).tolist())
        for s in range(20)
        for r in range(20)
    }
    assert len(draws) == 400
    of_round(2**63 - 1, 10**9)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: TextStream(IDS[:3], 3, 7, seed=0), "X06"),
        (lambda: TextStream(IDS, 0, 7, seed=0), "A01"),
        (lambda: TextStream(IDS, 3, -1, seed=0), "A01"),
        (lambda: ExampleStream((IDS[:3],), 4, seed=0), "X06"),
        (lambda: ExampleStream((IDS,), 0, seed=0), "A01"),
    ],
)
def test_what_cannot_fill_a_batch_is_refused(make, code):
    with pytest.raises(PfsValueError) as caught:
        make()
    assert caught.value.code == code
