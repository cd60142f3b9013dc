import torch
from torch.nn.functional import cross_entropy, normalize

from pfs.homework.battery import Battery


def oracle(embeddings, bank, index, temperature):
    scores = normalize(embeddings, dim=1) @ bank.T
    return cross_entropy(scores / temperature, index)


def case(draw, batch, rows, size, temperature):
    return (
        2 * draw.normal(batch, size),
        normalize(draw.normal(rows, size), dim=1),
        draw.whole(rows, batch),
        temperature,
    )


def cases(draw):
    yield case(draw, 3, 7, 5, 0.5)
    yield case(draw, 1, 1, 1, 1.0)
    yield case(draw, 4, 4, 4, 0.1)
    yield case(draw, 11, 2, 3, 0.07)
    yield case(draw, 2, 13, 1, 0.3)


def edges(draw):
    embeddings, bank, index, _ = case(draw, 3, 7, 5, 1.0)
    yield 1e6 * embeddings, bank, index, 0.1
    yield embeddings, bank, index, 0.001
    yield embeddings, bank[:1].repeat(7, 1), index, 0.07


def length(bank_softmax, draw):
    embeddings, *rest = case(draw, 3, 7, 5, 0.2)
    return torch.allclose(
        bank_softmax(5 * embeddings, *rest), bank_softmax(embeddings, *rest)
    )


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"length": length},
    gradient=(0,),
    forbid=("pfs.contrastive", "cross_entropy_loss", "nll_loss_forward"),
)
