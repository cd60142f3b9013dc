import torch
from torch.nn import functional

from pfs.homework.battery import Battery


def oracle(log_probs, targets):
    table = torch.cat([t.reshape(-1, t.shape[-1]) for t in log_probs])
    truth = torch.cat([t.reshape(-1) for t in targets])
    return functional.nll_loss(table, truth).exp()


def case(draw, vocab, *sizes, spread=1.0):
    tables = [
        torch.log_softmax(spread * (place + 1) * draw.normal(*size, vocab), -1)
        for place, size in enumerate(sizes)
    ]
    return tables, [draw.whole(vocab, *size) for size in sizes]


def cases(draw):
    yield case(draw, 5, (2, 3), (2, 3))
    yield case(draw, 7, (2, 5), (2, 5), (2, 2))
    yield case(draw, 3, (4, 2), (1, 3))
    yield case(draw, 1, (1, 1))
    yield case(draw, 4, (4, 4))
    yield case(draw, 11, (3, 1), (1, 7), (5, 2), (2, 2))


def edges(draw):
    tables, targets = case(draw, 6, (2, 4), (0, 3), (1, 3), (2, 0))
    yield tables, targets
    never = torch.arange(6) == 0
    tables = [t.masked_fill(never, -torch.inf).log_softmax(-1) for t in tables]
    yield tables, [truth.clamp(min=1) for truth in targets]
    yield tables, [truth.clamp(max=0) for truth in targets]
    yield case(draw, 50, (4, 200), (4, 100))


def uniform(perplexity, draw):
    targets = [draw.whole(28, 2, 3), draw.whole(28, 1, 4)]
    zeros = [torch.zeros(*t.shape, 28, dtype=torch.float64) for t in targets]
    got = perplexity([zero.log_softmax(-1) for zero in zeros], targets)
    return abs(float(got) - 28) < 1e-6


def cut(perplexity, draw):
    (table,), (truth,) = case(draw, 6, (3, 7))
    whole = perplexity([table], [truth])
    parts = perplexity(
        [table[:, :2], table[:1, 2:], table[1:, 2:]],
        [truth[:, :2], truth[:1, 2:], truth[1:, 2:]],
    )
    return torch.allclose(whole, parts)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"uniform": uniform, "cut": cut},
    forbid=(
        *("nll_loss", "nll_loss_nd", "nll_loss_forward", "nll_loss2d"),
        *("nll_loss2d_forward", "cross_entropy", "cross_entropy_loss"),
        *(
            "torch.nn.modules.loss",
            "pfs.nn.loss",
            "pfs.training",
            "pfs.recipes",
        ),
    ),
)
