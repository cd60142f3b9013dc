"""The bricks of `pfs.nn` against torch's functions, by both backends."""

from collections.abc import Callable, Iterator

import torch
from torch.nn import functional

import pfs
from benchmarks.compare import Row, compare
from pfs import nn

Call = Callable[..., torch.Tensor]


def bricks() -> Iterator[tuple[str, list[Row]]]:
    """Compare every brick forward alone and with backward."""
    for title, theirs, ours, inputs in _cases():
        for words, backward in (("forward", False), ("with backward", True)):
            calls = {
                "torch": _timed(theirs, inputs, backward),
                "pfs": _timed(ours, inputs, backward),
                "pfs, fused": _fused(_timed(ours, inputs, backward)),
            }
            yield f"{title}, {words}", compare(calls, base="torch")


def _cases() -> Iterator[tuple[str, Call, Call, list[torch.Tensor]]]:
    rows, hidden = torch.randn(1120, 256), torch.randn(512, 256)
    wide = torch.randn(1024, 3072)
    scores, logits = torch.randn(4096, 512), torch.randn(1120, 10_000)
    ids, targets = (
        torch.randint(10_000, (1120,)),
        torch.randint(10_000, (1120,)),
    )
    table, size = torch.randn(10_000, 256), (256,)
    gain, shift = torch.ones(256), torch.zeros(256)
    yield (
        "linear 1120x256 to 512",
        functional.linear,
        nn.linear,
        [rows, hidden, torch.zeros(512)],
    )
    yield (
        "embedding 10000x256, 1120 ids",
        lambda w: functional.embedding(ids, w),
        lambda w: nn.embedding(ids, w),
        [table],
    )
    yield (
        "softmax 4096x512",
        lambda x: functional.softmax(x, -1),
        lambda x: nn.softmax(x, -1),
        [scores],
    )
    yield (
        "cross entropy 1120x10000",
        lambda x: functional.cross_entropy(x, targets),
        lambda x: nn.cross_entropy(x, targets),
        [logits],
    )
    yield (
        "layer norm 1120x256",
        lambda x, g, b: functional.layer_norm(x, size, g, b),
        lambda x, g, b: nn.layer_norm(x, size, g, b),
        [rows, gain, shift],
    )
    yield "GELU 1024x3072", functional.gelu, nn.gelu, [wide]
    yield "ReLU 1024x3072", functional.relu, nn.relu, [wide]
    yield (
        "dropout 1024x3072",
        lambda x: functional.dropout(x, 0.1),
        lambda x: nn.dropout(x, 0.1),
        [wide],
    )


def _timed(
    function: Call, inputs: list[torch.Tensor], backward: bool
) -> Callable[[], object]:
    """Return a call without a graph, or forward and backward."""
    if not backward:

        def forward() -> object:
            with torch.no_grad():
                return function(*inputs)

        return forward
    leaves = [t.clone().requires_grad_() for t in inputs]
    mix = torch.randn_like(function(*leaves))

    def both() -> object:
        return torch.autograd.grad(function(*leaves), leaves, mix)

    return both


def _fused(call: Callable[[], object]) -> Callable[[], object]:
    def switched() -> object:
        with pfs.backend("fused"):
            return call()

    return switched
