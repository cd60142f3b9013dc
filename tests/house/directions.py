"""One direction: which module may import which."""

import ast
from collections.abc import Iterator

from house.syntax import imports
from pfs import papers

FLOORS = {  # a module may import from lower floors and from its own
    "shapes": 0,
    "errors": 0,
    "registry": 0,
    "locales": 0,
    "papers": 1,
    "orders": 2,
    "ledger": 2,
    "terms": 2,
    "explain": 2,
    "backend": 1,
    "kernels": 1,
    "nn": 2,
    "optim": 3,
    "text": 3,
    "data": 4,
    "topic": 5,
    "training": 5,
    "recipes": 6,
    "results": 7,
    "homework": 7,
    "commands": 8,
    "cli": 9,
    "__main__": 10,
}
REGISTRY = (
    "explain",
    "papers",
    "orders",
    "ledger",
    "terms",
    "registry",
    "errors",
)
KNOW_NO_TOPIC = ("nn", "optim", "text", "data", "training")


def part_of(module: str) -> str:
    """Return the floor of the house that a module stands on."""
    part = module.split(".")[1] if "." in module else ""
    if part in {paper.topic for paper in papers.load().values()} - {"optim"}:
        return "topic"
    return part


def wrong_direction(module: str, source: str) -> list[str]:
    """Return imports that go up, or sideways to a paper not needed."""
    here = part_of(module)
    if here not in FLOORS:
        return [] if not here else [f"{here} has no place in the house"]
    found = []
    for line, name in imports(ast.parse(source)):
        if here in REGISTRY and name.split(".")[0] == "torch":
            found.append(f"line {line}: the registry imports torch")
        if name.startswith("."):
            found.append(f"line {line}: write the import in full")
        if not name.startswith("pfs."):
            continue
        there = part_of(name)
        if there and FLOORS.get(there, 99) > FLOORS[here]:
            found.append(f"line {line}: {here} imports {name}, which is above")
        elif here in KNOW_NO_TOPIC and there == "topic":
            found.append(f"line {line}: {here} knows the topic of {name}")
        else:
            found += [f"line {line}: {s}" for s in _sideways(module, name)]
    return found


def _paper_of(name: str) -> papers.Paper | None:
    """Return the paper of a module: `gpt`, and `gpt_names` as well."""
    every = papers.load().values()
    for end in ("", ".", "_"):  # moco_v2 is a paper, no part of moco
        for paper in every:
            if name == paper.module or (
                end and name.startswith(f"{paper.module}{end}")
            ):
                return paper
    return None


def _sideways(module: str, name: str) -> Iterator[str]:
    """Compare an import of a topic's module with the reading path."""
    mine, other = _paper_of(module), _paper_of(name)
    is_topic = module.count(".") == 2 and part_of(module) == "topic"
    if other and mine and other != mine:
        if other not in papers.path_to(mine.id):
            yield f"{mine.id} does not need {other.id}"
    elif other and not mine and (is_topic or part_of(module) == "optim"):
        if module.count(".") == 2:
            yield f"{module} is shared: it may not import the paper {other.id}"
    elif mine and part_of(name) == "topic" and not other:
        topics = {paper.topic for paper in papers.path_to(mine.id)}
        if name.split(".")[1] not in topics:
            yield f"{mine.id} needs no paper of {name.split('.')[1]}"
