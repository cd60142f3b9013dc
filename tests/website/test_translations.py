"""Translations remember the English that they were made from."""

import pytest

from website import translations
from website.lint import step

ENGLISH = "# A\n\nClaim.\n\n## B { #b }\n\n```python\nx = 1\n```\n"
KOREAN = "# 가\n\n주장입니다.\n\n## 나 { #b }\n\n```python\n```\n"


@pytest.fixture
def docs(tmp_path):
    (tmp_path / "ko").mkdir()
    (tmp_path / "page.md").write_text(ENGLISH, "utf-8")
    (tmp_path / "ko/page.md").write_text(KOREAN, "utf-8")
    return tmp_path


def test_every_section_has_a_hash_and_code_counts():
    one = translations.hashes(ENGLISH)
    assert list(one) == ["claim", "b"]
    two = translations.hashes(ENGLISH.replace("x = 1", "x = 2"))
    assert one["claim"] == two["claim"]
    assert one["b"] != two["b"]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("Claim.\n", "Claim. \t\n", True),
        ("x = 1\n", "x = 1 \n", True),
        ("Claim.\n\n##", "Claim.\n\n\n##", True),
        ("Claim.", "Claim!", False),
        ("Claim.", " Claim.", False),
        ("x = 1", "x  = 1", False),
        ("## B {", "### B {", False),
    ],
)
def test_only_white_space_at_line_ends_does_not_count(old, new, same):
    changed = ENGLISH.replace(old, new)
    assert changed != ENGLISH
    kept = translations.hashes(changed) == translations.hashes(ENGLISH)
    assert kept == same


def test_a_stamp_changes_nothing_but_the_front_matter(docs):
    page = docs / "ko/page.md"
    assert translations.status(docs) == [f"{page}: stale in #claim #b"]
    translations.stamp([str(page)], docs)
    assert page.read_text("utf-8").endswith(KOREAN)
    assert translations.status(docs) == []
    again = page.read_text("utf-8")
    translations.stamp([str(page)], docs)
    assert page.read_text("utf-8") == again


def test_a_stamp_keeps_the_rest_of_the_front_matter(docs):
    page = docs / "ko/page.md"
    front = "---\nlabels:\n  loss: 손실\nsource:\n  b: old\nx: 1\n---\n"
    page.write_text(front + KOREAN, "utf-8")
    translations.stamp([str(page)], docs)
    text = page.read_text("utf-8")
    assert "labels:\n  loss: 손실\nsource:\n  claim: " in text
    assert "\nx: 1\n---\n# 가" in text
    assert "old" not in text


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("ko/none.md", None, "there is no such file"),
        ("page.md", ENGLISH, "not a page of docs/ko"),
        ("ko/more.md", KOREAN, "there is no English page"),
        ("ko/page.md", KOREAN.replace("#b", "#c"), "than English: #b, #c"),
        ("../page.md", KOREAN, "not a page of docs/ko"),
        ("ko/page.ipynb", "{}", "only pages are stamped"),
    ],
)
def test_what_cannot_be_stamped_is_left_alone(name, text, words, docs):
    path = docs / name
    if text is not None:
        path.write_text(text, "utf-8")
    good = docs / "ko/good.md"
    good.write_text(KOREAN, "utf-8")
    (docs / "good.md").write_text(ENGLISH, "utf-8")
    with pytest.raises(SystemExit, match=words):
        translations.stamp([str(good), str(path)], docs)
    assert good.read_text("utf-8") == KOREAN
    if text is not None:
        assert path.read_text("utf-8") == text


def test_a_translation_starts_with_what_must_be_equal(docs):
    page = docs / "zh/page.md"
    translations.start([str(page)], docs)
    assert page.read_text("utf-8") == ENGLISH.replace("x = 1\n", "")
    found = step.translation(docs / "page.md", page, "zh")
    messages = [problem.message for problem in found]
    assert [m.split(":")[0] for m in messages] == [
        "stale section #claim",
        "stale section #b",
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ko/page.md", "stands already"),
        ("ko/none.md", "there is no English page"),
        ("none.md", "not a page of docs/ko"),
    ],
)
def test_what_cannot_be_started_is_left_alone(name, words, docs):
    with pytest.raises(SystemExit, match=words):
        translations.start([str(docs / "zh/page.md"), str(docs / name)], docs)
    assert not (docs / "zh").exists()
    assert (docs / "ko/page.md").read_text("utf-8") == KOREAN


def test_the_command(capsys):
    assert translations.main(["stamp"]) == 2
    assert "usage" in capsys.readouterr().out
    assert translations.main(["status"]) == 0
    assert capsys.readouterr().out == "Every translation is in step.\n"
