"""Windows, spans and answers: as in the released code, and by brute force."""

import itertools
import math
import random

import pytest
import torch
from torch.nn import functional
from words.oracles import run_squad

from pfs.text.wordpiece import WordPiece
from pfs.words.bert import BertConfig, BertForQuestionAnswering
from pfs.words.bert_questions import (
    answer,
    null_score,
    read_answers,
    score_windows,
)
from pfs.words.bert_spans import Span, best_spans, span_loss, span_sums
from pfs.words.bert_windows import collate, label, windows

EXACT = {"rtol": 1e-9, "atol": 1e-9}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDPIECE = WordPiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *LETTERS, "?"])
CONFIG = BertConfig(
    vocab_size=len(WORDPIECE),
    hidden_size=16,
    num_hidden_layers=1,
    num_attention_heads=2,
    intermediate_size=32,
    max_position_embeddings=24,
)


def text_of(count):
    """A paragraph of so many tokens; token k is at character 2k."""
    return " ".join(itertools.islice(itertools.cycle(LETTERS), count))


def cut(count, length=12, stride=3, question="? ?"):
    return windows(
        question, text_of(count), WORDPIECE, length=length, stride=stride
    )


def model(seed=0):
    torch.manual_seed(seed)
    return BertForQuestionAnswering(CONFIG).double().eval()


@pytest.mark.parametrize("count", [1, 6, 7, 8, 9, 25, 40])
@pytest.mark.parametrize("stride", [1, 3, 4, 7, 50])
def test_windows_are_those_of_the_released_code(count, stride):
    room = 12 - 3 - 2
    found = cut(count, stride=stride)
    spans = run_squad.doc_spans(count, room, stride)
    assert [(w.tokens[0].start // 2, len(w.tokens)) for w in found] == spans
    for number, (w, (start, length)) in enumerate(
        zip(found, spans, strict=True)
    ):
        assert w.own == tuple(
            run_squad.is_max_context(spans, number, k)
            for k in range(start, start + length)
        )
        ids = WORDPIECE.encode(text_of(count)).tolist()
        ask = WORDPIECE.ids["?"]
        mark = [WORDPIECE.ids[m] for m in ("[CLS]", "[SEP]")]
        part = ids[start : start + length]
        assert [*w.ids] == [mark[0], ask, ask, mark[1], *part, mark[1]]
        assert [*w.types] == [0] * 4 + [1] * (length + 1)


def test_every_token_belongs_to_one_window():
    owners = [
        token
        for w in cut(40)
        for token, own in zip(w.tokens, w.own, strict=True)
        if own
    ]
    assert sorted(t.start for t in owners) == list(range(0, 80, 2))


def test_labels_are_those_of_the_released_code():
    count, found = 20, cut(20)
    spans = run_squad.doc_spans(count, 7, 3)
    for first in range(count):
        for last in range(first, count):
            for w, span in zip(found, spans, strict=True):
                got = label(w, 2 * first, 2 * last + 1)
                assert got == run_squad.positions(span, w.offset, first, last)


def test_an_answer_that_is_cut_off_is_no_answer():
    first, *_, last = cut(20)
    assert label(first, 12, 15) == (0, 0)  # tokens 6 and 7; it holds 0 to 6
    assert label(first, 12, 13) == (10, 10)
    assert label(last, 0, 1) == (0, 0)
    assert label(first, 1, 2) == (0, 0)  # a blank is no token


def test_blanks_around_an_answer_do_not_matter():
    (w,) = windows("?", "  a  b ", WORDPIECE)
    assert label(w, 0, 7) == (3, 4)
    assert label(w, 1, 3) == (3, 3)


def test_part_of_a_word_points_at_its_piece():
    pieces = WordPiece(
        ["[UNK]", "[CLS]", "[SEP]", "?", "책", "##을"], strip_accents=False
    )
    (w,) = windows("?", "책을", pieces)
    assert label(w, 0, 1) == (3, 3)
    assert label(w, 0, 2) == (3, 4)
    assert w.stretch(3, 3) == (0, 1)


def test_a_long_question_is_cut():
    (w,) = windows("? " * 30, "a", WORDPIECE, question_length=5)
    assert w.offset == 7


def test_the_best_pair_is_not_the_best_of_each():
    start, end = torch.tensor([0.0, 5.0, 4.9]), torch.tensor([5.0, 0.0, 4.8])
    (best,) = best_spans(start.double(), end.double())
    assert best[:2] == (1, 2)
    assert best.score == pytest.approx(9.8, abs=1e-6)
    sums = span_sums(start, end)
    assert sums[0, 1] == 0  # what swapping the two would give
    assert sums[1, 0] == -math.inf


@pytest.mark.parametrize("longest", [1, 2, 5, 99])
def test_spans_by_brute_force(longest):
    torch.manual_seed(longest)
    start, end = torch.randn(2, 11, dtype=torch.float64)
    allowed = torch.rand(11) < 0.7
    legal = [
        (i, j, (start[i] + end[j]).item())
        for i in range(11)
        for j in range(i, min(11, i + longest))
        if allowed[i] and allowed[j]
    ]
    legal.sort(key=lambda one: -one[2])
    got = best_spans(start, end, allowed, longest, count=1000)
    assert got == [Span(*one) for one in legal]
    assert best_spans(start, end, allowed, longest) == got[:1]


def test_sums_of_a_batch_are_those_of_its_rows():
    start, end = torch.randn(2, 3, 4, 7)
    allowed = torch.rand(3, 4, 7) < 0.5
    together = span_sums(start, end, allowed, 3)
    for i, j in itertools.product(range(3), range(4)):
        alone = span_sums(start[i, j], end[i, j], allowed[i, j], 3)
        assert torch.equal(together[i, j], alone)


def test_nothing_is_legal_where_nothing_is_allowed():
    zeros = torch.zeros(4)
    assert best_spans(zeros, zeros, torch.zeros(4).bool()) == []


def test_the_loss_is_torchs_and_so_are_its_gradients():
    torch.manual_seed(0)
    start, end = torch.randn(2, 5, 9, dtype=torch.float64).unbind()
    start.requires_grad_(), end.requires_grad_()
    allowed = torch.rand(5, 9) < 0.6
    allowed[:, 0] = allowed[:, 4] = True
    i, j = torch.tensor([0, 4, 4, 0, 4]), torch.tensor([4, 4, 4, 0, 4])
    got = span_loss((start, end), (i, j), allowed)
    grads = torch.autograd.grad(got, (start, end))
    cut_off = [x.masked_fill(~allowed, -math.inf) for x in (start, end)]
    wanted = sum(map(functional.cross_entropy, cut_off, (i, j))) / 2
    torch.testing.assert_close(got, wanted, **EXACT)
    rights = torch.autograd.grad(wanted, (start, end))
    torch.testing.assert_close(grads, rights, **EXACT)
    assert (grads[0][~allowed] == 0).all()


def test_padding_does_not_change_the_loss():
    torch.manual_seed(0)
    start, end = torch.randn(2, 3, 6)
    places = (torch.tensor([1, 2, 0]), torch.tensor([2, 2, 0]))
    short = span_loss((start, end), places, torch.ones(3, 6).bool())
    wide = [functional.pad(x, (0, 4), value=7.0) for x in (start, end)]
    allowed = torch.arange(10).expand(3, 10) < 6
    torch.testing.assert_close(span_loss(tuple(wide), places, allowed), short)


def drawn(found, seed):
    chance = torch.Generator().manual_seed(seed)
    return [
        tuple(torch.randn(2, len(w.ids), generator=chance).double())
        for w in found
    ]


@pytest.mark.parametrize("seed", range(5))
def test_answers_are_those_of_the_released_code(seed):
    """With so large a list of the best that it leaves nothing out."""
    count, longest = 26, 4
    found = cut(count)
    logits = drawn(found, seed)
    features = [
        (span, w.offset, w.own, start.tolist(), end.tolist())
        for span, w, (start, end) in zip(
            run_squad.doc_spans(count, 7, 3), found, logits, strict=True
        )
    ]
    wanted = run_squad.predictions(features, 1000, longest)
    text = text_of(count)
    got = read_answers(
        text,
        [*zip(found, logits, strict=True)],
        longest=longest,
        count=1000,
    )
    spelled = {}
    for score, first, last in wanted:
        spelled.setdefault(text[2 * first : 2 * last + 1], score)
    assert [a.text for a in got] == [*spelled]
    assert [a.score for a in got] == pytest.approx([*spelled.values()])
    assert sum(a.probability for a in got) == pytest.approx(1)
    for a in got:
        assert text[a.start : a.end] == a.text


def test_a_token_at_the_edge_of_a_window_does_not_begin_an_answer_there():
    found = cut(20)
    logits = drawn(found, 0)
    place = found[1].offset  # token 3, of which the first window knows more
    logits[1][0][place] = 100.0
    for a in read_answers(
        "".join(text_of(20)), [*zip(found, logits, strict=True)]
    ):
        assert a.score < 50


def test_only_the_paragraph_can_answer():
    (w,) = windows("? ?", "a b c", WORDPIECE)
    for place in (0, 1, 2, 3, 7):
        logits = torch.zeros(2, 8).double()
        logits[:, place] = 100
        got = read_answers("a b c", [(w, tuple(logits))])
        assert all(a.score == 0 for a in got)
        assert {a.text for a in got} == {"a", "b", "c", "a b", "b c", "a b c"}


def test_what_is_behind_a_window_is_not_read():
    (w,) = windows("?", "a b", WORDPIECE)
    start, end = torch.zeros(2, 30).double()
    start[20] = end[21] = 100
    assert {a.score for a in read_answers("a b", [(w, (start, end))])} == {0}


def test_the_text_comes_back_as_it_was_written():
    text = "  In  PARIS,  (Ölsardinen)  "
    pieces = WordPiece(
        ["[UNK]", "[CLS]", "[SEP]", "in", "paris", ",", "(", ")", "?"]
    )
    (w,) = windows("?", text, pieces)
    start, end = torch.zeros(2, len(w.ids)).double()
    start[w.offset + 1] = end[w.offset + 4] = 9
    best = read_answers(text, [(w, (start, end))])[0]
    assert best.text == "PARIS,  (Ölsardinen"


def test_no_answer_is_the_lowest_of_all_windows():
    found = cut(20)
    logits = drawn(found, 1)
    for number, (start, end) in enumerate(logits):
        start[0] = end[0] = 50.0 - number
    assert null_score(logits) == 2 * (50.0 - (len(found) - 1))


@pytest.mark.parametrize(("above", "empty"), [(1.0, True), (-1.0, False)])
@pytest.mark.parametrize("threshold", [-3.0, 0.0, 2.0])
def test_no_answer_must_be_better_by_the_threshold(above, empty, threshold):
    (w,) = windows("?", "a b c", WORDPIECE)
    start, end = torch.zeros(2, len(w.ids)).double()
    start[4], end[4] = 2.0, 3.0
    start[0] = 5.0 + threshold + above
    got = read_answers("a b c", [(w, (start, end))], threshold=threshold)
    assert (got[0].text == "") is empty
    assert sum(a.text == "" for a in got) == 1
    rest = [a.score for a in got[1:]]
    assert rest == sorted(rest, reverse=True)
    assert all(a.text for a in read_answers("a b c", [(w, (start, end))]))


def test_a_paragraph_without_tokens_has_no_answer():
    found = windows("?", "  ", WORDPIECE)
    logits = drawn(found, 0)
    seen = [*zip(found, logits, strict=True)]
    assert read_answers("  ", seen) == []
    assert [a.text for a in read_answers("  ", seen, threshold=0.0)] == [""]


def test_a_model_scores_windows_as_one_by_one():
    """Side by side with longer ones, in another order, or alone."""
    bert = model()
    some = [w for count in (1, 9, 3, 17) for w in cut(count, length=20)]
    got = score_windows(bert, some, batch_size=3)
    for w, (start, end) in zip(some, got, strict=True):
        batch = collate([w])
        alone = bert(*batch[:3])
        torch.testing.assert_close(start[None], alone[0].float())
        torch.testing.assert_close(end[None], alone[1].float())
        assert not batch.padding.any()


def test_a_batch_says_where_an_answer_may_be():
    batch = collate([*cut(3), *cut(7)])
    assert batch.paragraph.sum(1).tolist() == [3, 7]
    assert batch.padding.sum(1).tolist() == [4, 0]
    assert (batch.types[batch.paragraph] == 1).all()
    assert (batch.ids[batch.padding] == WORDPIECE.ids["[PAD]"]).all()


def test_a_question_is_answered_from_text_to_text():
    """By hand: every pair of tokens in its own window."""
    bert, text = model(3), text_of(30)
    got = answer(bert, WORDPIECE, "? ?", text, length=14, stride=4, count=5)
    found = windows("? ?", text, WORDPIECE, length=14, stride=4)
    every = []
    for w in found:
        start, end = (x[0].double() for x in bert(*collate([w])[:3]))
        for i, j in itertools.product(range(len(w.tokens)), repeat=2):
            if w.own[i] and i <= j < i + 30:
                score = (start[i + w.offset] + end[j + w.offset]).item()
                every.append((score, w.tokens[i].start, w.tokens[j].end))
    every.sort(reverse=True)
    assert (got[0].start, got[0].end) == every[0][1:]
    assert got[0].score == pytest.approx(every[0][0], rel=1e-5)
    assert len(got) == 5


def test_a_fine_tuned_model_learns_to_point():
    """Where the question's letter stands, thirty steps suffice."""
    from pfs.optim.adam import AdamW

    torch.manual_seed(0)
    bert = BertForQuestionAnswering(CONFIG)
    optimizer = AdamW(bert.parameters(), lr=1e-2)
    shuffled = random.Random(0)
    for _ in range(30):
        some, places = [], []
        for _ in range(16):
            letters = shuffled.sample(LETTERS[:9], 5)
            text = " ".join([*letters, "z"])
            (w,) = windows("?", text, WORDPIECE)
            some.append(w)
            places.append(label(w, 10, 11))
        batch = collate(some)
        i, j = torch.tensor(places).T
        loss = span_loss(bert(*batch[:3]), (i, j), batch.paragraph)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    best, *_ = answer(bert.eval(), WORDPIECE, "?", "c a b e d z", length=24)
    assert best.text == "z"
