"""The order of the checks: the first fault teaches.

Nothing here runs the learner's code: it asks a `Subject` and compares.
"""

from collections.abc import Iterator
from typing import Any, Final

import torch
from torch import Tensor

from pfs.homework import trees
from pfs.homework.battery import Battery, Draw
from pfs.homework.describe import (
    case_in_words,
    cast,
    is_finite,
    kind_of,
    largest,
    names_of,
    pair,
    scattered,
    side_by_side,
    size,
)
from pfs.homework.stop import Stop, stop_of
from pfs.homework.subject import Answer, Request, Subject, derivatives
from pfs.homework.verdict import STEPS, Verdict

SINGLE: Final = 1e-5
"""Results this near may have been computed in float32."""
ROUGH: Final = {"float32": 1e-3, "bfloat16": 0.1, "float16": 2e-2}
"""How far a result in another precision may be from the exact one."""


def judge(id: str, battery: Battery, subject: Subject, seed: int) -> Verdict:
    """Check an answer, step by step.

    Args:
        id: Of the exercise.
        battery: Its checks.
        subject: The answer.
        seed: Of the inputs.

    Returns:
        The verdict at the first thing that is not right, or at the end.
    """
    right: list[str] = []
    checks = _Checks(battery, subject, seed)
    for step in STEPS:
        try:
            applies = getattr(checks, step)()
        except Stop as stop:
            log = stop.values.pop("log", "")
            return Verdict(id, stop.code, tuple(right), stop.values, log=log)
        if applies is not False:
            right.append(step)
    return Verdict(id, "", tuple(right))


class _Checks:
    """One method a step; False if it does not apply."""

    def __init__(self, battery: Battery, subject: Subject, seed: int) -> None:
        self.battery, self.subject, self.seed = battery, subject, seed
        self.cases = list(battery.cases(Draw(seed)))
        self.answers: list[Answer] = []
        self.names = battery.names or names_of(battery.oracle)

    # The steps, in their order.

    def runs(self) -> None:
        for case in self.cases:
            answer = self._ask(case)
            if answer.result is ...:
                raise Stop("H00")
            if answer.result is None and self._truth(case) is not None:
                raise Stop("H10", got="None")
            self.answers.append(answer)

    def shapes(self) -> bool:
        if self.battery.oracle is None:
            return False
        for case, answer in zip(self.cases, self.answers, strict=True):
            self._same_shape(case, answer.result, self._truth(case))
        if self.battery.meta:
            case = self.cases[0]
            there = trees.change(case, lambda t: t.to("meta"))
            answer = self._ask(tuple(there), code="H14")
            for _, leaf in trees.leaves(answer.result):
                if isinstance(leaf, Tensor) and not leaf.is_meta:
                    raise Stop("H14", error=f"device {leaf.device}", line="")
        return True

    def values(self) -> bool:
        rows = list(zip(self.cases, self.answers, strict=True))
        if self.battery.oracle is not None:
            for case, answer in rows:
                self._same_values(case, answer.result, "H20")
        for case, answer in rows:
            for place in answer.touched:
                raise Stop(
                    "H53",
                    argument=self._argument(place),
                    input=self._words(case),
                )
        if self.battery.oracle is None:
            return False
        for name in self.battery.dtypes:
            self._in_precision(name)
        return True

    def gradients(self) -> bool:
        wanted = False
        for number, case in enumerate(self.cases):
            places = self.battery.differentiated(case)
            if not places or self.battery.oracle is None:
                continue
            wanted = True
            self._same_gradients(case, places, self.seed + number)
        return wanted

    def invariants(self) -> bool:
        for name, holds in self.battery.invariants.items():
            if not holds(self._call, Draw(self.seed)):
                raise Stop("H40", invariant=name)
        return bool(self.battery.invariants)

    def robust(self) -> None:
        for case in self._edges():
            answer = self._ask(case, code="H51")
            if self.battery.oracle is None:
                continue
            self._same_shape(case, answer.result, self._truth(case))
            self._same_values(case, answer.result, "H50")
        if self.battery.layouts and self.battery.oracle is not None:
            for case in self.cases[:3]:
                apart = tuple(trees.change(case, scattered))
                answer = self._ask(apart, code="H52")
                self._same_values(apart, answer.result, "H52")

    def economy(self) -> bool:
        if not self.battery.forbid:
            return False
        for case in self.cases:
            request = Request(case, seed=self.seed, forbid=self.battery.forbid)
            for name in self.subject.ask(request).used:
                raise Stop("H60", name=name)
        return True

    def learns(self) -> bool:
        if self.battery.learns is None:
            return False
        if not self.battery.learns(self._call, Draw(self.seed)):
            raise Stop("H70")
        return True

    # What they have in common.

    def _ask(
        self, case: tuple[Any, ...], code: str = "H06", **words: Any
    ) -> Answer:
        request = Request(case, seed=self.seed)
        answer = self.subject.ask(request)
        if not answer.fault:
            return answer
        raise stop_of(answer.fault, code, input=self._words(case), **words)

    def _words(self, case: tuple[Any, ...]) -> str:
        return case_in_words(case, self.names)

    def _argument(self, place: int) -> str:
        """Name an argument in a message."""
        name = self.names[place] if place < len(self.names) else ""
        return f"{place + 1} (`{name}`)" if name else str(place + 1)

    def _call(self, *arguments: Any) -> Any:
        """Return the result, for an invariant."""
        return self._ask(arguments, code="H06").result

    def _truth(self, case: tuple[Any, ...]) -> Any:
        if self.battery.oracle is None:
            return ...
        torch.manual_seed(self.seed)
        return self.battery.oracle(*trees.copied(case))

    def _edges(self) -> Iterator[tuple[Any, ...]]:
        if self.battery.edges is not None:
            yield from self.battery.edges(Draw(self.seed))

    def _same_shape(
        self, case: tuple[Any, ...], result: Any, truth: Any
    ) -> None:
        if not trees.same_form(truth, result):
            got, expected = trees.form(result), trees.form(truth)
            code = "H10" if result is None else "H11"
            raise Stop(
                code, got=got, expected=expected, input=self._words(case)
            )
        pairs = zip(trees.leaves(result), trees.leaves(truth), strict=True)
        for (path, a), (_, b) in pairs:
            if not isinstance(b, Tensor):
                continue
            words = {"place": path, "input": self._words(case)}
            if a.shape != b.shape:
                shapes = {"got": size(a), "expected": size(b)}
                raise Stop("H12", **shapes, **words)
            if a.dtype != b.dtype:
                kinds = {"got": kind_of(a), "expected": kind_of(b)}
                raise Stop("H13", **kinds, **words)

    def _same_values(
        self, case: tuple[Any, ...], result: Any, code: str
    ) -> None:
        truth = self._truth(case)
        self._same_shape(case, result, truth)
        far = trees.difference(result, truth, self.battery.tolerance)
        if far is None:
            return
        place, got, expected = far
        words = {"place": place, "input": self._words(case)} | pair(
            got, expected
        )
        picture = side_by_side(result, truth)
        broken = not is_finite(got) and is_finite(expected)
        if not broken and trees.difference(result, truth, SINGLE) is None:
            words["digits"] = "float32"
        raise Stop(
            "H21" if broken and code == "H20" else code,
            picture=picture,
            **words,
        )

    def _in_precision(self, name: str) -> None:
        kind = getattr(torch, name)
        for case in self.cases[:3]:
            low = tuple(trees.change(case, lambda t: cast(t, kind)))
            if all(not isinstance(a, Tensor) for a in low):
                return
            answer = self._ask(low, code="H23", dtype=name)
            exact = trees.change(low, lambda t: cast(t, torch.float64))
            truth = trees.copied(self._truth(tuple(exact)))
            words = {"dtype": name, "input": self._words(low)}
            if not trees.same_form(truth, answer.result):
                raise Stop("H23", error=trees.form(answer.result), **words)
            pairs = zip(
                trees.leaves(answer.result), trees.leaves(truth), strict=True
            )
            for (_, a), (_, b) in pairs:
                if not isinstance(b, Tensor) or not b.is_floating_point():
                    continue
                if a.dtype != kind:
                    raise Stop("H13", got=kind_of(a), expected=name, **words)
                scale = max(1.0, largest(b))
                far = trees.difference(a, b, ROUGH[name] * scale)
                if far:
                    values = {"place": far[0]} | pair(*far[1:])
                    raise Stop("H22", **values, **words)

    def _same_gradients(
        self, case: tuple[Any, ...], places: tuple[int, ...], seed: int
    ) -> None:
        answer = self.subject.ask(Request(case, places, seed))
        if answer.fault:
            raise stop_of(answer.fault, "H30", input=self._words(case))
        torch.manual_seed(seed)
        truth = derivatives(self.battery.oracle, case, places, seed)
        rows = zip(places, answer.gradients, truth, strict=True)
        for place, got, expected in rows:
            words: dict[str, Any] = {"argument": self._argument(place)}
            words["input"] = self._words(case)
            if got is None and expected is not None:
                raise Stop("H31", **words)
            if got is None or expected is None:
                if got is not None and bool((got != 0).any()):
                    raise Stop("H33", **words)
                continue
            if not bool(got.isfinite().all()):
                raise Stop("H32", **words)
            far = trees.difference(got, expected, self.battery.tolerance)
            if far:
                values = {"place": far[0]} | pair(*far[1:])
                raise Stop("H34", **words, **values)
