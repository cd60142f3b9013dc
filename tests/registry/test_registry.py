"""The registry: complete, consistent, and it says what is wrong."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pfs import ledger, orders, papers, terms
from pfs.errors import PfsValueError

PAPERS = Path("papers.toml")
GOOD = """
[one]
title = "One"
authors = ["A. Author"]
year = 2001
venue = "Journal 1(1), 1-2"
doi = "10.1000/one"
module = "pfs.optim.one"
needs = []
minutes = 10
difficulty = 1
title_in = { ko = "하나", zh = "一" }

[two]
title = "Two"
authors = ["B. Author"]
year = 2002
venue = "Journal 1(2), 1-2"
arxiv = "2001.00001"
module = "pfs.optim.two"
needs = ["one"]
minutes = 10
difficulty = 1
title_in = { ko = "둘", zh = "二" }
"""
PAPER_FAULTS = [
    ('title = "Two"\n', "", "title"),
    ('title = "Two"', 'titel = "Two"', "titel"),
    ("year = 2002", 'year = "2002"', "'2002'"),
    ('needs = ["one"]', 'needs = ["zero"]', "zero"),
    ('needs = ["one"]', 'needs = ["two"]', "circles"),
    ("needs = []", 'needs = ["two"]', "circles"),
    ("pfs.optim.two", "pfs.optim.one", "module of its own"),
    ("pfs.optim.two", "optim.two", "module like"),
    ("[two]", "[aaa]", "alphabetical"),
    ("[two]", "[one]", "TOML"),
    ('"2001.00001"', '"200100001"', "arxiv like"),
    ('"10.1000/one"', '"doi.org/one"', "doi like"),
    ('arxiv = "2001.00001"\n', "", "a doi, arxiv or url"),
    ("difficulty = 1", "difficulty = 6", "1 to 5"),
    ("minutes = 10", "minutes = true", "True"),
    ('zh = "二"', 'en = "two"', "ko and zh"),
    ('authors = ["B. Author"]', "authors = []", "content"),
    ("minutes = 10\n", "minutes = 10\nstatus = 'done'\n", "status like"),
]


def test_all_papers_of_the_plan_are_there():
    assert set(papers.load()) == {
        *("mlp", "cnn", "sequence", "rnn", "lstm"),
        *("gru", "stacked", "bidirectional", "seq2seq", "additive_attention"),
        *("transformer", "skip_gram", "bert", "gpt", "momentum"),
        *("adagrad", "rmsprop", "adadelta", "adam", "lenet"),
        *("alexnet", "vgg", "nin", "googlenet", "resnet"),
        *("regnet", "vit", "inst_disc", "inva_spread", "moco"),
        *("simclr", "moco_v2", "clip"),
    }


def test_a_good_registry_is_read():
    assert papers.parse(GOOD, PAPERS)["two"].needs == ("one",)


@pytest.mark.parametrize(("old", "new", "words"), PAPER_FAULTS)
def test_a_fault_in_papers_is_refused(old, new, words):
    assert old in GOOD
    text = GOOD[::-1].replace(old[::-1], new[::-1], 1)[::-1]
    if "needs = []" in old:
        text = GOOD.replace(old, new, 1)
    with pytest.raises(PfsValueError) as caught:
        papers.parse(text, PAPERS)
    message = str(caught.value)
    assert caught.value.code == "K01"
    assert "papers.toml" in message
    assert words in message
    assert re.search(r"line \d+", message)


ORDERS = """
[orders.x]
en = "X"
ko = "엑스"
zh = "某"
papers = ["one", "two"]
[[plan]]
en = "Week"
ko = "주"
zh = "周"
papers = ["two"]
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('["one", "two"]', '["two", "one"]', "first"),
        ('["two"]', '["three"]', "three"),
        ('zh = "周"\n', "", "zh"),
    ],
)
def test_a_fault_in_the_orders_is_refused(old, new, words):
    known = papers.parse(GOOD, PAPERS)
    orders.parse(ORDERS, Path("orders.toml"), known)
    with pytest.raises(PfsValueError, match=words):
        orders.parse(ORDERS.replace(old, new), Path("orders.toml"), known)


def test_a_reading_path_comes_in_order():
    for name in papers.load():
        path = [paper.id for paper in papers.path_to(name)]
        assert path[-1] == name
        for place, paper in enumerate(path):
            assert set(papers.load()[paper].needs) <= set(path[:place])


def test_every_paper_stands_in_the_plan():
    planned = {name for week in orders.plan() for name in week.papers}
    assert planned == set(papers.load())


def test_bibtex_can_be_parsed():
    """Braces balance, fields are known, keys are unique."""
    keys = set()
    for paper in papers.load().values():
        entry = papers.bibtex(paper)
        head, *fields, tail = entry.split("\n")
        m = re.fullmatch(r"@(\w+)\{(\w+),", head)
        assert m
        keys.add(m[2])
        assert tail == "}"
        assert entry.count("{") == entry.count("}")
        for one in fields:
            assert re.fullmatch(r"  \w+ = \{.*\},?", one)
        assert paper.title in entry
    assert len(keys) == len(papers.load())


LEDGER = """
[a]
value = 6
unit = "things"
paper = "rnn"
where = "here"
formula = "2 * 3"
[b-c]
value = 7
unit = "things"
paper = "rnn"
where = "here"
formula = "a + 1"
"""
LEDGER_FAULTS = [
    ("value = 6", "value = 5", "2 * 3 = 6"),
    ("2 * 3", "2 *", "formula"),
    ("2 * 3", "open('x')", "not allowed"),
    ("2 * 3", "a.__class__", "not allowed"),
    ("a + 1", "z + 1", "not allowed"),
    ('paper = "rnn"', 'paper = "rrn"', "rrn"),
    ("value = 6\n", "", "value"),
    ('formula = "2 * 3"\n', "", "one of"),
    ('unit = "things"', 'unit = "things"\nread = "book"', "one of"),
    ('where = "here"', 'where = ""', "content"),
    ("value = 6", "value = '6'", "'6'"),
    ('where = "here"', 'where = "here"\nerratum = {en = "x"}', "en, ko and zh"),
]


def test_the_ledger_holds_and_computes_itself():
    """Loading compares every formula with its value."""
    entries = ledger.load()
    assert len(entries) >= 120
    assert sum(bool(e.formula) for e in entries.values()) >= 50
    assert ledger.parse(LEDGER, Path("ledger.toml"))["b-c"].value == 7


@pytest.mark.parametrize(("old", "new", "words"), LEDGER_FAULTS)
def test_a_fault_in_the_ledger_is_refused(old, new, words):
    assert old in LEDGER
    with pytest.raises(PfsValueError) as caught:
        ledger.parse(LEDGER.replace(old, new, 1), Path("ledger.toml"))
    assert caught.value.code == "K01"
    assert words in str(caught.value)


def test_numbers_with_a_test_name_a_file_that_uses_them():
    root = Path(__file__).resolve().parents[2]
    for entry in ledger.load().values():
        if entry.test:
            text = (root / entry.test).read_text("utf-8")
            number = entry.value
            digits = (
                f"{number:_}" if isinstance(number, int) else f"{number:.2f}"
            )
            forms = (entry.id, digits, str(number))
            assert any(form in text for form in forms), entry.id


def test_numbers_are_shown_with_thousands_apart():
    assert ledger.show("rnn-parameters-28-256") == "72,960"
    assert ledger.show("d2l-rnn-validation-perplexity") == "7.4"


TERMS = """
[aa]
en = "attention"
ko = "어텐션"
zh = "注意力"
forbidden_ko = ["주의력"]
forbidden_zh = []
[bb]
en = "gate"
ko = "게이트"
zh = "门"
forbidden_ko = []
forbidden_zh = ["闸门"]
"""


def test_there_are_enough_terms_and_their_forms_differ():
    assert len(terms.load()) >= 150
    assert "变压器" in terms.load()["transformer"].forbidden_zh


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"게이트"', '"어텐션"', "one ko form"),
        ('["주의력"]', '["게이"]', "part of"),
        ('zh = "门"\n', "", "zh"),
        ("[bb]", "[a]", "alphabetical"),
        ("forbidden_ko = []", 'forbidden_ko = "x"', "list"),
        ('zh = "门"', 'zh = "门"\nnote = "x"', "note"),
        ("[bb]\n", '[bb]\ndefinition = {en = "x"}\n', "en, ko, zh"),
    ],
)
def test_a_fault_in_the_terms_is_refused(old, new, words):
    terms.parse(TERMS, Path("terms.toml"))
    assert old in TERMS
    with pytest.raises(PfsValueError, match=words):
        terms.parse(TERMS.replace(old, new, 1), Path("terms.toml"))


def test_the_registry_needs_no_torch():
    code = (
        "import sys; from pfs import papers, ledger, terms, orders;"
        "papers.load(), ledger.load(), terms.load(), orders.orders();"
        "sys.exit('torch' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=False).returncode
        == 0
    )
