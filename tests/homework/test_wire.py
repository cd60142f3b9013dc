"""What travels to a process and back is the same; what is damaged is seen."""

import contextlib
import struct

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from pfs.homework import wire
from pfs.homework.battery import Draw
from pfs.homework.subject import Answer, Fault, Request

DTYPES = (
    *("float64", "float32", "bfloat16", "float16", "int64", "int32", "int16"),
    *("int8", "uint8", "bool", "complex64"),
)
HEAD = wire.HEAD.size


def sent(tree):
    whole = wire.pack(tree)
    form, body = wire.sizes(whole[:HEAD])
    assert len(whole) == HEAD + form + body
    return wire.unpack(whole[HEAD : HEAD + form], whole[HEAD + form :])


def same(one, two):
    """Equal in value, type, dtype, device and way of lying in memory."""
    if type(one) is not type(two):
        return False
    if isinstance(one, Tensor):
        form = [(t.shape, t.dtype, t.device) for t in (one, two)]
        if form[0] != form[1] or one.is_meta:
            return form[0] == form[1]
        lies = [t.is_contiguous() for t in (one, two)]
        return lies[0] == lies[1] and torch.equal(bits(one), bits(two))
    if isinstance(one, tuple | list):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, dict):
        return same([*one.items()], [*two.items()])
    return one == two or (one != one and two != two)


def bits(tensor):
    if tensor.is_complex():
        tensor = torch.view_as_real(tensor)
    return tensor.nan_to_num(7.25) if tensor.is_floating_point() else tensor


@st.composite
def tensors(draw):
    shape = draw(st.lists(st.integers(0, 3), max_size=4))
    dtype = getattr(torch, draw(st.sampled_from(DTYPES)))
    seed = draw(st.integers(0, 99))
    kind = draw(st.sampled_from(["plain", "swapped", "meta"]))
    tensor = (9 * Draw(seed).normal(*shape)).to(dtype)
    if kind == "meta":
        return tensor.to("meta")
    if kind == "swapped" and len(shape) > 1:
        return tensor.transpose(0, -1).contiguous().transpose(0, -1)
    return tensor


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=5)
    | st.just(...)
    | st.sampled_from([torch.float64, torch.bfloat16, torch.bool])
    | tensors()
)
KEYS = st.text(max_size=3) | st.integers(0, 9) | st.tuples(st.integers(0, 9))
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=8,
)


@given(TREES)
def test_a_tree_comes_back_as_it_was(tree):
    assert same(sent(tree), tree)


def test_the_comparison_of_this_file_sees_differences():
    one = torch.ones(2, 3)
    for two in (one.double(), one.mT.contiguous().mT, one + 1, one[:1]):
        assert not same(one, two)
    assert not same([1], (1,))
    assert not same(1, 1.0)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1, 1), (2, 3, 5)])
def test_every_dtype_and_shape(dtype, shape):
    tensor = (9 * Draw(1).normal(*shape)).to(getattr(torch, dtype))
    assert same(sent(tensor), tensor)


def test_numbers_that_are_not_finite():
    tensor = torch.tensor([torch.nan, torch.inf, -torch.inf, -0.0])
    back = sent(tensor)
    assert torch.equal(bits(back), bits(tensor))
    assert back[3].signbit()


def test_a_generator_goes_on_where_it_was():
    generator = torch.Generator().manual_seed(5)
    torch.rand(3, generator=generator)
    back = sent((generator,))[0]
    assert torch.equal(
        torch.rand(7, generator=back), torch.rand(7, generator=generator)
    )


def test_what_cannot_travel_keeps_the_name_of_its_type():
    for thing in (object(), torch.nn.Linear(1, 1), len, {1}, 1j):
        assert type(sent(thing)).__name__ == type(thing).__name__
    hostile = type("__class__; drop", (), {})()
    assert type(sent(hostile)).__name__.isidentifier()


def test_subclasses_become_plain_tensors():
    back = sent(torch.nn.Parameter(torch.ones(2, requires_grad=True)))
    assert type(back) is Tensor
    assert not back.requires_grad


def test_requests_and_answers_come_back():
    request = Request((torch.ones(2), {"a": 1}), (0,), 3, ("softmax",))
    assert str(wire.request_of(sent(wire.asked(request)))) == str(request)
    fault = Fault("raised", "KeyError", "x", 3, "x[0]", "log")
    for answer in (
        Answer(torch.ones(3), (None, torch.ones(2)), (1,), ("softmax",)),
        Answer(fault=fault),
    ):
        assert str(wire.answer_of(sent(wire.answered(answer)))) == str(answer)


WHOLE = wire.pack(
    wire.answered(
        Answer(
            (torch.ones(2, 3), [1, 2.5, {"a": torch.zeros(3).bool()}, ...]),
            (None, torch.ones(2)),
            fault=Fault("raised", "E", "m"),
        )
    )
)


@settings(max_examples=400)
@given(st.data())
def test_a_damaged_frame_is_data_or_refused(data):
    whole = bytearray(WHOLE)
    place = data.draw(st.integers(0, len(whole) - 1))
    kind = data.draw(st.sampled_from(["flip", "cut", "grow", "swap"]))
    if kind == "flip":
        whole[place] ^= data.draw(st.integers(1, 255))
    elif kind == "cut":
        del whole[max(place, HEAD) :]
    elif kind == "grow":
        whole[place:place] = data.draw(st.binary(min_size=1, max_size=9))
    else:
        whole[HEAD:] = whole[: HEAD - 1 : -1]
    with contextlib.suppress(wire.BadFrame):
        form, body = wire.sizes(bytes(whole[:HEAD]))
        rest = bytes(whole[HEAD:])
        tree = wire.unpack(rest[:form], rest[form : form + body])
        assert isinstance(wire.answer_of(tree), Answer)


FORMS = {
    "no JSON": "{",
    "a list": "[1]",
    "no kind": "{}",
    "unknown tensor": '{"kind": "tensor", "name": "7", "apart": false}',
    "no such dtype": '{"kind": "dtype", "name": "no_such"}',
    "a meta of a strange size": (
        '{"kind": "meta", "shape": [-1], "dtype": "float32"}'
    ),
    "a meta of a module": '{"kind": "meta", "shape": [1], "dtype": "nn"}',
    "a dict as key": (
        '{"kind": "dict", "parts": [[{"kind": "list", "parts": []}, 1]]}'
    ),
    "a state that is none": (
        '{"kind": "generator", "state": {"name": "0"}, "apart": 0}'
    ),
    "deep JSON": "[" * 5000 + "]" * 5000,
    "deep lists": '{"kind":"list","parts":[' * 50 + "1" + "]}" * 50,
    "a long number": "9" * 5000,
}


@pytest.mark.parametrize("name", FORMS)
def test_a_hostile_form_is_refused(name):
    body = wire.pack(torch.ones(2))
    form, _ = wire.sizes(body[:HEAD])
    with pytest.raises(wire.BadFrame):
        wire.unpack(FORMS[name].encode(), body[HEAD + form :])


HOSTILE = [
    None,
    3,
    {},
    {"result": 1},
    {"result": 1, "gradients": [3], "touched": [], "used": [], "fault": None},
    {"result": 1, "gradients": [], "touched": ["a"], "used": [], "fault": None},
    {"result": 1, "gradients": [], "touched": [], "used": 1, "fault": None},
    {"result": 1, "gradients": [], "touched": [], "used": [], "fault": {}},
    {"result": 1, "gradients": [], "touched": [], "used": [], "fault": "no"},
]


@pytest.mark.parametrize("tree", HOSTILE, ids=str)
def test_a_tree_that_is_no_answer_is_refused(tree):
    with pytest.raises(wire.BadFrame):
        wire.answer_of(sent(tree))


def test_words_of_a_fault_are_cut():
    long = "x" * 10**5
    fault = Fault(long, long, long, 1, long, long)
    back = wire.answer_of(sent(wire.answered(Answer(fault=fault)))).fault
    assert len("".join((back.kind, back.name, back.message))) == 20 + 80 + 400
    assert len(back.text + back.log) == 200 + 4000


def test_a_frame_that_is_too_large_is_refused_before_it_is_read():
    for sizes in ((wire.LARGEST, 1), (1, wire.LARGEST), (2**32 - 1,) * 2):
        with pytest.raises(wire.BadFrame):
            wire.sizes(struct.pack("<II", *sizes))
    allowed = 1, wire.LARGEST - 1
    assert wire.sizes(struct.pack("<II", *allowed)) == allowed


def test_a_tree_that_is_too_deep_is_not_sent():
    deep = []
    for _ in range(900):
        deep = [deep]
    with pytest.raises(wire.BadFrame):
        wire.pack(deep)
