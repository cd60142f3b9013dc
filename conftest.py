"""Check every shape that `pfs` writes down, in signatures and on locals.

`beartype` checks the annotations, `jaxtyping` makes the names of the axes agree
within a call. `PFS_SHAPES=0` switches it off. The files `test_errors.py` show
what a user sees, who has no such checker: they run in a pass without it.
`PFS_BROWSER=1` adds the browser's checks, `tests/site`.
"""

import importlib
import inspect
import os
import pkgutil
import sys

import pytest
import torch
from hypothesis import settings
from oracles.vision import make_importable

make_importable()  # before anything imports torchvision or transformers
settings.register_profile("gate", derandomize=True, deadline=None)
settings.load_profile("gate")  # the same examples in every run


def _ours(thing: object) -> bool:
    return getattr(thing, "__module__", "").split(".")[0] == "pfs"


def _check_shapes() -> None:
    from beartype.claw import beartype_packages
    from jaxtyping import jaxtyped

    beartype_packages(("pfs",))
    import pfs

    for info in pkgutil.walk_packages(pfs.__path__, "pfs."):
        if not info.name.endswith("__main__"):
            importlib.import_module(info.name)
    modules = [m for n, m in sys.modules.items() if n.split(".")[0] == "pfs"]
    classes = {
        c
        for m in modules
        for _, c in inspect.getmembers(m, inspect.isclass)
        if _ours(c)
    }
    seen: dict[int, object] = {}
    for owner in [*modules, *classes]:
        for name, value in list(vars(owner).items()):
            if inspect.isfunction(value) and _ours(value):
                new = jaxtyped(value, typechecker=None)
                setattr(owner, name, seen.setdefault(id(value), new))


@pytest.fixture(autouse=True)
def _names_in_examples(doctest_namespace: dict[str, object]) -> None:
    doctest_namespace["torch"] = torch


collect_ignore_glob = ["src/pfs/homework/exercises/*"]
if os.environ.get("PFS_BROWSER") != "1":
    collect_ignore_glob.append("tests/site/*")
if os.environ.get("PFS_SHAPES", "1") == "1":
    collect_ignore_glob.append("*/test_errors.py")
    _check_shapes()
