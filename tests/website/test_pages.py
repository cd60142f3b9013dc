"""From a notebook to a page, plot by plot and mark by mark."""

import nbformat
import pytest

from website import katex, notebooks, pages, plots, sections, syntax
from website import translations as tr
from website.problems import PageError

HEAD = """---
jupyter:
  kernelspec:
    display_name: Python 3
    language: python
    name: python3
{more}---

# Title

"""
PLOT = """```python alt="A line"
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.xlabel("time step")
plt.show()
```
"""


@pytest.fixture
def write(tmp_path):
    def write_(name, body, more=""):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD.format(more=more) + body, "utf-8")
        return path

    return write_


def execute(path, tmp_path):
    return notebooks.executed(path, cache=tmp_path / "cache")


def test_cells_run_once_and_again_when_code_changes(write, tmp_path):
    path = write("a.md", "one\n\n```python\nprint(40 + 2)\n```\n")
    first, hit = execute(path, tmp_path)
    assert not hit
    assert pages.output_text(notebooks.code_cells(first)[0]) == "42"
    path = write("a.md", "other prose\n\n```python\nprint(40 + 2)\n```\n")
    second, hit = execute(path, tmp_path)
    assert hit
    assert "other prose" in second.cells[0].source
    assert pages.output_text(notebooks.code_cells(second)[0]) == "42"
    path = write("a.md", "one\n\n```python\nprint(40 + 3)\n```\n")
    third, hit = execute(path, tmp_path)
    assert not hit
    assert pages.output_text(notebooks.code_cells(third)[0]) == "43"


def test_cells_run_again_when_an_imported_file_changes(tmp_path, monkeypatch):
    root = tmp_path / "project"
    module = root / "src" / "pfs" / "fresh.py"
    module.parent.mkdir(parents=True)
    (module.parent / "__init__.py").touch()
    other = module.with_name("other.py")
    other.write_text("", "utf-8")
    module.write_text("N = 1\n", "utf-8")
    path = root / "a.md"
    body = "```python\nfrom pfs.fresh import N\nprint(N)\n```\n"
    path.write_text(HEAD.format(more="") + body, "utf-8")

    def run():
        done, hit = notebooks.executed(path, root / "cache", root)
        return pages.output_text(notebooks.code_cells(done)[0]), hit

    assert run() == ("1", False)
    assert run() == ("1", True)
    other.write_text("X = 1\n", "utf-8")
    assert run() == ("1", True)
    module.write_text("N = 2\n", "utf-8")
    assert run() == ("2", False)


def test_a_failing_cell_names_file_line_and_error(write, tmp_path):
    path = write("a.md", "```python\nx = 1\n```\n\n```python\n1 / 0\n```\n")
    with pytest.raises(PageError) as caught:
        execute(path, tmp_path)
    problem = caught.value.problem
    assert problem.path == path
    assert path.read_text("utf-8").split("\n")[problem.line - 1] == "1 / 0"
    assert "ZeroDivisionError" in problem.message


def test_a_translation_gets_code_and_outputs(write, tmp_path):
    path = write("a.md", "one\n\n```python\nprint(42)\n```\n")
    done, _ = execute(path, tmp_path)
    ko = write("ko/a.md", "하나\n\n```python\n```\n")
    book = notebooks.lent(done, ko)
    page = pages.render(book, ko, "ko", "../").markdown
    assert "하나" in page
    assert "print(42)" in page
    assert "\n42\n" in page


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("하나\n", "0 cells, the English page has 1"),
        ("```python\nprint(43)\n```\n", "cell 1 differs"),
    ],
)
def test_a_translation_that_drifted_is_refused(body, words, write, tmp_path):
    path = write("a.md", "```python\nprint(42)\n```\n")
    done, _ = execute(path, tmp_path)
    with pytest.raises(PageError, match=words):
        notebooks.lent(done, write("ko/a.md", body))


def test_a_plot_speaks_the_language_of_its_page(write, tmp_path):
    path = write("a.md", PLOT)
    done, _ = execute(path, tmp_path)
    english = pages.render(done, path, "en", "../")
    (svg,) = english.figures.values()
    assert 'role="img" aria-label="A line"' in svg
    assert ">time step<" in svg
    assert "var(--pfs-1)" in svg
    assert "currentColor" in svg
    assert "<style" not in svg
    ko = write(
        "ko/a.md",
        '```python alt="선"\n```\n',
        more="labels:\n  time step: 시점\n",
    )
    (svg,) = pages.render(
        notebooks.lent(done, ko), ko, "ko", "../"
    ).figures.values()
    assert ">시점<" in svg
    assert "time step" not in svg
    assert 'aria-label="선"' in svg
    bare = write("zh/a.md", '```python alt="线"\n```\n')
    with pytest.raises(PageError, match="no label for the words 'time step'"):
        pages.render(notebooks.lent(done, bare), bare, "zh", "../")


def test_a_plot_without_alt_text_is_refused(write, tmp_path):
    path = write("a.md", PLOT.replace(' alt="A line"', ""))
    done, _ = execute(path, tmp_path)
    with pytest.raises(PageError, match="no alt text"):
        pages.render(done, path, "en", "../")


def test_two_plots_do_not_share_ids():
    svg = (
        '<svg viewBox="0 0 1 1"><defs><path id="p"/></defs>'
        '<use xlink:href="#p" clip-path="url(#p)"/></svg>'
    )
    one, two = plots.cleaned(svg, "a", "x"), plots.cleaned(svg, "b", "x")
    assert 'id="a-p"' in one
    assert 'href="#a-p"' in one
    assert "url(#b-p)" in two


def test_marks_become_numbers_and_terms(write):
    path = write("a.md", "")
    text = "{{ rnn-parameters-28-256 }} [[hidden-state]] [[rnn-x]]"
    with pytest.raises(PageError, match="no term 'rnn-x'"):
        syntax.marks(text, "en", "../", path)
    with pytest.raises(PageError, match="no number 'x-y'"):
        syntax.marks("{{ x-y }}", "en", "../", path)
    text = "{{ rnn-parameters-28-256 }} [[hidden-state|states]]"
    made = syntax.marks(text, "zh", "../", path)
    assert made.startswith("72,960 [states（hidden state）](../glossary.md#hid")
    code = "```\n{{ x-y }} [[z]]\n```"
    assert syntax.marks(code, "en", "../", path) == code


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("nothing.unrolled", "no file website/figures/nothing.py"),
        ("rnn.nothing", "no function 'nothing'"),
    ],
)
def test_a_figure_that_is_not_there_is_named(target, words, write):
    path = write("a.md", f"![x](figure:{target})\n")
    with pytest.raises(PageError, match=words) as caught:
        syntax.drawn(
            path.read_text("utf-8"), "en", path, lambda name, svg: name
        )
    assert caught.value.problem.line == 11


def test_formulas_are_set_and_bad_ones_are_named():
    page = r'<span class="arithmatex">\(h_t &lt; 1\)</span>'
    assert 'class="katex"' in katex.render(page)
    with pytest.raises(katex.MathError, match=r"\\frac\{1"):
        katex.render(r'<span class="arithmatex">\(\frac{1\)</span>')


def test_the_download_is_plain_and_complete(write, tmp_path):
    body = (
        "## Part { #part }\n\nSee [it](../path.md#x), [`RNN`][pfs.recurrent."
        'rnn.RNN] and [[hidden-state]].\n\n!!! differs "Box"\n    - inside\n\n'
        '``` { .python title="x" }\n'
        '--8<-- "src/pfs/recurrent/rnn.py:step"\n```\n\n'
    )
    path = write("notes/a.md", body + PLOT)
    done, _ = execute(path, tmp_path)
    page = pages.render(done, path, "en", "../")
    text = pages.download(page, path, "en", "https://x.org/notes/a/", "o/r")
    book = nbformat.reads(text, 4)
    nbformat.validate(book)
    prose = "\n".join(c.source for c in book.cells if c.cell_type != "code")
    assert "## Part\n" in prose
    assert "(https://x.org/path/#x)" in prose
    assert "> **Box**" in prose
    assert "def forward(" in prose
    assert "][" not in prose
    assert "{ " not in prose.split("```")[0]
    code = [c.source for c in book.cells if c.cell_type == "code"]
    assert code[0].startswith("%pip install")
    assert code[1:] == [c.source for c in notebooks.code_cells(done)]


ENGLISH = """# T

Claim.

## One { #one }

Text $x$.

## Two { #two }

More.
"""


def test_a_translation_remembers_its_english():
    page = tr.stamped(ENGLISH, "# 제목\n")
    assert tr.stale(ENGLISH, page) == []
    changed = ENGLISH.replace("More.", "Much more.")
    assert tr.stale(changed, page) == ["two"]
    assert tr.stale(ENGLISH.replace("Text", "Text  ", 1), page) == ["one"]
    assert tr.stale(ENGLISH.replace("More.", "More.  "), page) == []
    again = tr.stamped(changed, page)
    assert tr.stale(changed, again) == []
    assert again.count("source:") == 1
    assert tr.stale(ENGLISH, "# 제목\n") == ["claim", "one", "two"]


def test_headings_in_code_are_not_sections():
    text = "# T\n\n```\n## no { #no }\n```\n\n## Yes { #yes }\n"
    assert [s.id for s in sections.sections(text)] == ["claim", "yes"]
