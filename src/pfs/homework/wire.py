"""Calls and answers as bytes: JSON for the form, safetensors for the numbers.

Nothing is unpickled, so bytes from a hostile process are only data. A frame is
the length of the JSON, the length of the tensors, and both.
"""

import json
import struct
from dataclasses import asdict
from typing import Any, Final

import torch
from safetensors.torch import load, save
from torch import Tensor

from pfs.homework.describe import scattered
from pfs.homework.subject import Answer, Fault, Request

LARGEST: Final = 64 << 20
"""Bytes of a frame."""
DEEPEST: Final = 20
HEAD: Final = struct.Struct("<II")


class BadFrame(ValueError):
    """Bytes that are no frame."""


def pack(tree: Any) -> bytes:
    """Write a tree of tensors and plain values as a frame.

    Args:
        tree: Tuples, lists, dicts, tensors, numbers, strings and generators of
            random numbers. Of anything else only the name of its type goes.

    Returns:
        The bytes.
    """
    tensors: dict[str, Tensor] = {}
    form = json.dumps(_form(tree, tensors, 0)).encode()
    body = save(tensors)
    return HEAD.pack(len(form), len(body)) + form + body


def sizes(head: bytes) -> tuple[int, int]:
    """Read the lengths at the start of a frame.

    Args:
        head: Its first `HEAD.size` bytes.

    Returns:
        Bytes of JSON and of tensors.

    Raises:
        BadFrame: If it is larger than `LARGEST`.
    """
    form, body = HEAD.unpack(head)
    if form + body > LARGEST:
        raise BadFrame(f"a frame of {form + body} bytes")
    return form, body


def unpack(form: bytes, body: bytes) -> Any:
    """Read a frame.

    Args:
        form: The JSON.
        body: The tensors.

    Returns:
        The tree.

    Raises:
        BadFrame: If it is none.
    """
    try:
        return _tree(json.loads(form), load(body), 0)
    except Exception as error:
        raise BadFrame(f"{type(error).__name__}: {error}"[:200]) from None


def asked(request: Request) -> Any:
    """Return a request as a tree."""
    return {
        "arguments": request.arguments,
        "gradients": list(request.gradients),
        "seed": request.seed,
        "forbid": list(request.forbid),
    }


def request_of(tree: Any) -> Request:
    """Return the request of a tree."""
    return Request(
        tree["arguments"],
        tuple(tree["gradients"]),
        tree["seed"],
        tuple(tree["forbid"]),
    )


def answered(answer: Answer) -> Any:
    """Return an answer as a tree."""
    return {
        "result": answer.result,
        "gradients": list(answer.gradients),
        "touched": list(answer.touched),
        "used": list(answer.used),
        "fault": asdict(answer.fault) if answer.fault else None,
    }


def answer_of(tree: Any) -> Answer:
    """Return the answer of a tree, and believe none of its types.

    Args:
        tree: Of `unpack`.

    Returns:
        The answer.

    Raises:
        BadFrame: If it is none.
    """
    try:
        fault = tree["fault"]
        gradients = tuple(tree["gradients"])
        if not all(g is None or isinstance(g, Tensor) for g in gradients):
            raise BadFrame("gradients that are no tensors")
        return Answer(
            tree["result"],
            gradients,
            tuple(int(place) for place in tree["touched"]),
            tuple(str(name)[:80] for name in tree["used"]),
            None if fault is None else _fault(fault),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadFrame(f"{type(error).__name__}: {error}"[:200]) from None


def _fault(table: Any) -> Fault:
    line = table["line"]
    return Fault(
        str(table["kind"])[:20],
        str(table["name"])[:80],
        str(table["message"])[:400],
        None if line is None else int(line),
        str(table["text"])[:200],
        str(table["log"])[-4000:],
    )


def _form(tree: Any, tensors: dict[str, Tensor], depth: int) -> Any:
    if depth > DEEPEST:
        raise BadFrame("a tree that is too deep")
    deeper = depth + 1
    if tree is None or isinstance(tree, bool | int | float | str):
        return tree
    if tree is ...:
        return {"kind": "..."}
    if isinstance(tree, Tensor):
        return _tensor(tree, tensors)
    if isinstance(tree, tuple | list):
        parts = [_form(part, tensors, deeper) for part in tree]
        kind = "tuple" if isinstance(tree, tuple) else "list"
        return {"kind": kind, "parts": parts}
    if isinstance(tree, dict):
        pairs = [
            [_form(key, tensors, deeper), _form(part, tensors, deeper)]
            for key, part in tree.items()
        ]
        return {"kind": "dict", "parts": pairs}
    if isinstance(tree, torch.Generator):
        return {
            "kind": "generator",
            "state": _tensor(tree.get_state(), tensors),
        }
    if isinstance(tree, torch.dtype):
        return {"kind": "dtype", "name": str(tree).removeprefix("torch.")}
    return {"kind": "other", "name": type(tree).__name__}


def _tensor(tensor: Tensor, tensors: dict[str, Tensor]) -> Any:
    tensor = tensor.detach()
    if tensor.is_meta:
        return {
            "kind": "meta",
            "shape": list(tensor.shape),
            "dtype": str(tensor.dtype).removeprefix("torch."),
        }
    name = str(len(tensors))
    tensors[name] = tensor.to("cpu").contiguous().clone()
    apart = tensor.dim() > 0 and not tensor.is_contiguous()
    return {"kind": "tensor", "name": name, "apart": apart}


def _tree(form: Any, tensors: dict[str, Tensor], depth: int) -> Any:
    if depth > DEEPEST:
        raise BadFrame("a tree that is too deep")
    if form is None or isinstance(form, bool | int | float | str):
        return form
    kind, deeper = form["kind"], depth + 1
    if kind in ("tuple", "list"):
        parts = [_tree(part, tensors, deeper) for part in form["parts"]]
        return tuple(parts) if kind == "tuple" else parts
    if kind == "dict":
        return {
            _tree(key, tensors, deeper): _tree(part, tensors, deeper)
            for key, part in form["parts"]
        }
    if kind == "tensor":
        tensor = tensors[form["name"]]
        return scattered(tensor) if form["apart"] else tensor
    return _special(kind, form, tensors)


def _special(kind: str, form: Any, tensors: dict[str, Tensor]) -> Any:
    if kind == "...":
        return ...
    if kind == "meta":
        dtype = getattr(torch, form["dtype"])
        return torch.empty(form["shape"], dtype=dtype, device="meta")
    if kind == "dtype":
        return getattr(torch, form["name"])
    if kind == "generator":
        generator = torch.Generator()
        generator.set_state(tensors[form["state"]["name"]])
        return generator
    name = "".join(c for c in str(form["name"]) if c.isidentifier())
    return type(name or "object", (), {})()
