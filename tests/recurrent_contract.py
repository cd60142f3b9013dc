"""What every recurrent network promises, beside `contract.py`.

A test file states the class, its twin, the forms that both have and the cell.
"""

import inspect
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import hypothesis.strategies as st
import pytest
import torch
from contract import EXACT, ModuleContract, floats, gradients
from hypothesis import HealthCheck, given, settings
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.testing import assert_close
from torch.utils import _pytree as tree

F64 = torch.float64
LENGTHS = [4, 11, 1, 6, 10, 2, 11]


def packed(judge: nn.Module, x: Tensor, hx: Any, lengths: list[int]) -> Any:
    """Torch's way to say how long each row is, around `judge`."""
    first = judge.batch_first
    rows = pack_padded_sequence(
        x, torch.tensor(lengths), first, enforce_sorted=False
    )
    output, h_n = judge(rows, hx)
    return pad_packed_sequence(output, first, 0.0, max(lengths))[0], h_n


def plain_loop(cell: nn.Module, x: Tensor, hx: Any) -> Any:
    """The definition: one cell, step by step, differentiated by torch."""
    states = []
    for x_t in x.unbind(0):
        hx = cell(x_t, hx)
        states.append(floats(hx)[0])
    return torch.stack(states), hx


def one_layer(hx: Any) -> Any:
    """States of a cell as those of a network with one layer."""
    return tree.tree_map(lambda h: h[None], hx)


COMPILED = """
import torch
from {module} import {name}

for form in {forms}:
    torch.compiler.reset()
    net, x = {name}(3, 5, bidirectional=True, **form), torch.randn(3, 2, 3)
    other = torch.compile(net, fullgraph=True, backend="aot_eager")
    for words in {{}}, {{"lengths": torch.tensor([3, 2])}}:
        want = torch.autograd.grad(net(x, **words)[0].sum(), net.parameters())
        got = torch.autograd.grad(other(x, **words)[0].sum(), net.parameters())
        torch.testing.assert_close(got, want)
"""


class RecurrentContract(ModuleContract):
    """Subclass as `Test<Name>` and fill in the members."""

    kind: ClassVar[Callable]
    """Our class."""
    judge: ClassVar[Callable]
    """Its twin."""
    cell: ClassVar[Callable]
    """One step of it."""
    forms: ClassVar[list[dict[str, Any]]] = [{}]
    """Keywords that both understand."""
    own: ClassVar[list[dict[str, Any]]] = []
    """Keywords that only ours understands, and its cell."""
    added: ClassVar[tuple[str, ...]] = ()
    batch_axis = 1
    signature = False

    def states(self, rows: int, *batch: int, **form: Any) -> Any:
        """First states of a network with 5 units; a pair for an LSTM."""
        return torch.randn(rows, *batch, 5, dtype=F64)

    def pair(self, *sizes: int, **options: Any) -> tuple[nn.Module, nn.Module]:
        torch.manual_seed(0)
        ours = type(self).kind(*sizes, **options, dtype=F64)
        judge = type(self).judge(*sizes, **options, dtype=F64)
        assert list(ours.state_dict()) == list(judge.state_dict())
        ours.load_state_dict(judge.state_dict())
        return ours, judge

    def test_arguments_are_those_of_the_twin(self):
        """torch hides them behind *args: they are tried one by one."""
        for words in self.forms:
            sizes = (3, 5, 2, False, True, 0.0, True)
            ours, judge = self.pair(*sizes, **words)
            for name in (
                *("input_size", "hidden_size", "num_layers", "bias"),
                *("batch_first", "dropout", "bidirectional", "proj_size"),
            ):
                assert getattr(ours, name) == getattr(judge, name)
            assert repr(ours) == repr(judge)
        assert repr(self.kind(3, 5)) == repr(self.judge(3, 5))
        init = inspect.signature(self.kind).parameters
        only = [n for n, p in init.items() if p.kind is p.KEYWORD_ONLY]
        assert tuple(only) == self.added
        forward = inspect.signature(self.kind.forward).parameters
        assert list(forward)[1:3] == ["input", "hx"]
        assert forward["lengths"].kind is inspect.Parameter.KEYWORD_ONLY

    @pytest.mark.parametrize("num_layers", [1, 3])
    @pytest.mark.parametrize("bidirectional", [False, True])
    @pytest.mark.parametrize("batch_first", [False, True])
    @pytest.mark.parametrize("bias", [False, True])
    @pytest.mark.parametrize("state", [False, True])
    def test_every_form_equals_torch(
        self, num_layers, bidirectional, batch_first, bias, state
    ):
        for form in self.forms:
            ours, judge = self.pair(
                *(3, 5, num_layers, bias, batch_first),
                bidirectional=bidirectional,
                **form,
            )
            shape = (2, 7, 3) if batch_first else (7, 2, 3)
            args = (torch.randn(shape, dtype=F64),)
            if state:
                rows = num_layers * (2 if bidirectional else 1)
                args += (self.states(rows, 2, **form),)
            assert_close(ours(*args), judge(*args), **EXACT)
            assert_close(
                gradients(ours, args, *ours.parameters()),
                gradients(judge, args, *judge.parameters()),
                **EXACT,
            )

    @pytest.mark.parametrize("batch_first", [False, True])
    @pytest.mark.parametrize("both", [False, True])
    def test_one_sequence_alone_equals_torch(self, batch_first, both):
        for form in self.forms:
            ours, judge = self.pair(
                *(3, 5, 2, True, batch_first), bidirectional=both, **form
            )
            x = torch.randn(7, 3, dtype=F64)
            hx = self.states(4 if both else 2, **form)
            assert_close(ours(x, hx), judge(x, hx), **EXACT)
            assert_close(ours(x), judge(x), **EXACT)

    @pytest.mark.parametrize("num_layers", [1, 2])
    @pytest.mark.parametrize("both", [False, True])
    @pytest.mark.parametrize("batch_first", [False, True])
    @pytest.mark.parametrize("state", [False, True])
    def test_lengths_equal_packed_sequences(
        self, num_layers, both, batch_first, state
    ):
        """Outputs, last states and gradients; rows in any order."""
        for form in self.forms:
            ours, judge = self.pair(
                *(3, 5, num_layers, True, batch_first),
                bidirectional=both,
                **form,
            )
            shape = (7, 11, 3) if batch_first else (11, 7, 3)
            x, hx = torch.randn(shape, dtype=F64), None
            if state:
                rows = num_layers * (2 if both else 1)
                hx = self.states(rows, 7, **form)
            want = packed(judge, x, hx, LENGTHS)
            assert_close(ours(x, hx, lengths=LENGTHS), want, **EXACT)
            assert_close(
                gradients(
                    lambda *a, net=ours: net(*a, lengths=LENGTHS),
                    (x, hx),
                    *ours.parameters(),
                ),
                gradients(
                    lambda *a, net=judge: packed(net, *a, LENGTHS),
                    (x, hx),
                    *judge.parameters(),
                ),
                **EXACT,
            )

    def test_full_lengths_are_no_lengths(self):
        for form in self.forms + self.own:
            net = self.kind(3, 5, 2, bidirectional=True, **form)
            x = torch.randn(7, 2, 3)
            assert_close(net(x, lengths=[7, 7]), net(x))
            assert_close(net(x[:, 0], lengths=[7]), net(x[:, 0]))

    @pytest.mark.parametrize("rubbish", [1e6, float("inf"), float("nan")])
    def test_what_stands_behind_the_end_of_a_row_does_not_matter(self, rubbish):
        for form in self.forms + self.own:
            torch.manual_seed(0)
            net = self.kind(
                3, 5, 2, batch_first=True, bidirectional=True, **form
            )
            x = torch.randn(2, 7, 3)
            changed = x.clone()
            changed[1, 4:] = rubbish

            def read(x, net=net):
                return net(x, lengths=[7, 4])

            same = {"rtol": 0, "atol": 0}
            assert_close(read(x), read(changed), **same)
            assert_close(
                gradients(read, (x,), *net.parameters()),
                gradients(read, (changed,), *net.parameters()),
                **same,
            )
            assert_close(read(x)[0][1, :4], net(x[1, :4])[0])
            assert not read(changed)[0][1, 4:].any()

    @settings(
        max_examples=40, suppress_health_check=[HealthCheck.differing_executors]
    )
    @given(data=st.data())
    def test_any_shape_equals_torch(self, data):
        i, h, layers, time, batch = (
            data.draw(st.integers(1, 6)) for _ in range(5)
        )
        options = {
            "bias": data.draw(st.booleans()),
            "batch_first": data.draw(st.booleans()),
            "bidirectional": data.draw(st.booleans()),
        }
        steps = st.lists(st.integers(1, time), min_size=batch, max_size=batch)
        lengths = data.draw(steps | st.none())
        ours, judge = self.pair(i, h, layers, **options)
        x = torch.randn(time, batch, i, dtype=F64)
        if lengths:
            x = x[: max(lengths)]
        x = x.transpose(0, 1) if options["batch_first"] else x
        want = packed(judge, x, None, lengths) if lengths else judge(x)
        assert_close(ours(x, lengths=lengths), want, **EXACT)

    def layer_and_cell(self, form: dict) -> tuple[nn.Module, nn.Module]:
        torch.manual_seed(0)
        cell = self.cell(3, 5, dtype=F64, **form)
        net = self.kind(3, 5, dtype=F64, **form)
        net.load_state_dict(
            {f"{k}_l0": v for k, v in cell.state_dict().items()}
        )
        return net, cell

    def test_the_gradient_by_hand_equals_autograd_through_the_loop(self):
        for form in [{}, *self.own]:
            net, cell = self.layer_and_cell(form)
            x = torch.randn(11, 2, 3, dtype=F64)
            hx = tree.tree_map(lambda h: h[0], self.states(1, 2))
            assert_close(
                gradients(
                    lambda x, h, net=net: net(x, one_layer(h)),
                    (x, hx),
                    *net.parameters(),
                ),
                gradients(
                    lambda x, h, cell=cell: plain_loop(cell, x, h),
                    (x, hx),
                    *cell.parameters(),
                ),
                **EXACT,
            )

    def test_the_cell_takes_one_step_alone(self):
        for form in [{}, *self.own]:
            net, cell = self.layer_and_cell(form)
            x = torch.randn(1, 3, dtype=F64)
            assert_close(floats(cell(x[0]))[0], net(x)[0][0], **EXACT)

    def test_a_second_derivative_is_refused_not_wrong(self):
        from pfs.errors import PfsError

        x = torch.randn(3, 1, 2, requires_grad=True)
        output, _ = self.kind(2, 2)(x)
        with pytest.raises(PfsError, match="G01"):
            torch.autograd.grad(output.sum(), x, create_graph=True)

    def test_every_output_can_be_used_alone(self):
        """What nobody derives by is not taken for something else."""
        for form in self.forms + self.own:
            net = self.kind(3, 5, 2, dtype=F64, **form)
            x = torch.randn(7, 2, 3, dtype=F64, requires_grad=True)
            outputs = floats(net(x))
            mixes = [torch.randn_like(y) for y in outputs]
            together = torch.autograd.grad(outputs, x, mixes)[0]
            apart = [
                torch.autograd.grad(floats(net(x))[n], x, mix)[0]
                for n, mix in enumerate(mixes)
            ]
            assert_close(sum(apart), together, **EXACT)

    @pytest.mark.parametrize("k", range(1, 7))
    def test_the_state_can_be_handed_over(self, k):
        """Reading in two parts is reading in one, gradients included."""
        for form in self.forms + self.own:
            torch.manual_seed(0)
            net = self.kind(3, 5, 2, dtype=F64, **form)
            x = torch.randn(7, 2, 3, dtype=F64)

            def in_two(x, net=net):
                first, h = net(x[:k])
                second, h = net(x[k:], h)
                return torch.cat([first, second]), h

            assert_close(in_two(x), net(x), **EXACT)
            assert_close(
                gradients(in_two, (x,), *net.parameters()),
                gradients(net, (x,), *net.parameters()),
                **EXACT,
            )

    @pytest.mark.parametrize("k", range(7))
    def test_the_past_does_not_see_the_future(self, k):
        """Bit for bit; a second direction sees it, as it must."""
        torch.manual_seed(0)
        x = torch.randn(7, 2, 3)
        changed = x.clone()
        changed[k] += 1
        net = self.kind(3, 5, 2)
        a, b = net(x)[0], net(changed)[0]
        assert torch.equal(a[:k], b[:k])
        assert all((a[t] != b[t]).any() for t in range(k, 7))
        both = self.kind(3, 5, 2, bidirectional=True)
        assert (both(x)[0][0] != both(changed)[0][0]).any()

    def test_dropout_acts_between_layers_only(self):
        torch.manual_seed(0)
        net = self.kind(3, 50, 2, dropout=1.0)
        x = torch.randn(7, 2, 3)
        output, last = net.train()(x)
        layers = []
        for layer, size in enumerate((3, 50)):
            layers.append(self.judge(size, 50))
            layers[-1].load_state_dict(
                {
                    k.replace("l1", "l0"): v
                    for k, v in net.state_dict().items()
                    if f"l{layer}" in k
                }
            )
        assert_close(output, layers[1](torch.zeros(7, 2, 50))[0])
        below = layers[0](x)[1]
        assert_close([h[:1] for h in floats(last)], floats(below))
        plain = self.kind(3, 50, 2)
        plain.load_state_dict(net.state_dict())
        assert_close(net.eval()(x), plain(x), rtol=0, atol=0)

    def test_dropout_without_a_second_layer_warns_as_torch(self):
        for library in (self.kind, self.judge):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                library(3, 5, dropout=0.5)
            assert [w.category for w in caught] == [UserWarning]

    def test_the_weights_may_come_from_elsewhere(self):
        """As arguments (`functional_call`), or computed (`parametrize`)."""
        for form in self.forms + self.own:
            net, x = self.kind(3, 5, **form), torch.randn(7, 2, 3)
            twice = {k: 2 * v for k, v in net.state_dict().items()}
            out = torch.func.functional_call(net, twice, (x,))

            class Twice(nn.Module):
                def forward(self, weight):
                    return 2 * weight

            for name in twice:
                nn.utils.parametrize.register_parametrization(
                    net, name, Twice()
                )
            assert_close(net(x), out)

    def test_only_shapes_are_asked_of_lengths_on_the_meta_device(self):
        net = self.kind(3, 5, bidirectional=True, device="meta")
        x = torch.empty(7, 2, 3, device="meta")
        for lengths in ([7, 4], torch.tensor([7, 4], device="meta")):
            output, last = net(x, lengths=lengths)
            assert output.shape == (7, 2, 10)
            assert all(h.shape == (2, 2, 5) for h in floats(last))
        empty = self.kind(3, 5)(torch.empty(7, 0, 3), lengths=[])
        assert empty[0].shape == (7, 0, 5)

    @pytest.mark.parametrize("bias", [False, True])
    def test_mixed_precision_is_close(self, bias):
        for form in self.forms + self.own:
            if "forget_bias" in form:
                continue  # a start, not a form: and without bias there is none
            torch.manual_seed(0)
            net = self.kind(3, 5, 2, bias, bidirectional=True, **form)
            hx = self.states(4, 2, **form)
            x, hx = tree.tree_map(
                lambda t: t.float(), (torch.randn(7, 2, 3), hx)
            )
            want = floats(net(x, hx))
            half = tree.tree_map(lambda t: t.bfloat16(), (x, hx))
            for args in ((x, hx), half):
                with torch.autocast("cpu", torch.bfloat16):
                    got = floats(net(*args))
                for a, b in zip(got, want, strict=True):
                    assert_close(a.float(), b, rtol=0.05, atol=0.05)
                got[0].float().sum().backward()
            assert all(p.grad.dtype == torch.float32 for p in net.parameters())

    def test_it_exports_for_use(self):
        for form in self.forms + self.own:
            net = self.kind(3, 5, 2, bidirectional=True, **form)
            x = torch.randn(3, 2, 3)
            for keywords in ({}, {"lengths": torch.tensor([3, 2])}):
                exported = torch.export.export(net, (x,), keywords).module()
                with torch.no_grad():
                    assert_close(exported(x, **keywords), net(x, **keywords))

    def test_it_compiles_in_one_piece(self):
        """In a process of its own: dynamo cannot read the shape checker."""
        code = COMPILED.format(
            module=self.kind.__module__,
            name=self.kind.__name__,
            forms=[{}, self.forms[-1] | self.own[-1]],
        )
        env = os.environ | {"PFS_SHAPES": "0"}
        subprocess.run([sys.executable, "-c", code], env=env, check=True)

    def test_the_twins_call_for_cuda_is_understood(self):
        self.kind(3, 5).flatten_parameters()
