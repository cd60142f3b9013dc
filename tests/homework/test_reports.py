"""Files of grades are what their readers expect, whatever stands in them."""

import csv
import io
import json
from xml.etree import ElementTree

import pytest
from homework.gradescope import RESULTS
from jsonschema import Draft202012Validator, ValidationError, validate

from pfs.errors import PfsFileError
from pfs.homework.grades import Grade, Graded
from pfs.homework.reports import Reports, gradescope, junit, plain, table

NASTY = "a\x00\x1b[31m\x08\ud800\ufffe<b>&\"'\n나 文 😀\tend"


def graded(student="kim", output="FAIL", code="H20", unusual=()):
    grades = (
        Grade("mlp.softmax", "Softmax", "", 10.0, "PASS", 0.5),
        Grade("rnn.cell", "소프트", code, 1.25, output, 0.25, unusual),
    )
    return Graded(student, grades, ("network",))


def test_the_schema_of_this_folder_sees_mistakes():
    Draft202012Validator.check_schema(RESULTS)
    whole = gradescope(graded())
    validate(whole, RESULTS)
    test = whole["tests"][0]
    for broken in (
        {"output": "no score"},
        whole | {"scores": 1},
        whole | {"score": "10"},
        whole | {"visibility": "always"},
        whole | {"tests": [test | {"status": "ok"}]},
        whole | {"tests": [test | {"tags": "mlp"}]},
    ):
        with pytest.raises(ValidationError):
            validate(broken, RESULTS)


def test_the_points_add_up():
    whole = gradescope(graded())
    assert whole["score"] == sum(t["score"] for t in whole["tests"]) == 11.25
    assert [t["max_score"] for t in whole["tests"]] == [10, 10]
    assert [t["status"] for t in whole["tests"]] == ["passed", "failed"]
    assert whole["execution_time"] == 0.75


def test_the_files_of_one_and_of_many(tmp_path):
    Reports(tmp_path / "one", single=True).all([graded()])
    assert (tmp_path / "one" / "results.json").is_file()
    Reports(tmp_path / "many").all([graded("kim"), graded("李")])
    for name in ("kim", "李"):
        text = (tmp_path / "many" / name / "results.json").read_text("utf-8")
        validate(json.loads(text), RESULTS)
    names = {path.name for path in (tmp_path / "many").rglob("*")}
    assert names == {"kim", "李", "results.json", "junit.xml", "grades.csv"}


def test_gradescope_reads_any_output(tmp_path):
    Reports(tmp_path, single=True).one(graded(output=NASTY))
    whole = json.loads((tmp_path / "results.json").read_bytes())
    validate(whole, RESULTS)
    said = whole["tests"][1]["output"]
    assert "나 文 😀\tend" in said
    assert not {"\x00", "\x1b", "\x08"} & {*said}


def test_junit_has_the_usual_form():
    several = [graded(NASTY, NASTY), graded("b")]
    root = ElementTree.fromstring(junit(several).encode())
    assert root.tag == "testsuites"
    assert [suite.tag for suite in root] == ["testsuite"] * 2
    for suite in root:
        assert {*suite.attrib} == {
            "name",
            "tests",
            "failures",
            "errors",
            "time",
        }
        assert int(suite.get("tests")) == len(suite.findall("testcase")) == 2
        assert int(suite.get("failures")) == len(suite.findall("*/failure"))
        assert float(suite.get("time")) == 0.75
        for case in suite:
            assert {*case.attrib} == {"classname", "name", "time"}
            assert float(case.get("time")) > 0
        (failure,) = suite.findall("*/failure")
        assert {*failure.attrib} == {"message", "type"}
        assert failure.get("type") == "H20"
    assert root[0].get("name") == plain(NASTY)
    assert root[0].find("*/failure").text == plain(NASTY)


COMPUTED = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1"]


@pytest.mark.parametrize("name", COMPUTED)
def test_a_spreadsheet_computes_nothing(name):
    text = table([graded(name, unusual=(name, "os"))])
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 2
    for cell in (rows[0]["student"], rows[1]["unusual"]):
        assert cell[0] in "'?"
        assert not {*"\t\r\n"} & {*cell}


@pytest.mark.parametrize("name", ["kim", "a,b", 'a"b', "a\nb", "金; 李", "a=1"])
def test_other_names_are_kept(name):
    rows = list(csv.reader(io.StringIO(table([graded(name)]))))
    assert [len(row) for row in rows] == [7] * 3
    assert rows[1][0] == name.replace("\n", " ")
    assert rows[1][1:5] == ["mlp.softmax", "10.0", "10.0", "passed"]
    assert rows[2][1:5] == ["rnn.cell", "1.25", "10.0", "H20"]


def test_characters_that_no_reader_takes_are_replaced():
    assert plain("a\x00\x0b\ud800\ufffe\r") == "a?????"
    kept = "\t\n ~é나文😀\U0010ffff"
    assert plain(kept) == kept


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(PfsFileError) as caught:
        Reports(tmp_path / "file" / "below")
    assert caught.value.code == "H92"
    (tmp_path / "kim").write_text("x", "utf-8")
    with pytest.raises(PfsFileError) as caught:
        Reports(tmp_path).one(graded())
    assert caught.value.code == "H92"
