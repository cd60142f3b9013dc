"""Each check of one page fails on a planted fault, and passes without."""

import pytest
from faulty_pages import ENGLISH, found, tree

from website import lint
from website.lint.pages import ORDER
from website.problems import line_of


def test_a_good_tree_has_no_problem(tmp_path):
    assert found(tree(tmp_path)) == []


# what is replaced, by what, the text on whose line the problem is reported
# (of the page with the fault; "" is line 1), and the message
IN_ENGLISH = [
    (
        "## The idea { #idea }",
        "## The idea",
        "## The idea",
        "heading without an id: add { #id }",
    ),
    (
        "## Numbers { #numbers }\n\nNone.",
        "### More { #idea }\n\nNone.",
        "### More",
        "the id #idea stands on line 19 already",
    ),
    (
        "{ #numbers }",
        "{ #figures }",
        "{ #figures }",
        "#figures is not a part of a note: "
        + " ".join(f"#{name}" for name in ORDER),
    ),
    ("{ #symbols }", "{ #run }", "## The idea", "#idea comes before #run"),
    ("## Run it { #run }\n", "", "", "missing: the part #run"),
    (
        "### Why h? { #q-h }\n",
        "",
        "## Questions",
        "7 questions (ids q-...), at least 8 wanted",
    ),
    ("# A page\n", "A page\n", "", "a page begins with # Title"),
    (
        "None.\n\n## Questions",
        "# Again\n\n## Questions",
        "# Again",
        "a page has one # Title",
    ),
    (
        "## Symbols {",
        "##Symbols {",
        "##Symbols",
        "write a heading as ## Title { #id }",
    ),
    (
        "None.\n\n## Q",
        "Title\n-----\n\n## Q",
        "Title\n",
        "write a heading as ## Title { #id }",
    ),
    (
        "wrong()\n```\n",
        "wrong()\n",
        "``` { .python .show }",
        "this fence is not closed",
    ),
    ("![The network]", "![]", "![]", "no alt text for figure:rnn.unrolled"),
    (
        '```python alt="A line from 0.9"',
        "```python",
        "```python",
        'this cell draws: give it alt="..."',
    ),
    ('alt="A line from 0.9"', 'alt=""', "```python", "the alt text is empty"),
    (
        "{{ rnn-parameters-28-256 }}",
        "{{ rnn-x }}",
        "The claim",
        "'rnn-x' is not in ledger.toml",
    ),
    (
        "[[hidden-state]]",
        "[[hidden]]",
        "The claim",
        "'hidden' is not in terms.toml",
    ),
    (
        "None.\n\n## Q",
        "[[hidden-state]]\n\n## Q",
        "[[hidden-state]]\n",
        "[[hidden-state]] marks the first use only: write the word",
    ),
    ("\\tag{2}", "\\tag{1}", "y_t", "two equations (1)"),
    (
        "h_t = U h_{t-1} \\tag{1}",
        "\\begin{aligned}a \\tag{3} \\\\ b \\tag{4}\\end{aligned}",
        "$$\n\\begin",
        "several tags need align, not aligned",
    ),
    (
        "!!! differs",
        "!!! note",
        "!!! note",
        "only 'differs' is boxed in a note, not 'note'",
    ),
    (
        "jupyter: {kernelspec",
        "jupyter: {kernel",
        "",
        "a note is a notebook: its front matter names a kernelspec",
    ),
    (
        "../index.md#x",
        "../index.md#y",
        "See [home]",
        "../index.md#y leads nowhere: no #y in index.md",
    ),
    (
        "../index.md#x",
        "../start.md",
        "See [home]",
        "../start.md leads nowhere: no docs/start.md",
    ),
    (
        "../index.md#x",
        "../../index.md",
        "See [home]",
        "../../index.md leads out of the site",
    ),
    (
        "(#before)",
        "(#after)",
        "See [home]",
        "#after leads nowhere: no #after in notes/page.md",
    ),
    (
        "../index.md#x",
        "../glossary.md#hidden",
        "See [home]",
        "../glossary.md#hidden leads nowhere: no #hidden in glossary.md",
    ),
    (
        '"src/a.py:step"',
        '"src/b.py:step"',
        "--8<--",
        "no file src/b.py to show",
    ),
    (
        '"src/a.py:step"',
        '"src/a.py:stop"',
        "--8<--",
        "src/a.py has no [start:stop]",
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "message"), IN_ENGLISH)
def test_a_fault_in_an_english_page_is_seen(old, new, place, message, tmp_path):
    assert ENGLISH.count(old) >= 1
    text = ENGLISH.replace(old, new, 1)
    problems = found(tree(tmp_path, text, "", ""))
    line = line_of(text, place) if place else 1
    assert ("docs/notes/page.md", line, message) in problems


def test_a_page_without_a_heading_is_seen(tmp_path):
    path = tmp_path / "docs" / "index.md"
    path.parent.mkdir()
    for text in ("", "Text.\n"):
        path.write_text(text, "utf-8")
        assert found(tmp_path) == [
            ("docs/index.md", 1, "a page begins with # Title")
        ]


def test_one_fault_is_one_problem(tmp_path):
    text = ENGLISH.replace("![The network]", "![]")
    assert len(found(tree(tmp_path, text, "", ""))) == 1


def test_a_line_of_the_template_is_seen(tmp_path):
    line = "The argument in words, with a drawn figure: why it fails."
    text = ENGLISH.replace("None.", line, 1)
    root = tree(tmp_path, text, "", "")
    (root / "docs/_template").mkdir()
    (root / "docs/_template/note.md").write_text(f"# T\n\n{line}\n", "utf-8")
    message = "this line is the template's: write your own"
    assert found(root) == [("docs/notes/page.md", line_of(text, line), message)]


def test_a_draft_of_a_planned_paper_may_be_incomplete(tmp_path):
    path = tmp_path / "docs/notes/skip_gram.md"
    path.parent.mkdir(parents=True)
    head = ENGLISH[: ENGLISH.index("\n# A page")]
    path.write_text(f"{head}\n# A page\n\nText.\n", "utf-8")
    assert found(tmp_path) == []
    path.rename(path.with_name("rnn.md"))
    assert found(tmp_path)[0][2] == "missing: the part #before"


def test_the_pages_of_this_project_are_in_order():
    assert [str(p) for p in lint.check()] == []
