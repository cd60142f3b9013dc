import pytest

from pfs.data import story, story_sentences
from pfs.errors import PfsValueError


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_the_story_is_clean_and_parallel(language):
    sentences = story_sentences(language)
    assert len(sentences) == len(story_sentences("en")) > 50
    assert all(line == line.strip() and line for line in sentences)
    text = story(language)
    assert "\n\n\n" not in text
    assert text.endswith(sentences[-1] + "\n")
    assert "\r" not in text
    paragraphs = [part.count("\n") for part in text.strip().split("\n\n")]
    english = [part.count("\n") for part in story("en").strip().split("\n\n")]
    assert paragraphs == english


def test_there_is_no_story_in_french():
    with pytest.raises(PfsValueError, match="'en' or 'ko' or 'zh'"):
        story("fr")
