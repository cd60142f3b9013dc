"""The model of the window recipe reads a text as windows of it."""

from dataclasses import replace

import pytest
import torch

from pfs.basics.sequence import windows
from pfs.recipes.char_window_config import CHAR_WINDOW
from pfs.recipes.char_window_model import CharWindow
from pfs.training.language import perplexity

QUICK = replace(CHAR_WINDOW, context=5, num_features=11, hidden_units=23)


@pytest.mark.parametrize("direct", [False, True])
@pytest.mark.parametrize("hidden", [0, 23])
def test_the_parameters_are_those_of_the_papers_formula(hidden, direct):
    if not hidden and not direct:
        return
    config = replace(QUICK, hidden_units=hidden, direct=direct)
    v, n, m, h = 29, 6, 11, hidden
    wanted = v * (1 + m + h) + (h * (1 + (n - 1) * m) if h else 0)
    wanted += v * (n - 1) * m if direct else 0
    model = CharWindow(29, config)
    assert sum(p.numel() for p in model.parameters()) == wanted


@pytest.mark.parametrize("context", [1, 2, 5])
def test_every_place_is_predicted_from_its_own_window(context):
    torch.manual_seed(0)
    model = CharWindow(7, replace(QUICK, context=context)).eval()
    ids = torch.randint(7, (2, 13))
    with torch.no_grad():
        logits, _ = model(ids)
        for row, text in zip(logits, ids, strict=True):
            wanted = model.model(windows(text, context)[0])
            torch.testing.assert_close(row[context - 1 : -1], wanted)


def test_before_the_beginning_there_are_zeros():
    torch.manual_seed(0)
    model = CharWindow(7, QUICK).eval()
    with torch.no_grad():
        logits, _ = model(torch.tensor([[3]]))
        x = torch.cat([torch.zeros(4 * 11), model.model.table.weight[3]])
        torch.testing.assert_close(
            logits[0, 0], model.model.from_features(x[None])[0]
        )


@pytest.mark.parametrize("context", [1, 2, 5, 9])
@pytest.mark.parametrize("cut", [1, 3, 8])
def test_reading_in_two_parts_is_reading_at_once(context, cut):
    torch.manual_seed(0)
    model = CharWindow(7, replace(QUICK, context=context)).eval()
    ids = torch.randint(7, (3, 13))
    with torch.no_grad():
        whole, last = model(ids)
        first, state = model(ids[:, :cut])
        second, end = model(ids[:, cut:], state)
    torch.testing.assert_close(torch.cat([first, second], 1), whole)
    assert torch.equal(end, last)
    assert torch.equal(end, ids[:, 13 - (context - 1) :])


def test_the_windows_of_judging_do_not_matter():
    torch.manual_seed(0)
    model = CharWindow(7, QUICK)
    text = torch.randint(7, (60,))
    parts = {perplexity(model, text, window=w) for w in (3, 7, 512)}
    assert max(parts) / min(parts) == pytest.approx(1, abs=1e-6)
