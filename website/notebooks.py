"""A note is a notebook: run once in English, lent to the translations.

A cache entry is the executed notebook and the hashes of every file of the
project that it imported. It is valid while the cells, those files, the plot
style and the versions below it are unchanged.
"""

import hashlib
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import jupytext
import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from website import CACHE, ROOT, plots
from website.problems import PageError, line_of

BELOW = ("torch", "numpy", "matplotlib")
PROBE = """
import json, sys
print(json.dumps(sorted({
    m.__file__
    for n, m in list(sys.modules.items())
    if n.split(".")[0] == "pfs" and getattr(m, "__file__", None)
})))
"""


def is_note(path: Path) -> bool:
    """Tell whether a Markdown page has cells that run."""
    text = path.read_text("utf-8")
    return (
        text.startswith("---\n") and "kernelspec:" in text.split("\n---", 1)[0]
    )


def read(path: Path) -> NotebookNode:
    """Read a page as a notebook, its front matter left out."""
    notebook = jupytext.read(path)
    notebook.cells = [c for c in notebook.cells if c.cell_type != "raw"]
    return notebook


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells that run."""
    return [c for c in notebook.cells if c.cell_type == "code"]


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def key(notebook: NotebookNode) -> str:
    """Return what an execution depends on, but for imported files."""
    below = [sys.version, *map(version, BELOW), plots.SETUP]
    cells = [c.source for c in code_cells(notebook)]
    results = sorted((ROOT / "results").rglob("*.json"))
    texts = sorted((ROOT / "src" / "pfs" / "data" / "texts").glob("*.txt"))
    read = [_sha(p.read_bytes()) for p in [*results, *texts]]
    return _sha(json.dumps([below, cells, read]).encode())[:16]


def _fresh(entry: Path, root: Path) -> NotebookNode | None:
    if not entry.is_file():
        return None
    done = nbformat.read(entry, 4)
    for name, digest in done.metadata["files"].items():
        file = root / name
        if not file.is_file() or _sha(file.read_bytes()) != digest:
            return None
    return done


def executed(
    path: Path, cache: Path = CACHE / "notes", root: Path = ROOT
) -> tuple[NotebookNode, bool]:
    """Return the page with its outputs, and whether they were at hand."""
    notebook = read(path)
    entry = cache / f"{path.stem}-{key(notebook)}.ipynb"
    done = _fresh(entry, root)
    if done is not None:
        return restored(notebook, done), True
    cache.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    files = _run(notebook, path, root)
    notebook.metadata["files"] = {
        f: _sha((root / f).read_bytes()) for f in files
    }
    notebook.metadata["seconds"] = round(time.perf_counter() - start, 1)
    for old in cache.glob(f"{path.stem}-*.ipynb"):
        old.unlink()
    fresh = entry.with_suffix(".new")
    nbformat.write(notebook, fresh)
    fresh.replace(entry)
    return notebook, False


def restored(notebook: NotebookNode, done: NotebookNode) -> NotebookNode:
    """Put cached outputs under today's prose: only the code was compared."""
    for mine, old in zip(code_cells(notebook), code_cells(done), strict=True):
        mine.outputs = old.outputs
        mine.execution_count = old.execution_count
    notebook.metadata["seconds"] = done.metadata["seconds"]
    return notebook


def _run(notebook: NotebookNode, path: Path, root: Path) -> list[str]:
    """Execute the cells in place; return the project's files they imported."""
    new = nbformat.v4.new_code_cell
    running = nbformat.v4.new_notebook(
        cells=[new(plots.SETUP), *code_cells(notebook), new(PROBE)],
        metadata=notebook.metadata,
    )
    env = {k: v for k, v in os.environ.items() if k != "PFS_DATA"}
    env |= {
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)]),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
    manager = AsyncKernelManager(kernel_name="python3")
    with tempfile.TemporaryDirectory(prefix="pfs-") as sockets:
        if os.name == "posix":
            manager.transport = "ipc"
            manager.ip = os.path.join(sockets, "k")
        client = NotebookClient(
            running,
            km=manager,
            timeout=600,
            resources={"metadata": {"path": str(root)}},
        )
        try:
            client.execute(env=env)
        except CellExecutionError as error:
            source = next(
                c.source
                for c in running.cells
                if any(o.output_type == "error" for o in c.get("outputs", []))
            )
            text = path.read_text("utf-8")
            message = f"cell failed: {error.ename}: {error.evalue}"
            raise PageError(
                path, line_of(text, source.strip()), message
            ) from None
    names = json.loads(running.cells[-1].outputs[0].text)
    return [
        Path(n).relative_to(root).as_posix()
        for n in names
        if Path(n).is_relative_to(root)
    ]


def execute_all(paths: list[Path], report: object = print) -> None:
    """Run every page that has no valid outputs, several at a time."""

    def one(path: Path) -> None:
        notebook, hit = executed(path)
        if not hit:
            report(
                f"{path.name}: cells ran in {notebook.metadata['seconds']} s"
            )

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, paths))


def lent(done: NotebookNode, path: Path) -> NotebookNode:
    """Return a translation's prose with the original's code and outputs."""
    notebook = read(path)
    text = path.read_text("utf-8")
    mine, theirs = code_cells(notebook), code_cells(done)
    if len(mine) != len(theirs):
        message = f"{len(mine)} cells, the English page has {len(theirs)}"
        raise PageError(path, 1, message)
    for number, (cell, original) in enumerate(zip(mine, theirs, strict=True)):
        if cell.source.strip() and cell.source != original.source:
            message = f"cell {number + 1} differs from the English page"
            raise PageError(path, line_of(text, cell.source), message)
        alt = cell.metadata.get("alt")
        cell.source = original.source
        cell.outputs = original.outputs
        cell.execution_count = original.execution_count
        cell.metadata = dict(original.metadata)
        if alt:
            cell.metadata["alt"] = alt
    return notebook
