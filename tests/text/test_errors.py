"""What a user sees who passes the wrong type: without the shape check."""

import pytest

from pfs.errors import PfsTypeError, PfsValueError
from pfs.text import (
    BytePairEncoding,
    Vocabulary,
    WordPiece,
    letters_and_spaces,
)

MARKS = ["[UNK]", "[CLS]", "[SEP]"]


@pytest.mark.parametrize(
    "thing", [Vocabulary("ab"), WordPiece(MARKS), BytePairEncoding([])]
)
def test_probabilities_are_not_ids(thing):
    with pytest.raises(PfsTypeError, match="S01") as caught:
        thing.decode([0, 0.5])
    assert f"{type(thing).__name__}.decode, ids[1]" in str(caught.value)


@pytest.mark.parametrize("longest", [9.0, None, True])
def test_the_longest_word_is_a_whole_number(longest):
    with pytest.raises(PfsTypeError, match="longest_word") as caught:
        WordPiece(MARKS, longest_word=longest)
    assert caught.value.code == "A02"


def test_there_is_no_third_edition():
    with pytest.raises(PfsValueError, match="A01") as caught:
        letters_and_spaces("a", edition=3)
    assert "1 or 2" in str(caught.value)
