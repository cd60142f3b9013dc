"""Translations out of step with English are seen, fact by fact."""

import re

import pytest
from faulty_pages import CHINESE, ENGLISH, KOREAN, found, tree

from website.problems import line_of
from website.translations import stamped

FRONT = stamped(ENGLISH, KOREAN).count("\n") - KOREAN.count("\n")

# the section that is reported, or a text on the line that is
IN_STEP = [
    (
        "10번입니다 (1)",
        "10번입니다 (2)",
        "#idea",
        "equations named differ from English: missing '1', extra '2'",
    ),
    (
        "10번입니다",
        "30번입니다",
        "#idea",
        "numbers differ from English: extra '30'",
    ),
    (
        "0.9의 선",
        "0.8의 선",
        "#run",
        "numbers differ from English: missing '0.9', extra '0.8'",
    ),
    (
        "| 1 | 라 |",
        "| 2 | 라 |",
        "#symbols",
        "numbers in tables differ from English: missing '1', extra '2'",
    ),
    (
        "없습니다.\n\n## 참고",
        "## 참고",
        "#exercises",
        "paragraphs differ from English: 1 instead of 2",
    ),
    (
        "long English title",
        "short English title",
        "#references",
        "works differ from English: "
        "'- A book with a short English title that stays as it is.'",
    ),
    (
        "## 수식 {",
        "### 수식 {",
        "### 수식",
        "English has ## #equations here, this page ### #equations",
    ),
    (
        "## 연습 { #exercises }\n\n없습니다.\n\n",
        "",
        "{ #references }",
        "English has ## #exercises here, this page ## #references",
    ),
    (
        "### 왜 a? { #q-a }\n",
        "",
        "{ #q-b }",
        "English has ### #q-a here, this page ### #q-b",
    ),
    (
        "상태 $h_t$와",
        "상태와",
        "#idea",
        "inline formulas differ from English: missing 'h_t'",
    ),
    (
        "상태 $h_t$와",
        "상태 $h_T$와",
        "#idea",
        "inline formulas differ from English: missing 'h_t', extra 'h_T'",
    ),
    (
        "U h_{t-1}",
        "U  h_{t-1}",
        "#equations",
        "display formulas differ from English: "
        "missing '\\nh_t = U h_{t-1} \\\\tag{1}\\n', "
        "extra '\\nh_t = U  h_{t-1} \\\\tag{1}\\n'",
    ),
    (
        "../index.md#x",
        "../index.md",
        "#before",
        "links differ from English: "
        "missing '../index.md#x', "
        "extra '../index.md'",
    ),
    (
        "example.org/a",
        "example.org/b",
        "#before",
        "addresses differ from English: "
        "missing 'https://example.org/a', "
        "extra 'https://example.org/b'",
    ),
    (
        "rnn.RNN]",
        "rnn.RNNCell]",
        "#idea",
        "API links differ from English: "
        "missing 'pfs.recurrent.rnn.RNN', "
        "extra 'pfs.recurrent.rnn.RNNCell'",
    ),
    (
        "[`RNN`]",
        "[`LSTM`]",
        "#idea",
        "inline code differ from English: missing 'RNN', extra 'LSTM'",
    ),
    (
        "256개",
        "265개",
        "#idea",
        "numbers differ from English: missing '256', extra '265'",
    ),
    (
        "figure:rnn.unrolled",
        "figure:rnn.backward",
        "#idea",
        "figures differ from English: "
        "missing 'figure:rnn.unrolled', "
        "extra 'figure:rnn.backward'",
    ),
    (
        "{{ rnn-parameters-28-256 }}",
        "많은 것",
        "# 한 쪽",
        "#claim: ledger numbers differ from English: "
        "missing 'rnn-parameters-28-256'",
    ),
    (
        "[[hidden-state]]가",
        "은닉 상태가",
        "# 한 쪽",
        "#claim: terms differ from English: missing 'hidden-state'",
    ),
    (
        "- 둘\n",
        "",
        "#idea",
        "list items differ from English: 1 instead of 2",
    ),
    (
        "| 1 | 라 |\n",
        "",
        "#symbols",
        "table rows differ from English: 2 instead of 3",
    ),
    (
        "> 옮긴 말이다.\n",
        "",
        "#idea",
        "quotes differ from English: 0 instead of 1",
    ),
    (
        "!!! differs",
        "!!! note",
        "#differs",
        "boxes differ from English: missing 'differs', extra 'note'",
    ),
    (
        "wrong()",
        "right()",
        "#mistake",
        "shown code differ from English: "
        "missing '{ .python .show }\\nwrong()\\n', "
        "extra '{ .python .show }\\nright()\\n'",
    ),
    (
        "a.py:step",
        "a.py",
        "#equations",
        "shown code differ from English: "
        'missing \'{ .python title="src/a.py" }\\n--8<-- "src/a.py:step"\\n\', '
        'extra \'{ .python title="src/a.py" }\\n--8<-- "src/a.py"\\n\'',
    ),
    (
        '```python alt="0.9의 선"\n```\n',
        "",
        "#run",
        "cells differ from English: 0 instead of 1",
    ),
    (
        '```python alt="0.9의 선"',
        "```python",
        "#run",
        "cells with alt differ from English: missing '0'",
    ),
    (
        '```python alt="0.9의 선"',
        '```python tags=["x"] alt="0.9의 선"',
        "#run",
        "tags of cells differ from English: missing '', extra 'tags=[\"x\"]'",
    ),
    (
        'alt="0.9의 선"\n```',
        'alt="0.9의 선"\nx = 1\n```',
        '```python alt="0.9의 선"',
        "cells of a translation stay empty: English lends them",
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "message"), IN_STEP)
def test_a_translation_out_of_step_is_seen(old, new, place, message, tmp_path):
    assert old in KOREAN
    text = KOREAN.replace(old, new, 1)
    if place.startswith("#") and not place.startswith(("##", "# ")):
        message = f"{place}: {message}"
        place = f"{{ {place} }}"
    problems = found(tree(tmp_path, korean=text))
    line = line_of(text, place) + FRONT
    assert ("docs/ko/notes/page.md", line, message) in problems
    assert {name for name, _, _ in problems} == {"docs/ko/notes/page.md"}


LARGE = [
    ("65 million", "6500만 개", "6500万个"),
    ("65\nmillion", "6,500만 개", "6,500万个"),
    ("270 million", "2억 7천만 개", "2.7亿个"),
    ("418 million", "4억 1800만 개", "4.18亿个"),
    ("1.75 billion", "17억 5천만 개", "17.5亿个"),
    ("15 thousand", "1.5만 개", "1.5万个"),
    ("100,000", "10만 개", "10万个"),
]


@pytest.mark.parametrize(("english", "korean", "chinese"), LARGE)
def test_large_numbers_are_equal_in_ten_thousands(
    english, korean, chinese, tmp_path
):
    source = ENGLISH.replace("None.", f"{english}.", 1)
    right = [
        KOREAN.replace("없습니다.", f"{korean}입니다.", 1),
        CHINESE.replace("没有。", f"{chinese}。", 1),
    ]
    assert found(tree(tmp_path, source, *right)) == []
    wrong = [
        right[0].replace(korean, f"1{korean}", 1),
        right[1].replace(chinese, f"1{chinese}", 1),
    ]
    (tmp_path / "wrong").mkdir()
    number = re.match(r"\S+", english)[0]
    message = f"#numbers: numbers differ from English: missing '{number}'"
    problems = found(tree(tmp_path / "wrong", source, *wrong))
    assert [(name, text) for name, _, text in problems] == [
        (f"docs/{language}/notes/page.md", message) for language in ("ko", "zh")
    ]


def test_a_version_is_no_large_number(tmp_path):
    source = ENGLISH.replace("None.", "Version 1.2.3.", 1)
    (problem,) = found(tree(tmp_path, source, chinese=""))
    assert problem[2] == (
        "#numbers: numbers differ from English: missing '1.2.3'"
    )


def test_formulas_in_another_order_are_seen(tmp_path):
    a, b = "h_t = U h_{t-1} \\tag{1}", "y_t = C h_t \\tag{2}"
    text = KOREAN.replace(a, "?").replace(b, a).replace("?", b)
    (problem,) = found(tree(tmp_path, korean=text))
    assert problem[2] == (
        "#equations: display formulas differ from English: in another order"
    )


def test_a_paragraph_left_out_is_seen(tmp_path):
    english = ENGLISH.replace("None.", "These words say much. " * 20, 1)
    (tmp_path / "good").mkdir()
    good = KOREAN.replace("없습니다.", "이 말은 많은 것을 뜻합니다. " * 20, 1)
    assert found(tree(tmp_path / "good", english, good, "")) == []
    short = KOREAN.replace("없습니다.", "이 말은 많은 것을 뜻합니다. " * 7, 1)
    (problem,) = found(tree(tmp_path, english, short, ""))
    assert problem[1:] == (
        line_of(short, "{ #numbers }") + FRONT,
        "#numbers: 23% of the letters of English: what is missing?",
    )


def test_a_stale_section_is_seen(tmp_path):
    root = tree(tmp_path)
    english = ENGLISH.replace("None.", "Some.", 1)
    (root / "docs/notes/page.md").write_text(english, "utf-8")
    path = (root / "docs/ko/notes/page.md").as_posix()
    korean, _ = found(root)
    assert korean == (
        "docs/ko/notes/page.md",
        line_of(KOREAN, "{ #numbers }") + FRONT,
        "stale section #numbers: compare it with English, then "
        f"nox -s translations -- stamp {path}",
    )


def test_white_space_at_line_ends_makes_nothing_stale(tmp_path):
    root = tree(tmp_path)
    english = ENGLISH.replace("None.", "None. \t", 1)
    (root / "docs/notes/page.md").write_text(english, "utf-8")
    assert found(root) == []


def test_a_translation_that_was_never_stamped_is_stale(tmp_path):
    root = tree(tmp_path)
    (root / "docs/ko/notes/page.md").write_text(
        f"---\njupyter: {{kernelspec: {{}}}}\n---\n{KOREAN}", "utf-8"
    )
    stale = [m for _, _, m in found(root) if m.startswith("stale section #")]
    assert len(stale) == 20


def test_a_translation_of_nothing_is_seen(tmp_path):
    root = tree(tmp_path)
    (root / "docs/zh/more.md").write_text("# 题\n\n字。\n", "utf-8")
    message = "there is no English page docs/more.md"
    assert found(root) == [("docs/zh/more.md", 1, message)]
