"""Which operators and functions a piece of code uses."""

import sys
from types import CodeType, FrameType
from typing import Any

from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode


class _Names(TorchFunctionMode):
    """torch's functions and methods, by the name that was called."""

    def __init__(self, seen: "Guard") -> None:
        super().__init__()
        self.seen = seen

    def __torch_function__(
        self,
        function: Any,
        types: Any,
        arguments: Any = (),
        options: Any = None,
    ) -> Any:
        name = getattr(function, "__name__", "")
        if name == "__get__":
            name = getattr(getattr(function, "__self__", None), "__name__", "")
        self.seen.meet(name)
        return function(*arguments, **(options or {}))


class _Operators(TorchDispatchMode):
    """The operators that arrive, whatever was called."""

    def __init__(self, seen: "Guard") -> None:
        super().__init__()
        self.seen = seen

    def __torch_dispatch__(
        self,
        function: Any,
        types: Any,
        arguments: Any = (),
        options: Any = None,
    ) -> Any:
        self.seen.meet(function.overloadpacket.__name__)
        return function(*arguments, **(options or {}))


class Guard:
    """Look for what is forbidden while the block runs.

    Args:
        forbid: `softmax` for an operator or function of torch, in whatever
            spelling; `pfs.nn.softmax` or `torch.nn.functional` for a function,
            class or module of Python that is called from the learner's file.
        file: The learner's file; without it every caller counts.
    """

    def __init__(self, forbid: tuple[str, ...], file: str = "") -> None:
        self.operators = {name for name in forbid if "." not in name}
        self.modules = tuple(name for name in forbid if "." in name)
        self.file = file
        self.used: list[str] = []
        self._modes: list[Any] = []

    def meet(self, name: str) -> None:
        """Take note of a name, if it is forbidden."""
        plain = name.strip("_").removeprefix("native_")
        if plain in self.operators and plain not in self.used:
            self.used.append(plain)

    def __enter__(self) -> "Guard":
        if self.operators:
            self._modes = [_Names(self), _Operators(self)]
            for mode in self._modes:
                mode.__enter__()
        if self.modules:
            self._before = sys.getprofile()
            sys.setprofile(self._profile)
        return self

    def __exit__(self, *error: object) -> None:
        if self.modules:
            sys.setprofile(self._before)
        for mode in reversed(self._modes):
            mode.__exit__(None, None, None)

    def _profile(self, frame: FrameType, event: str, argument: Any) -> None:
        if event != "call":
            return
        caller = frame.f_back
        if self.file and (
            caller is None or caller.f_code.co_filename != self.file
        ):
            if not _is_layer(frame.f_code):
                return
            caller = _outside(frame)
            if caller is None or caller.f_code.co_filename != self.file:
                return
        module = frame.f_globals.get("__name__", "")
        whole = f"{module}.{frame.f_code.co_qualname}"
        for name in self.modules:
            if _names(name, module, whole) and name not in self.used:
                self.used.append(name)


def _is_layer(code: CodeType) -> bool:
    return code.co_name in ("forward", "__init__")


def _outside(frame: FrameType) -> FrameType | None:
    """Return the first caller that is not torch's `Module.__call__`."""
    back = frame.f_back
    while back and back.f_globals.get("__name__") == "torch.nn.modules.module":
        back = back.f_back
    return back


def _names(wanted: str, module: str, whole: str) -> bool:
    """Tell whether a name means this module, function or class.

    `pfs.nn.softmax` also means `pfs.nn.softmax.softmax`: a package shows the
    names of its modules.
    """
    if module == "torch.nn.modules.module" or module.startswith(
        "torch.nn.modules.container"
    ):
        return False
    if f"{module}.".startswith(f"{wanted}."):
        return True
    package, _, name = wanted.rpartition(".")
    inside = module == package or module.startswith(f"{package}.")
    own = whole.removeprefix(f"{module}.")
    return inside and own.split(".")[0] == name
