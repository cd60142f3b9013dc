"""Each check of the pages fails on a planted fault, and passes without."""

import json

import pytest

from website import lint
from website.translations import stamped

ENGLISH = """---
jupyter: {kernelspec: {display_name: Python 3, language: python, name: python3}}
---

# A page

The claim has a [[hidden-state]] and a number, {{ rnn-parameters-28-256 }}.

## The idea { #idea }

A state $h_t$ with [`RNN`][pfs.recurrent.rnn.RNN] and [a link](../index.md#x).

- one
- two

$$
h_t = U h_{t-1} \\tag{1}
$$

![The network](figure:rnn.unrolled)

```python alt="A line"
print(1)
```

``` { .python .show }
wrong()
```

| a | b |
|---|---|
| c | d |

## Equations { #equations }

!!! differs "It"
    - that

## Numbers { #numbers }

None.

## References { #references }

- A book with a long English title that stays as it is.
"""
KOREAN = """# 한 쪽

주장에는 [[hidden-state]]가 있고 숫자는 {{ rnn-parameters-28-256 }}입니다.

## 생각 { #idea }

상태 $h_t$와 [`RNN`][pfs.recurrent.rnn.RNN], 그리고 [링크](../index.md#x)입니다.

- 하나
- 둘

$$
h_t = U h_{t-1} \\tag{1}
$$

![신경망](figure:rnn.unrolled)

```python alt="선"
```

``` { .python .show }
wrong()
```

| 가 | 나 |
|---|---|
| 다 | 라 |

## 수식 { #equations }

!!! differs "그것"
    - 저것

## 숫자 { #numbers }

없습니다.

## 참고 문헌 { #references }

- A book with a long English title that stays as it is.
"""


def pages(tmp_path, english=ENGLISH, korean=KOREAN, language="ko"):
    docs = tmp_path / "docs"
    (docs / "notes").mkdir(parents=True, exist_ok=True)
    (docs / "notes" / "page.md").write_text(english, "utf-8")
    if korean:
        folder = docs / language / "notes"
        folder.mkdir(parents=True, exist_ok=True)
        text = korean if "source:" in korean else stamped(english, korean)
        (folder / "page.md").write_text(text, "utf-8")
    return lint.check(tmp_path)


def test_a_good_tree_has_no_problem(tmp_path):
    assert pages(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("## The idea { #idea }", "## The idea", "without an id"),
        ("{ #numbers }", "{ #idea }", "two sections with the id #idea"),
        ("{ #numbers }", "{ #figures }", "#figures is not a part"),
        ("![The network]", "![]", "no alt text"),
        ("{{ rnn-parameters-28-256 }}", "{{ rnn-x }}", "not in ledger.toml"),
        ("[[hidden-state]]", "[[hidden]]", "not in terms.toml"),
    ],
)
def test_a_fault_in_an_english_page_is_seen(old, new, words, tmp_path):
    assert old in ENGLISH
    found = pages(tmp_path, ENGLISH.replace(old, new), korean="")
    assert any(words in p.message for p in found), found
    assert all(p.path.name == "page.md" for p in found)


def test_parts_out_of_order_are_seen(tmp_path):
    text = ENGLISH.replace("#equations", "#x").replace("#idea", "#equations")
    text = text.replace("#x", "#idea")
    assert any("out of order" in p.message for p in pages(tmp_path, text, ""))


def test_too_few_questions_are_seen(tmp_path):
    text = ENGLISH.replace(
        "## References",
        "## Q { #questions }\n\n### Why? { #q-a }\n\n## References",
    )
    found = pages(tmp_path, text, "")
    assert [p.message[:12] for p in found] == ["1 questions "]


FAULTS = [
    ("## 수식 { #equations }\n", "", "sections differ"),
    ("## 수식 {", "### 수식 {", "sections differ"),
    ("상태 $h_t$와", "상태와", "inline formulas differ"),
    ("U h_{t-1}", "W h_{t-1}", "display formulas differ"),
    ("\\tag{1}", "\\tag{2}", "display formulas differ"),
    ("../index.md#x", "../index.md#y", "links differ"),
    ("[pfs.recurrent.rnn.RNN]", "[pfs.recurrent.rnn.RNNCell]", "API links"),
    ("[`RNN`]", "[`LSTM`]", "inline code differ"),
    ("figure:rnn.unrolled", "figure:rnn.backward", "figures differ"),
    ("{{ rnn-parameters-28-256 }}", "72,960", "ledger numbers differ"),
    ("[[hidden-state]]가", "은닉 상태가", "terms differ"),
    ("- 둘\n", "", "list items differ"),
    ("| 다 | 라 |\n", "", "table rows differ"),
    ("!!! differs", "!!! note", "boxes differ"),
    ("wrong()", "right()", "shown code differ"),
    ('```python alt="선"\n```\n', "", "cells differ"),
    ('alt="선"\n```', 'alt="선"\nprint(1)\n```', "stay empty"),
    ('```python alt="선"', '```python tags=["x"] alt="선"', "tags of cells"),
    ("없습니다.", "없다.", "not in 합니다체"),
    ("없습니다.", "숨은 상태가 없습니다.", "'숨은 상태' is not our word"),
    (
        "없습니다.",
        "there are no numbers in this section at all, sorry",
        "English left",
    ),
    ("![신경망]", "![]", "no alt text"),
]


@pytest.mark.parametrize(("old", "new", "words"), FAULTS)
def test_a_translation_out_of_step_is_seen(old, new, words, tmp_path):
    assert old in KOREAN
    found = pages(tmp_path, korean=KOREAN.replace(old, new, 1))
    assert any(words in p.message for p in found), found
    assert all("ko/notes/page.md" in p.path.as_posix() for p in found)


def test_a_stale_section_is_seen(tmp_path):
    korean = stamped(ENGLISH, KOREAN)
    english = ENGLISH.replace("None.", "Some.")
    (problem,) = pages(tmp_path, english, korean)
    assert problem.message.startswith("#numbers is stale")
    text = (tmp_path / "docs/ko/notes/page.md").read_text("utf-8").split("\n")
    assert "#numbers" in text[problem.line - 1]


def test_a_page_that_was_not_translated_is_seen(tmp_path):
    found = pages(tmp_path, korean=ENGLISH.replace("print(1)\n", ""))
    assert any("not translated?" in p.message for p in found)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("状态,是隐状态。", "half-width mark"),
        ("用 RNN 读一遍。", "space beside Chinese"),
        ("变压器很有名。", "'变压器' is not our word"),
    ],
)
def test_chinese_is_looked_at(line, words, tmp_path):
    english = "# T\n\nText.\n"
    docs = tmp_path / "docs"
    (docs / "zh").mkdir(parents=True)
    (docs / "page.md").write_text(english, "utf-8")
    page = docs / "zh" / "page.md"
    page.write_text(stamped(english, "# 题\n\n一句话。\n"), "utf-8")
    assert lint.check(tmp_path) == []
    page.write_text(stamped(english, f"# 题\n\n{line}\n"), "utf-8")
    found = lint.check(tmp_path)
    assert any(words in p.message for p in found), found


def test_homework_out_of_step_is_seen(tmp_path):
    def cell(kind, text):
        return {"cell_type": kind, "source": [text]}

    def write(folder, *cells):
        path = tmp_path / "docs" / folder / "homework" / "unit.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"cells": list(cells)}), "utf-8")

    title, code = cell("markdown", "# A { #a }"), cell("code", "x = 1")
    for folder in ("", "ko", "zh"):
        write(folder, title, code)
    assert lint.check(tmp_path) == []
    write("ko", title, cell("code", "x = 2"))
    write("zh", cell("markdown", "# A { #b }"), code)
    messages = [p.message for p in lint.check(tmp_path)]
    assert messages == [
        "cell 2: code differs from English",
        "cell 1: other ids than English",
    ]
    (tmp_path / "docs/ko/homework/unit.ipynb").unlink()
    assert any("missing" in p.message for p in lint.check(tmp_path))
