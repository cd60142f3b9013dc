"""Pieces of a text: nothing is lost, and what is not known is said."""

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import given

from pfs.text.pieces import UNKNOWN, Pieces, split
from pfs.text.vocabulary import normalize

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(TEXTS)
def test_the_pieces_side_by_side_are_the_text(text):
    assert "".join(split(text)) == normalize(text)


@given(TEXTS)
def test_what_was_encoded_is_decoded(text):
    pieces = Pieces.from_texts([text])
    assert pieces.decode(pieces.encode(text)) == normalize(text)


def test_a_word_takes_the_space_before_it():
    assert split("I don't  know.\n") == [
        *("I", " don't", " ", " know", ".", "\n")
    ]
    assert split("café 21") == ["café", " ", "2", "1"]


def test_rare_pieces_share_the_first_id():
    pieces = Pieces.from_texts(["a a b", " a"], least=2, unknown=True)
    assert pieces.pieces == (UNKNOWN, " a")
    assert pieces.encode("a b a").tolist() == [0, 0, 1]
    assert pieces.decode([0, 1]) == f"{UNKNOWN} a"


@pytest.mark.parametrize("wrong", [[-1], [2], torch.tensor([5])])
def test_an_id_outside_the_list_is_named(wrong):
    with pytest.raises(IndexError, match=r"Pieces\.decode"):
        Pieces(["a", "b"]).decode(wrong)


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        (lambda: Pieces([]), "X06", "at least one"),
        (lambda: Pieces(["a", "b", "a"]), "A01", "'a' more than once"),
        (lambda: Pieces(["a"]).encode("b"), "X08", "'b'"),
    ],
)
def test_the_message_helps(call, code, words):
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert caught.value.code == code
