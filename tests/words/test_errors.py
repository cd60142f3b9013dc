"""What a user of the papers on words sees when something does not fit."""

import re
from dataclasses import replace

import pytest
import torch

from pfs.errors import PfsError
from pfs.text.wordpiece import WordPiece
from pfs.words.answer_scores import exact_match, f1
from pfs.words.bert import (
    Bert,
    BertConfig,
    BertForPreTraining,
    BertForQuestionAnswering,
)
from pfs.words.bert_pairs import assemble, next_sentence_pairs
from pfs.words.bert_pretraining import mask_tokens
from pfs.words.bert_questions import answer, null_score, read_answers
from pfs.words.bert_spans import best_spans, span_loss, span_sums
from pfs.words.bert_weights import read_config
from pfs.words.bert_windows import windows

SMALL = BertConfig(
    vocab_size=13,
    hidden_size=8,
    num_hidden_layers=1,
    num_attention_heads=2,
    intermediate_size=16,
    max_position_embeddings=7,
)
IDS = torch.zeros(2, 5, dtype=torch.int64)
MARKS = (1, 2, 0)


def bert(*args):
    return lambda: BertForPreTraining(SMALL)(*args)


@pytest.mark.parametrize(
    ("call", "code", "says"),
    [
        (lambda: replace(SMALL, hidden_size=0), "A01", "hidden_size"),
        (lambda: replace(SMALL, vocab_size=1.5), "A02", "vocab_size"),
        (lambda: replace(SMALL, hidden_act="swish"), "A01", "gelu_tanh"),
        (lambda: replace(SMALL, hidden_dropout_prob=2), "A01", "share of 1"),
        (
            lambda: Bert(replace(SMALL, num_attention_heads=3)),
            "A03",
            "8 features for 3 heads",
        ),
        (bert(IDS[:, :0]), "S05", "CLS"),
        (bert(IDS[0]), "S14", "two axes"),
        (bert(IDS.repeat(1, 2)), "S14", "at most 7 places"),
        (bert(IDS, IDS[:, 1:]), "S14", "types"),
        (bert(IDS, None, None, (IDS == 0)[:1]), "S14", "chosen"),
        (bert(IDS + 13), "S09", "13"),
        (bert(IDS.float()), "S01", "float32"),
        (bert([[1, 2]]), "A02", "ids"),
        (lambda: mask_tokens(IDS, (1,), 13, 13), "A01", "[MASK]"),
        (lambda: mask_tokens(IDS + 13, (1,), 3, 13), "S09", "13"),
        (lambda: mask_tokens(IDS + 0.5, (1,), 3, 13), "S01", "float32"),
        (lambda: next_sentence_pairs([[[1], [2]]]), "A01", "two documents"),
        (lambda: next_sentence_pairs([[[1], [2]], []]), "A01", "2, 0"),
        (lambda: assemble([], MARKS, 4), "A01", "at least 5"),
    ],
)
def test_bert_says_what_does_not_fit(call, code, says):
    with pytest.raises(PfsError, match=re.escape(says)) as caught:
        call()
    assert caught.value.code == code


def test_a_size_that_is_a_word_is_refused(tmp_path):
    sizes = '{"vocab_size": "ten", "hidden_size": 8}'
    (tmp_path / "config.json").write_text(sizes, encoding="utf-8")
    with pytest.raises(PfsError, match="config") as caught:
        read_config(tmp_path)
    assert caught.value.code == "M01"


PIECES = WordPiece(["[UNK]", "[CLS]", "[SEP]", "?", "a"])
ZEROS = torch.zeros(2, 5)
PLACES = torch.tensor([1, 3])


def cut(**options):
    return lambda: windows("? ? ?", "a a a", PIECES, **options)


@pytest.mark.parametrize(
    ("call", "code", "says"),
    [
        (cut(length=6), "A01", "more than 6 places"),
        (cut(length=0), "A01", "length"),
        (cut(stride=0), "A01", "stride"),
        (cut(question_length=0), "A01", "question_length"),
        (cut(stride=1.5), "A02", "stride"),
        (lambda: windows("\ud800", "a", PIECES), "X04", "half"),
        (lambda: span_sums(ZEROS, ZEROS[:1]), "S14", "end"),
        (lambda: span_sums(ZEROS, ZEROS, ZEROS[0] == 0), "S14", "allowed"),
        (lambda: span_sums(ZEROS, ZEROS, longest=0), "A01", "longest"),
        (lambda: best_spans(ZEROS[0], ZEROS[0], count=0), "A01", "count"),
        (
            lambda: span_loss((ZEROS, ZEROS), (PLACES, PLACES), ZEROS == 1),
            "A01",
            "allow place 0",
        ),
        (
            lambda: span_loss((ZEROS, ZEROS), (PLACES, PLACES), ZEROS[0] == 0),
            "S14",
            "allowed",
        ),
        (lambda: span_loss((ZEROS, ZEROS), (PLACES, PLACES + 2)), "S09", "5"),
        (lambda: null_score([]), "A01", "windows()"),
        (lambda: read_answers("a", [], longest=0), "A01", "longest"),
        (lambda: read_answers("a", [], count=0), "A01", "count"),
        (
            lambda: answer(
                BertForQuestionAnswering(SMALL), PIECES, "?", "a " * 9
            ),
            "S14",
            "at most 7 places",
        ),
        (lambda: exact_match("a", ["a"], "fr"), "A01", "zh"),
        (lambda: f1("a", ["a"], "fr"), "A01", "zh"),
    ],
)
def test_questions_say_what_does_not_fit(call, code, says):
    with pytest.raises(PfsError, match=re.escape(says)) as caught:
        call()
    assert caught.value.code == code
