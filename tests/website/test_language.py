"""Slips of the pen in Korean and Chinese are seen; good style is left alone."""

import pytest
from faulty_pages import CHINESE, ENGLISH, KOREAN, found, tree

from website.problems import line_of
from website.translations import stamped

FRONT = stamped(ENGLISH, KOREAN).count("\n") - KOREAN.count("\n")


def test_a_page_that_was_not_translated_is_seen(tmp_path):
    english = "# Home\n\n" + "These are words that nobody has put. " * 5
    (tmp_path / "docs/ko").mkdir(parents=True)
    (tmp_path / "docs/index.md").write_text(english, "utf-8")
    text = stamped(english, english)
    (tmp_path / "docs/ko/index.md").write_text(text, "utf-8")
    problems = found(tmp_path)
    line = line_of(text, "# Home")
    message = "#claim is not translated? 0% ko"
    assert ("docs/ko/index.md", line, message) in problems
    message = "English left: 'These are words that nobody has put'"
    assert ("docs/ko/index.md", line + 2, message) in problems


IN_KOREAN = [
    ("없다.", "not in 합니다체: '없다.'"),
    ("있습니다. 그런데 상태가 커진다.", "not in 합니다체: '커진다.'"),
    ("다음과 같다:", "not in 합니다체: '같다:'"),
    ("무엇을 하는가?", "not in 합니다체: '하는가?'"),
    ("이것이 상태예요.", "not in 합니다체: '상태예요.'"),
    ("숨은 상태가 없습니다.", "'숨은 상태' is not our word: write '은닉 상태'"),
    ("`RNN` 은 신경망입니다.", "space before a particle: '… 은'"),
    ("RNN 을 배웁니다.", "space before a particle: 'N 을'"),
    ("RNN는 신경망입니다.", "particle: 'RNN는' should be 'RNN은'"),
    ("GRU을 배웁니다.", "particle: 'GRU을' should be 'GRU를'"),
    ("둘을 3로 나눕니다.", "particle: '3로' should be '3으로'"),
    ("둘을 4으로 나눕니다.", "particle: '4으로' should be '4로'"),
    ("하나，둘입니다.", "full-width mark: '，'"),
    (
        "there are no numbers here at all.",
        "English left: 'there are no numbers here at all'",
    ),
]
IN_CHINESE = [
    ("状态,是好的。", "half-width mark: '态,'"),
    ("状态是好的.", "half-width mark: '的.'"),
    ("`x`, 状态", "half-width mark: ', 状'"),
    ("用 RNN读一遍。", "space beside Chinese: '用 R'"),
    ("用$h$ 读一遍。", "space beside Chinese: '… 读'"),
    ("读完， 再写。", "space beside Chinese: '， 再'"),
    ('他说"好"。', "quotation marks: write “ ”"),
    ("他说「好」。", "quotation marks: write “ ”"),
    ("學习。", "traditional character: '學'"),
    ("变压器很有名。", "'变压器' is not our word: write 'Transformer'"),
    ("一行。\n又一行。", "a Chinese paragraph stands on one line"),
    (
        "there are no numbers here at all。",
        "English left: 'there are no numbers here at all'",
    ),
]


@pytest.mark.parametrize(
    ("language", "line", "message"),
    [
        *(("ko", *one) for one in IN_KOREAN),
        *(("zh", *one) for one in IN_CHINESE),
    ],
)
def test_a_slip_of_the_pen_is_seen(language, line, message, tmp_path):
    good = {"ko": KOREAN, "zh": CHINESE}[language]
    nothing = {"ko": "없습니다.", "zh": "没有。"}[language]
    text = good.replace(nothing, line, 1)
    name = {"ko": "korean", "zh": "chinese"}[language]
    place = line_of(text, line) + FRONT + line.count("\n")
    path = f"docs/{language}/notes/page.md"
    problems = found(tree(tmp_path, **{name: text}))
    assert (path, place, message) in problems


@pytest.mark.parametrize(
    ("language", "line"),
    [
        (
            "ko",
            "LSTM은 RNN보다, 2013년은 1/4을, CLIP은 `x`는 GPT는 0.5로 봅시다.",
        ),
        ("ko", "“그렇다”는 말이며, 왜 그렇습니까?"),
        ("ko", "걸어가면서 봅니다."),
        ("ko", "GPT-3는 AlexNet, VGG, NiN, GoogLeNet, ResNet, RegNet입니다."),
        ("ko", "10으로, 1,000으로, 2로, 7로, 3.5로, URL로 나눕니다."),
        ("ko", "제목은 “Learning to do one thing or another well”입니다."),
        ("zh", "Elman(1990)说：形状是`(batch, time)`，见(6)。"),
        ("zh", "《Long Short-Term Memory and Other Things Too》。"),
        ("zh", "1. 第一，Rumelhart、Hinton和Williams。"),
    ],
)
def test_good_style_is_left_alone(language, line, tmp_path):
    english = "# T\n\nText.\n"
    title = {"ko": "# 제목", "zh": "# 题"}[language]
    path = tmp_path / f"docs/{language}/index.md"
    path.parent.mkdir(parents=True)
    (tmp_path / "docs/index.md").write_text(english, "utf-8")
    path.write_text(stamped(english, f"{title}\n\n{line}\n"), "utf-8")
    messages = [m for _, _, m in found(tmp_path) if "differ" not in m]
    assert messages == []
