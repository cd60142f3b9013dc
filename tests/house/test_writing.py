"""Gaps in documentation, shapes and numbers of equations are seen."""

import pytest

from house import writing
from house.good import GOOD, planted


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("    Source:\n        Nobody.\n\n", "", "Source"),
        ("    Differs:\n        nothing\n", "", "Differs"),
        ("    Returns:\n        Twice the numbers.\n\n", "", "Returns"),
        ("        x: Numbers.\n", "        y: Numbers.\n", "x is not"),
        ("        x: Numbers.\n", "        y: Numbers.\n", "y is no argument"),
        ("    Args:\n        x: Numbers.\n\n", "", "no Args"),
        ("    Examples:\n", "    For example:\n", "no Examples"),
        (">>> double(torch.ones(1))", "double(torch.ones(1))", "not run"),
        (
            "    Raises:\n        ValueError: Never.\n",
            "",
            "no Raises",
        ),
    ],
)
def test_a_gap_in_the_documentation_is_seen(old, new, words):
    good = GOOD.replace("    return 2", "    raise ValueError\n    return 2")
    assert writing.undocumented(good) == []
    found = writing.undocumented(good.replace(old, new, 1))
    assert any(words in one for one in found), found


def test_a_tensor_without_a_shape_is_seen():
    assert writing.shapeless(GOOD) == []
    bare = planted('x: Float[Tensor, "*batch"]', "x: Tensor")
    assert writing.shapeless(bare) == ["double: x has no shape"]


@pytest.mark.parametrize(
    ("old", "new"), [("# (1)", ""), ("\\tag{1}", ""), ("# (1)", "# (2)")]
)
def test_an_equation_without_its_line_is_seen(old, new):
    assert writing.equations_apart(GOOD) == []
    text = GOOD.replace(old, new, 1)
    if old == "\\tag{1}":
        text = text.replace("$$ y = 2 x  $$", "$$ y = 2 x \\tag{3} $$")
    assert writing.equations_apart(text) != []


def test_length_is_seen():
    assert writing.too_long(GOOD) == []
    assert writing.too_long(GOOD + "\n" * 300) != []
    body = "def f():\n" + "    x = 1\n" * 41
    assert writing.too_long(body) == ["f: 41 lines, at most 40"]


def test_the_order_of_arguments_is_compared():
    code = planted("x: Numbers.", "z: More.\n        x: Numbers.")
    code = code.replace('"*batch"])', '"*batch"], z: int)')
    assert writing.undocumented(code) == [
        "double: Args in another order than the signature"
    ]


def test_what_is_returned_has_a_shape():
    bare = planted('-> Float[Tensor, "*batch"]', "-> Tensor")
    assert writing.shapeless(bare) == ["double: what it returns has no shape"]


def test_numbers_of_equations_are_named():
    text = planted("# (1)", "# (2)")
    assert writing.equations_apart(text) == [
        "double: no line is (1)",
        "double: no equation (2)",
    ]
    note = "$$ y = 2 x \\tag{1} $$"
    assert writing.equations_not_shown(GOOD, note) == []
    assert writing.equations_not_shown(GOOD, "") == [
        "the note has no equation (1)"
    ]


def test_many_parameters_are_seen():
    code = "def f(a, b, c, d, e, f, g, *, h{}): ..."
    assert writing.too_many(code.format("")) == []
    found = writing.too_many(code.format(", i"))
    assert found == ["f: 9 parameters, at most 8"]
    twin = code.format(", i").replace("def f", "def cross_entropy")
    assert writing.too_many(twin) == []
