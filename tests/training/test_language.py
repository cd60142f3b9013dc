import itertools
import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from pfs.data import sequential_batches
from pfs.data.streams import TextStream
from pfs.errors import PfsValueError
from pfs.optim import SGD
from pfs.recipes.char_rnn import CHAR_RNN, CharRNN
from pfs.text import Vocabulary
from pfs.training import Trainer, next_symbol_loss, perplexity, sample
from pfs.training.language import detach
from pfs.training.sampling import draw


def small(symbols, seed=0, **changes):
    torch.manual_seed(seed)
    config = replace(
        CHAR_RNN, hidden_size=23, embedding_size=11, dropout=0.0, **changes
    )
    return CharRNN(symbols, config)


def learn(model, ids, steps, batch_size=5, window=13, lr=1.0, **kw):
    stream = TextStream(ids, batch_size, window, seed=0)
    fit(model, stream, steps, lr, **kw)


def fit(model, stream, steps, lr=0.1, **kw):
    optimizer = SGD(model.parameters(), lr=lr)
    trainer = Trainer(
        model, optimizer, stream, next_symbol_loss, steps=steps, clip=1.0, **kw
    )
    trainer.fit()
    return trainer


class Given:
    """Batches that the test has chosen, as a stream."""

    round = place = 0

    def __init__(self, batches):
        self.batches = iter(batches)

    def __next__(self):
        return next(self.batches)

    def go_to(self, round, place):
        raise NotImplementedError


def test_a_text_that_repeats_every_seven_symbols_is_learned():
    """Inputs that are time-major where batch-major is meant give 7.00."""
    ids = torch.arange(7).repeat(100)
    model = small(7)
    learn(model, ids, steps=150)
    assert perplexity(model, ids) < 1.02


def test_the_mistake_of_time_and_batch_would_be_seen():
    """Targets of another row are as good as random: perplexity stays at 7."""
    generator = torch.Generator().manual_seed(0)
    ids = torch.stack(
        [torch.randperm(7, generator=generator) for _ in range(100)]
    ).flatten()
    model = small(7)
    learn(model, torch.arange(7).repeat(100), steps=150)
    assert perplexity(model, ids) > 7


def test_an_untrained_model_is_as_unsure_as_the_uniform_one():
    ids = torch.randint(28, (2000,), generator=torch.Generator().manual_seed(0))
    assert perplexity(small(28), ids) == pytest.approx(28, rel=0.05)


def test_training_forgets_the_state_where_a_round_begins_anew():
    model = Uniform(7)
    ids = torch.arange(7).repeat(4)
    rounds = [*sequential_batches(ids, 2, 5), *sequential_batches(ids, 2, 5)]
    fit(model, Given(rounds), steps=len(rounds))
    first = [batch.first for batch in rounds]
    assert first.count(True) == 2
    assert [state is None for state in model.states] == first


def test_a_sample_reads_on_from_the_state_it_has():
    """As if prompt and sample were read from the beginning every time."""
    vocabulary = Vocabulary("abcdefg")
    model = small(7)
    model.rnn.weight_hh_l0.data.mul_(3)  # so that the state has a say
    written = "gab"
    for _ in range(20):
        logits, _ = model(vocabulary.encode(written)[None])
        written += vocabulary.decode(logits[0, -1].argmax()[None])
    pairs = set(itertools.pairwise(written))
    assert len(pairs) > len(set(written))  # the last symbol alone won't do
    assert sample(model, vocabulary, "gab", 20, temperature=0.0) == written


class Uniform(nn.Module):
    """Says the same of every symbol and counts how often it was asked."""

    def __init__(self, symbols):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(symbols))
        self.states = []

    def forward(self, ids, state=None):
        self.states.append(state)
        state = torch.zeros(1) if state is None else state + ids.shape[1]
        return self.w.expand(*ids.shape, -1), state


def test_perplexity_of_knowing_nothing_is_the_number_of_symbols():
    model = Uniform(11)
    ids = torch.arange(11).repeat(9)
    assert perplexity(model, ids) == pytest.approx(11, rel=1e-6)


def test_perplexity_carries_the_state_and_does_not_depend_on_the_window():
    model = small(7)
    ids = torch.arange(7).repeat(31)
    learn(model, ids, steps=20)
    whole = perplexity(model, ids, window=1000)
    assert perplexity(model, ids, window=13) == pytest.approx(whole, rel=1e-5)
    counting = Uniform(7)
    perplexity(counting, torch.arange(7).repeat(2), window=5)
    assert counting.states[0] is None
    assert counting.states[1:] != [None, None]


def test_perplexity_leaves_the_mode_as_it_was_and_drops_nothing():
    model = small(7).train()
    model.dropout.p = 0.5
    ids = torch.arange(7).repeat(9)
    assert perplexity(model, ids) == perplexity(model, ids)
    assert model.training


def test_training_keeps_the_state_but_not_its_graph():
    seen = []

    class Spy(CharRNN):
        def forward(self, ids, state=None):
            seen.append(state)
            return super().forward(ids, state)

    config = replace(CHAR_RNN, hidden_size=5, embedding_size=3)
    model = Spy(7, config)
    batches = sequential_batches(torch.arange(7).repeat(9), 2, 13)
    fit(model, Given(batches), steps=3)
    assert seen[0] is None
    assert len(seen) == 3
    assert all(s is not None and not s.requires_grad for s in seen[1:])


def test_callbacks_see_every_step():
    steps = []
    see = lambda trainer, step: steps.append(step)
    learn(small(7), torch.arange(7).repeat(31), 3, callbacks=[see])
    assert [step.number for step in steps] == [1, 2, 3]
    assert steps[0].loss == pytest.approx(math.log(7), rel=0.2)
    assert all(step.grad_norm > 0 for step in steps)


@pytest.mark.parametrize("where", ["output.bias", "rnn.weight_hh_l0"])
def test_a_loss_that_is_not_finite_stops_before_the_update(where):
    model = small(7)
    with torch.no_grad():
        model.get_parameter(where)[0] = math.nan
    before = {k: p.clone() for k, p in model.state_dict().items()}
    with pytest.raises(PfsValueError) as caught:
        learn(model, torch.arange(7).repeat(31), 3)
    assert caught.value.code == "T04"
    assert "step 1" in str(caught.value)
    for name, p in model.state_dict().items():
        assert torch.equal(p.nan_to_num(7.0), before[name].nan_to_num(7.0))


def test_a_gradient_that_is_not_finite_is_named():
    model = small(7)
    model.output.bias.register_hook(lambda g: g / 0)
    with pytest.raises(PfsValueError, match=r"gradient of output\.bias"):
        learn(model, torch.arange(7).repeat(31), 3)


def test_detach_knows_tuples():
    h = torch.ones(2, requires_grad=True) * 2
    a, (b, c) = detach((h, (h, None)))
    assert not a.requires_grad
    assert not b.requires_grad
    assert c is None


def test_temperature_goes_from_the_likeliest_to_the_uniform():
    logits = torch.tensor([[0.0, 1.0, 2.0]]).expand(4000, 3)
    generator = torch.Generator().manual_seed(0)

    def share(temperature):
        drawn = draw(logits, temperature, generator)
        return drawn.bincount(minlength=3) / len(drawn)

    assert share(0.0).tolist() == [0, 0, 1]
    assert share(1e-30).tolist() == [0, 0, 1]
    for temperature in (0.5, 1.0, 2.0):
        expected = (logits[0] / temperature).softmax(-1)
        assert share(temperature).sub(expected).abs().max() < 0.03
    assert share(math.inf).sub(1 / 3).abs().max() < 0.03


def test_samples_begin_with_the_prompt_and_repeat_with_a_seed():
    vocabulary = Vocabulary("abcdefg")
    model = small(7)
    learn(model, torch.arange(7).repeat(100), 150)

    def go(seed, temperature=1.0, length=30):
        generator = torch.Generator().manual_seed(seed)
        return sample(
            model,
            vocabulary,
            "cd",
            length,
            temperature=temperature,
            generator=generator,
        )

    assert go(0, 0.0) == ("abcdefg" * 5)[2:34]
    assert go(1, 5.0) == go(1, 5.0) != go(2, 5.0)
    assert go(0, length=0) == "cd"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"prompt": ""}, "X06"),
        ({"prompt": "z"}, "X08"),
        ({"length": -1}, "A01"),
        ({"temperature": -0.5}, "A01"),
        ({"temperature": math.nan}, "A01"),
    ],
)
def test_wishes_that_cannot_be_fulfilled_are_named(changes, code):
    wish = {"prompt": "a", "length": 3, "temperature": 1.0} | changes
    prompt, length = wish.pop("prompt"), wish.pop("length")
    with pytest.raises(PfsValueError) as caught:
        sample(small(2), Vocabulary("ab"), prompt, length, **wish)
    assert caught.value.code == code
