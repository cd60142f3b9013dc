"""What every layer of `pfs` promises. A test file states the case only."""

import copy
import inspect
import pickle
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
import torch
from torch import Tensor, nn
from torch.testing import assert_close
from torch.utils import _pytree as tree

EXACT = {"rtol": 1e-9, "atol": 1e-9}


def floats(thing: Any) -> list[Tensor]:
    """Return the floating tensors in a nest of tuples."""
    return [
        t
        for t in tree.tree_flatten(thing)[0]
        if isinstance(t, Tensor) and t.is_floating_point()
    ]


def to(thing: Any, *args: Any) -> Any:
    """Move or convert the floating tensors in a nest of tuples."""
    return tree.tree_map(
        lambda t: (
            t.to(*args)
            if isinstance(t, Tensor)
            and (t.is_floating_point() or "meta" in args)
            else t
        ),
        thing,
    )


def gradients(call: Callable, arguments: tuple, *more: Tensor) -> list[Tensor]:
    """Gradients of a random mix of all outputs, by inputs and parameters."""
    leaves, spec = tree.tree_flatten(arguments)
    leaves = [
        t.detach().clone().requires_grad_()
        if isinstance(t, Tensor) and t.is_floating_point()
        else t
        for t in leaves
    ]
    outputs = floats(call(*tree.tree_unflatten(leaves, spec)))
    chance = torch.Generator().manual_seed(1)
    mix = [
        torch.randn(t.shape, generator=chance, dtype=t.dtype) for t in outputs
    ]
    wanted = [
        t for t in leaves if isinstance(t, Tensor) and t.requires_grad
    ] + list(more)
    return list(torch.autograd.grad(outputs, wanted, mix, allow_unused=True))


def same_arguments(
    ours: Callable, theirs: Callable, omitted: tuple, added: tuple = ()
) -> None:
    """Assert equal names, order and defaults, but for the omitted ones.

    What follows an omitted argument is given by name: by position it would
    silently mean another one. So is what we add.
    """
    a = dict(inspect.signature(ours).parameters)
    assert all(a.pop(n).kind is inspect.Parameter.KEYWORD_ONLY for n in added)
    b = inspect.signature(theirs).parameters
    assert set(omitted) <= set(b)
    assert list(a) == [n for n in b if n not in omitted]
    kinds, missing = {}, False
    for name, parameter in b.items():
        missing = missing or name in omitted
        kinds[name] = (
            parameter.KEYWORD_ONLY if missing else parameter.kind,
            parameter.default,
        )
    assert {n: (a[n].kind, a[n].default) for n in a} == {n: kinds[n] for n in a}


def every_second(x: Tensor) -> Tensor:
    """The same numbers with gaps between them."""
    padded = x.new_zeros(*x.shape[:-1], 2 * x.shape[-1])
    padded[..., ::2] = x
    return padded[..., ::2]


def transposed(x: Tensor) -> Tensor:
    """The same numbers, the last two axes swapped in memory."""
    return x.mT.contiguous().mT


def repeated(x: Tensor) -> Tensor:
    """The first entry of the last axis, seen many times: stride 0."""
    return x[..., :1].expand(x.shape)


LAYOUTS = [every_second, transposed, repeated]


class ModuleContract:
    """Subclass as `Test<Name>` and fill in the members."""

    module: ClassVar[Callable[[], nn.Module]]
    """A small instance."""
    inputs: ClassVar[Callable[[int], tuple]]
    """The arguments of its forward for a batch size; the batch is axis 0."""
    twin: ClassVar[Callable[[], nn.Module]]
    """The public implementation with the same arguments."""
    parameters: ClassVar[int]
    """The number of parameters, as a formula."""
    batch_axis: ClassVar[int] = 0
    omitted: ClassVar[tuple[str, ...]] = ()
    """Arguments of the twin that we do not take."""
    added: ClassVar[tuple[str, ...]] = ()
    """Arguments of ours, by name only, that the twin does not take."""
    signature: ClassVar[bool] = True

    def case(self, batch: int = 3) -> tuple[nn.Module, nn.Module, tuple]:
        torch.manual_seed(0)
        ours = type(self).module().double().eval()
        theirs = type(self).twin().double().eval()
        # A gain of 1 or a shift of 0 would hide that it is left out.
        with torch.no_grad():
            for parameter in ours.parameters():
                parameter.add_(torch.randn_like(parameter), alpha=0.3)
        theirs.load_state_dict(ours.state_dict(), strict=True)
        return ours, theirs, to(type(self).inputs(batch), torch.float64)

    def test_values_equal_the_twin(self):
        ours, theirs, args = self.case()
        assert_close(ours(*args), theirs(*args), **EXACT)

    def test_gradients_equal_the_twin(self):
        ours, theirs, args = self.case()
        assert_close(
            gradients(ours, args, *ours.parameters()),
            gradients(theirs, args, *theirs.parameters()),
            **EXACT,
        )

    def test_training_mode_equals_the_twin(self):
        ours, theirs, args = self.case()
        ours.train()
        theirs.train()
        torch.manual_seed(3)
        a = ours(*args)
        torch.manual_seed(3)
        assert_close(a, theirs(*args), **EXACT)

    def test_weights_load_both_ways(self):
        ours, theirs, args = self.case()
        fresh = type(self).module().double().eval()
        fresh.load_state_dict(theirs.state_dict(), strict=True)
        assert_close(fresh(*args), ours(*args), rtol=0, atol=0)

    def test_arguments_are_those_of_the_twin(self):
        if not self.signature:
            return
        ours, theirs, _ = self.case()
        inits = type(ours).__init__, type(theirs).__init__
        same_arguments(*inits, self.omitted, self.added)
        assert repr(ours) == repr(theirs)

    def test_starts_like_the_twin(self):
        """The same draws from the same seed: init is torch's, in order."""
        torch.manual_seed(5)
        ours = type(self).module().state_dict()
        torch.manual_seed(5)
        theirs = type(self).twin().state_dict()
        assert list(ours) == list(theirs)
        assert_close(ours, theirs, rtol=0, atol=0)

    def test_inputs_are_left_alone(self):
        ours, _, args = self.case()
        before = copy.deepcopy(args)
        gradients(ours, args, *ours.parameters())
        assert_close(args, before, rtol=0, atol=0)

    @pytest.mark.parametrize("layout", LAYOUTS)
    def test_layout_does_not_matter(self, layout):
        """Values and gradients, with the incoming gradient in that layout."""
        ours, _, args = self.case()
        weights = list(ours.parameters())

        def laid(t: Any) -> Any:
            ready = isinstance(t, Tensor) and t.ndim > 1
            return layout(t) if ready else t

        def plain(t: Any) -> Any:
            return laid(t).contiguous() if isinstance(t, Tensor) else t

        def outcome(form: Callable) -> list[Tensor]:
            given = tree.tree_map(form, args)
            wanted = [t.requires_grad_() for t in floats(given)] + weights
            outputs = floats(ours(*given))
            slope = [
                form(torch.linspace(-1, 1, y.numel()).to(y).view(y.shape))
                for y in outputs
            ]
            return outputs + list(
                torch.autograd.grad(outputs, wanted, slope, allow_unused=True)
                if wanted
                else ()
            )

        assert_close(outcome(laid), outcome(plain), **EXACT)

    def test_gradients_equal_finite_differences(self):
        """By every floating input and by every parameter."""
        ours, _, args = self.case(2)
        leaves, spec = tree.tree_flatten(args)
        by = [t.requires_grad_() for t in floats(leaves)]
        names = [n for n, _ in ours.named_parameters()]

        def call(*numbers: Tensor) -> tuple[Tensor, ...]:
            rest = iter(numbers)
            given = [
                next(rest) if any(t is b for b in by) else t for t in leaves
            ]
            weights = dict(zip(names, rest, strict=True))
            return tuple(
                floats(
                    torch.func.functional_call(
                        ours, weights, tree.tree_unflatten(given, spec)
                    )
                )
            )

        everything = (*by, *ours.parameters())
        assert torch.autograd.gradcheck(call, everything, fast_mode=True)

    def test_rows_are_independent(self):
        ours, _, args = self.case()

        def first(t: Any) -> Any:
            if not isinstance(t, Tensor):
                return t
            return t.narrow(min(self.batch_axis, t.ndim - 1), 0, 1)

        alone = ours(*tree.tree_map(first, args))
        assert_close(alone, tree.tree_map(first, ours(*args)), **EXACT)

    def test_empty_batch(self):
        ours, theirs, args = self.case(0)
        assert_close(ours(*args), theirs(*args), **EXACT)

    def test_only_shapes(self):
        """On the meta device nothing is computed and nothing is asked for."""
        ours, _, args = self.case()
        shapes = [t.shape for t in floats(ours(*args))]
        out = floats(ours.to("meta")(*to(args, "meta")))
        assert [t.shape for t in out] == shapes
        assert all(t.device.type == "meta" for t in out)

    @pytest.mark.parametrize(
        ("dtype", "near"),
        [(torch.float32, 1e-5), (torch.float16, 1e-2), (torch.bfloat16, 5e-2)],
    )
    def test_dtypes_stay_and_are_close(self, dtype, near):
        """The result and the gradients keep the dtype that came in."""
        ours, _, args = self.case()
        wanted = floats(ours(*args))
        got = floats(ours.to(dtype)(*to(args, dtype)))
        slopes = gradients(ours, to(args, dtype), *ours.parameters())
        assert all(t.dtype == dtype for t in [*got, *floats(slopes)])
        for a, b in zip(got, wanted, strict=True):
            assert_close(a.double(), b, rtol=near, atol=near)

    def test_copies_and_pickles(self):
        ours, _, args = self.case()
        for other in (copy.deepcopy(ours), pickle.loads(pickle.dumps(ours))):
            assert_close(other(*args), ours(*args), rtol=0, atol=0)

    def test_parameter_count(self):
        count = sum(p.numel() for p in type(self).module().parameters())
        assert count == type(self).parameters
