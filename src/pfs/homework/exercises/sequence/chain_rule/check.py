from itertools import product

import torch
from torch.nn import functional

from pfs.homework.battery import Battery


def oracle(log_probs, ids, lengths):
    rows = [
        -functional.nll_loss(table[:n], row[:n], reduction="sum")
        for table, row, n in zip(log_probs, ids, lengths.tolist(), strict=True)
    ]
    return torch.stack(rows) if rows else log_probs.new_zeros(0)


def case(draw, batch, time, vocab):
    return (
        torch.log_softmax(2 * draw.normal(batch, time, vocab), -1),
        draw.whole(vocab, batch, time),
        draw.whole(time + 1, batch, low=1),
    )


def cases(draw):
    log_probs, ids, _ = case(draw, 2, 4, 5)
    yield log_probs, ids, torch.tensor([4, 2])
    yield case(draw, 3, 7, 4)
    yield case(draw, 1, 1, 1)
    yield case(draw, 4, 4, 4)
    yield case(draw, 11, 3, 2)


def edges(draw):
    log_probs, ids, _ = case(draw, 3, 5, 4)
    lengths = torch.tensor([0, 2, 5])
    yield log_probs, ids, lengths
    behind = torch.arange(5)[None, :, None] >= lengths[:, None, None]
    yield log_probs.masked_fill(behind, -torch.inf), ids, lengths
    log_probs, ids, _ = case(draw, 2, 3, 4)
    never = torch.arange(4) == 0
    yield (
        log_probs.masked_fill(never, -torch.inf),
        0 * ids,
        torch.tensor([3, 1]),
    )
    yield case(draw, 0, 3, 4)
    yield case(draw, 2, 400, 30)


def adds_up(chain_rule, draw):
    every = torch.tensor(list(product(range(3), repeat=4)))
    table = torch.log_softmax(draw.normal(4, 3), -1).repeat(81, 1, 1)
    whole = chain_rule(table, every, torch.full((81,), 4))
    return abs(float(whole.exp().sum()) - 1) < 1e-9


def in_two(chain_rule, draw):
    log_probs, ids, _ = case(draw, 5, 6, 4)
    long, short = torch.full((5,), 6), torch.full((5,), 2)
    first = chain_rule(log_probs[:, :2], ids[:, :2], short)
    second = chain_rule(log_probs[:, 2:], ids[:, 2:], long - 2)
    return torch.allclose(first + second, chain_rule(log_probs, ids, long))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"adds-up": adds_up, "in-two": in_two},
    forbid=(
        *("nll_loss", "nll_loss_nd", "nll_loss_forward", "nll_loss2d"),
        *("nll_loss2d_forward", "cross_entropy", "cross_entropy_loss"),
        *("torch.nn.modules.loss", "pfs.nn.loss", "pfs.training"),
    ),
)
