"""What every model of translation promises.

A test file states the model and its vocabularies; see `Translator`.
"""

import copy
import itertools
import pickle
from collections.abc import Callable
from typing import ClassVar

import pytest
import torch
from contract import EXACT
from torch import Tensor, nn
from torch.testing import assert_close
from torch.utils import _pytree as tree

from pfs.nn import log_softmax
from pfs.translation.batches import BOS, EOS, PAD, sequence_loss, shift
from pfs.translation.decoding import (
    Translator,
    beam_search,
    greedy,
    reorder,
    sample,
)

ENDS = {"bos": BOS, "eos": EOS, "max_length": 6}


def log_probability(model, source, lengths, tokens, counts):
    """Sum of log probabilities of given sequences, by one forward pass."""
    log_p = log_softmax(model(source, shift(tokens), lengths))
    said = log_p.gather(-1, tokens[..., None])[..., 0]
    real = torch.arange(tokens.shape[1]) < counts[:, None]
    return (said * real).sum(1)


class TranslatorContract:
    """Subclass as `Test<Name>` and fill in the members."""

    model: ClassVar[Callable[[], nn.Module]]
    """A small instance."""
    source_vocab: ClassVar[int] = 7
    target_vocab: ClassVar[int] = 6

    def case(self) -> tuple[nn.Module, Tensor, Tensor, Tensor]:
        """A model in float64, sources, their lengths, and targets."""
        torch.manual_seed(0)
        model = type(self).model().double().eval()
        with torch.no_grad():  # far from uniform: mistakes shall show
            for parameter in model.parameters():
                parameter.add_(torch.randn_like(parameter), alpha=0.5)
        lengths = torch.tensor([5, 2, 4, 1])
        source = torch.randint(3, self.source_vocab, (4, 5))
        behind = torch.arange(5) >= lengths[:, None]
        source[behind] = PAD
        target = torch.randint(2, self.target_vocab, (4, 6))
        return model, source, lengths, target

    def test_it_is_a_translator(self):
        assert isinstance(type(self).model(), Translator)

    def test_step_by_step_equals_all_at_once(self):
        model, source, lengths, target = self.case()
        read = shift(target)
        for given in (lengths, None):
            state, steps = model.start(source, given), []
            for token in read.unbind(1):
                logits, state = model.step(token, state)
                steps.append(logits)
            want = model(source, read, given)
            assert want.shape == (4, 6, self.target_vocab)
            assert_close(torch.stack(steps, 1), want, **EXACT)

    def test_a_state_can_be_used_twice(self):
        """A step goes on from a state and does not change it."""
        model, source, lengths, target = self.case()
        state = model.start(source, lengths)
        first, after = model.step(target[:, 0], state)
        model.step(target[:, 1], after)
        again, _ = model.step(target[:, 0], state)
        assert_close(again, first, rtol=0, atol=0)
        for part in tree.tree_flatten(state)[0]:
            assert not isinstance(part, Tensor) or len(part) == 4

    def test_rows_can_be_put_in_another_order(self):
        model, source, lengths, target = self.case()
        rows = torch.tensor([2, 2, 0, 3, 1])
        _, state = model.step(target[:, 0], model.start(source, lengths))
        moved = reorder(state, rows)
        assert_close(
            model.step(target[rows, 1], moved)[0],
            model.step(target[:, 1], state)[0][rows],
            **EXACT,
        )

    def test_padding_does_not_matter(self):
        """More of it, other ids in it, or the row alone."""
        model, source, lengths, target = self.case()
        read = shift(target)
        want = model(source, read, lengths)
        wider = torch.cat([source, torch.full((4, 3), 5)], 1)
        wider[:, :5][source == PAD] = 4
        assert_close(model(wider, read, lengths), want, **EXACT)
        for row, n in enumerate(lengths.tolist()):
            alone = model(source[row : row + 1, :n], read[row : row + 1], None)
            assert_close(alone, want[row : row + 1], **EXACT)

    def test_every_real_token_of_the_source_matters(self):
        model, source, lengths, target = self.case()
        read = shift(target)
        want = model(source, read, lengths)
        for row, n in enumerate(lengths.tolist()):
            for t in range(n):
                other = source.clone()
                other[row, t] = 3 + (other[row, t] - 2) % 4
                got = model(other, read, lengths)
                assert (got[row] != want[row]).any(-1).all()
                keep = [r for r in range(4) if r != row]
                assert_close(got[keep], want[keep], **EXACT)

    def test_the_past_does_not_see_the_future(self):
        model, source, lengths, target = self.case()
        want = model(source, target, lengths)
        for t in range(6):
            other = target.clone()
            other[:, t] = (other[:, t] + 1) % self.target_vocab
            got = model(source, other, lengths)
            assert_close(got[:, :t], want[:, :t], **EXACT)
            assert (got[:, t:] != want[:, t:]).any(-1).all()

    def test_a_gradient_reaches_every_parameter(self):
        model, source, lengths, target = self.case()
        logits = model(source, shift(target), lengths)
        sequence_loss(logits, target).backward()
        for name, parameter in model.named_parameters():
            assert parameter.grad is not None, name
            assert parameter.grad.any(), name

    def test_greedy_takes_the_likeliest(self):
        model, source, lengths, _ = self.case()
        written = greedy(model, source, lengths, **ENDS)
        log_p = log_softmax(model(source, shift(written.tokens), lengths))
        real = torch.arange(written.tokens.shape[1]) < written.lengths[:, None]
        assert (log_p.argmax(-1) == written.tokens)[real].all()
        assert (written.tokens[~real] == EOS).all()
        for row, n in zip(written.tokens, written.lengths, strict=True):
            assert not (row[: n - 1] == EOS).any()
            assert n == 6 or row[n - 1] == EOS

    def test_a_beam_of_one_is_greedy(self):
        model, source, lengths, _ = self.case()
        want = greedy(model, source, lengths, **ENDS)
        got = beam_search(model, source, lengths, width=1, **ENDS)
        assert_close(tuple(part[:, 0] for part in got), tuple(want), **EXACT)

    def test_log_probabilities_are_those_of_the_forward_pass(self):
        model, source, lengths, _ = self.case()
        chance = torch.Generator().manual_seed(0)
        for written in (
            greedy(model, source, lengths, **ENDS),
            sample(model, source, lengths, generator=chance, **ENDS),
        ):
            want = log_probability(
                model, source, lengths, written.tokens, written.lengths
            )
            assert_close(written.log_probs, want, **EXACT)
        best = beam_search(model, source, lengths, width=4, **ENDS)
        for place in range(4):
            want = log_probability(
                model,
                source,
                lengths,
                best.tokens[:, place],
                best.lengths[:, place],
            )
            assert_close(best.log_probs[:, place], want, **EXACT)
        assert (best.log_probs.diff(dim=1) <= 0).all()

    def test_a_wide_beam_is_exhaustive_search(self):
        """Against every sequence of at most three tokens."""
        model, source, lengths, _ = self.case()
        tokens = range(self.target_vocab)
        every = [
            line
            for n in (1, 2, 3)
            for line in itertools.product(tokens, repeat=n)
            if EOS not in line[:-1] and (n == 3 or line[-1] == EOS)
        ]
        ends = ENDS | {"max_length": 3}
        width = self.target_vocab**3
        found = beam_search(model, source, lengths, width=width, **ends)
        counts = torch.tensor([len(line) for line in every])
        padded = torch.tensor([(*line, EOS, EOS)[:3] for line in every])
        for row in range(4):
            rows = torch.full((len(every),), row)
            want = log_probability(
                model, source[rows], lengths[rows], padded, counts
            )
            order = want.argsort(descending=True)
            n = len(every)
            assert_close(found.log_probs[row, :n], want[order], **EXACT)
            assert torch.equal(found.tokens[row, :n], padded[order])
            assert torch.equal(found.lengths[row, :n], counts[order])
            assert (found.log_probs[row, n:] == float("-inf")).all()
            assert not found.lengths[row, n:].any()
        total = found.log_probs.exp().sum(1)  # one of them must come
        assert_close(total, torch.ones_like(total), **EXACT)

    @pytest.mark.parametrize("width", [None, 3])
    def test_a_row_does_not_know_of_the_others(self, width):
        model, source, lengths, _ = self.case()

        def write(rows):
            if width is None:
                return greedy(model, source[rows], lengths[rows], **ENDS)
            return beam_search(
                model, source[rows], lengths[rows], width=width, **ENDS
            )

        together = write(torch.arange(4))
        for row in range(4):
            alone = write(torch.tensor([row]))
            n = alone.tokens.shape[-1]
            tokens = together.tokens[row, ..., :n]
            assert torch.equal(tokens, alone.tokens[0])
            assert torch.equal(together.lengths[row], alone.lengths[0])
            assert_close(together.log_probs[row], alone.log_probs[0], **EXACT)

    def test_writing_does_not_train(self):
        model, source, lengths, _ = self.case()
        for training in (True, False):
            model.train(training)
            for written in (
                greedy(model, source, lengths, **ENDS),
                sample(model, source, lengths, temperature=0.0, **ENDS),
                beam_search(model, source, lengths, width=2, **ENDS),
            ):
                assert not written.log_probs.requires_grad
                assert model.training is training

    def test_it_copies_and_pickles(self):
        model, source, lengths, target = self.case()
        for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
            assert_close(
                other(source, target, lengths),
                model(source, target, lengths),
                rtol=0,
                atol=0,
            )

    def test_only_shapes(self):
        """On the meta device nothing is computed."""
        model, source, lengths, target = self.case()
        given = (t.to("meta") for t in (source, target, lengths))
        out = model.to("meta")(*given)
        assert out.shape == (4, 6, self.target_vocab)
        assert out.device.type == "meta"

    def test_an_empty_batch(self):
        model, source, lengths, target = self.case()
        assert model(source[:0], target[:0], lengths[:0]).shape[:2] == (0, 6)
        assert len(greedy(model, source[:0], lengths[:0], **ENDS).tokens) == 0
