"""What a user sees who passes the wrong type: without the shape check."""

import pytest

from pfs.errors import PfsTypeError, PfsValueError
from pfs.text import Vocabulary, letters_and_spaces


def test_probabilities_are_not_ids():
    with pytest.raises(PfsTypeError, match="S01") as caught:
        Vocabulary("ab").decode([0, 0.5])
    assert "ids[1]" in str(caught.value)


def test_there_is_no_third_edition():
    with pytest.raises(PfsValueError, match="A01") as caught:
        letters_and_spaces("a", edition=3)
    assert "1 or 2" in str(caught.value)
