"""Homework notebooks and drawn figures: in step and in our words."""

import json

from faulty_pages import found


def test_homework_out_of_step_is_seen(tmp_path):
    def cell(kind, text):
        return {"cell_type": kind, "source": [text]}

    def write(folder, *cells):
        path = tmp_path / "docs" / folder / "homework" / "unit.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"cells": list(cells)}), "utf-8")

    title, code = cell("markdown", "# A { #a }\n\n$x$"), cell("code", "x = 1")
    korean = cell("markdown", "# 가 { #a }\n\n$x$")
    chinese = cell("markdown", "# 甲 { #a }\n\n$x$")
    write("", title, code)
    write("ko", korean, code)
    write("zh", chinese, code)
    assert found(tmp_path) == []
    write("ko", cell("markdown", "# 가 { #a }\n\n$y$ 없다."), cell("code", "2"))
    write("zh", cell("markdown", "# 甲 { #b }"), code)
    assert found(tmp_path) == [
        ("docs/ko/homework/unit.ipynb", 1, f"cell {message}")
        for message in (
            "1: inline formulas differ from English",
            "1: not in 합니다체: '없다.'",
            "2: code differs from English",
        )
    ] + [("docs/zh/homework/unit.ipynb", 1, "cell 1: other ids than English")]
    (tmp_path / "docs/ko/homework/unit.ipynb").unlink()
    write("zh", code, chinese)
    assert [(n[5:7], m) for n, _, m in found(tmp_path)] == [
        ("ko", "missing: the twin of unit.ipynb"),
        ("zh", "text and code take turns in another way than English"),
    ]
    write("zh", chinese)
    assert found(tmp_path)[1][2] == "1 cells, English has 2"


def test_words_of_a_figure_are_looked_at(tmp_path):
    path = tmp_path / "website/figures/page.py"
    path.parent.mkdir(parents=True)
    good = 'WORDS: dict = {\n    "state": {"ko": "상태", "zh": "状态"},\n}\n'
    path.write_text(good, "utf-8")
    assert found(tmp_path) == []
    name = "website/figures/page.py"
    for old, new, message in (
        (', "zh": "状态"', "", "'state' has no zh word"),
        ("상태", "숨은 상태", "'숨은 상태' is not our word: write '은닉 상태'"),
        ("状态", "狀态", "traditional character: '狀'"),
    ):
        path.write_text(good.replace(old, new), "utf-8")
        assert (name, 2, message) in found(tmp_path)


def test_files_that_cannot_be_read_are_named(tmp_path):
    docs = tmp_path / "docs"
    (docs / "ko/homework").mkdir(parents=True)
    (docs / "homework").mkdir()
    (docs / "index.md").write_bytes("# 가\n".encode("cp949"))
    (docs / "ko/page.md").write_text("---\na: [\n---\n# 가\n", "utf-8")
    (docs / "page.md").write_text("# A\n", "utf-8")
    (docs / "homework/a.ipynb").write_text("{}", "utf-8")
    (docs / "ko/homework/a.ipynb").write_text("{", "utf-8")
    assert found(tmp_path) == [
        ("docs/homework/a.ipynb", 1, "this is no notebook: no 'cells'"),
        ("docs/index.md", 1, "this is not UTF-8"),
        ("docs/ko/homework/a.ipynb", 1, "this is no notebook: no JSON"),
        ("docs/ko/page.md", 3, "the front matter is no YAML"),
    ]
