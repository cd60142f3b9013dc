import math

import torch

from pfs.homework.battery import Battery


def one(id, special, vocabulary, mask, choice, fate, piece):
    if choice >= 0.15 or id in special:
        return id, -100
    if fate < 0.8:
        return mask, id
    return (math.floor(piece * vocabulary) if fate >= 0.9 else id), id


def oracle(ids, special, vocabulary, mask, choice, fate, piece):
    places = zip(
        *(t.flatten().tolist() for t in (ids, choice, fate, piece)),
        strict=True,
    )
    marks = special.tolist()
    pairs = [one(id, marks, vocabulary, mask, *draws) for id, *draws in places]
    both = torch.tensor(pairs, dtype=ids.dtype).reshape(-1, 2)
    return both[:, 0].reshape(ids.shape), both[:, 1].reshape(ids.shape)


def plain():
    ids = torch.tensor([[1, 7, 8, 9, 6, 2]])
    choice = torch.tensor([[0.05, 0.12, 0.7, 0.01, 0.14, 0.3]])
    fate = torch.tensor([[0.1, 0.3, 0.2, 0.95, 0.85, 0.97]])
    piece = torch.tensor([[0.3, 0.6, 0.9, 0.47, 0.2, 0.5]])
    draws = (t.double() for t in (choice, fate, piece))
    return ids, torch.tensor([1, 2]), 10, 3, *draws


def case(draw, batch, time, special, mask, vocabulary, high=0.3):
    ids = draw.whole(vocabulary, batch, time)
    choice = high * draw.uniform(batch, time)
    fate = draw.uniform(batch, time)
    late = 0.75 + 0.25 * draw.uniform(batch, time)
    fate = torch.where(draw.truth(batch, time), fate, late)
    piece = draw.uniform(batch, time)
    return ids, torch.tensor(special), vocabulary, mask, choice, fate, piece


def cases(draw):
    yield plain()
    yield case(draw, 7, 11, [1, 2, 0], 3, 30)
    yield case(draw, 8, 8, [4, 6], 5, 13)
    yield case(draw, 1, 1, [0], 1, 5, high=0.1)
    yield case(draw, 5, 23, [101, 102, 0], 103, 997)
    yield case(draw, 1, 40, [12], 0, 17, high=0.2)
    yield case(draw, 40, 1, [2, 9, 5, 3], 1, 11)
    yield case(draw, 3, 50, [0, 1], 2, 30_522, high=1.0)


def edges(draw):
    yield case(draw, 0, 4, [1, 2], 3, 9)
    ids, *rest = case(draw, 3, 6, [2, 0], 1, 9, high=0.1)
    yield torch.where(draw.truth(3, 6), 2, 0), *rest
    _, special, *rest = case(draw, 4, 5, [0], 1, 9, high=0.1)
    yield draw.whole(9, 4, 5), special[:0], *rest
    ids, special, size, mask, _, fate, _ = case(draw, 4, 5, [0], 1, 9)
    full = torch.full((4, 5), 1 - 2.0**-53, dtype=torch.float64)
    yield ids, special, size, mask, full, fate, full
    yield ids, special, size, mask, 0 * full, full, full
    yield ids, special, size, mask, 0 * full, 0 * full, 0 * full
    limits = torch.tensor([0.15, 0.8, 0.9], dtype=torch.float64)
    at = limits[draw.whole(3, 4, 5, low=1)]
    yield ids, special, size, mask, limits[0] * draw.whole(2, 4, 5), at, full
    yield ids + 1, special, size + 1, mask, 0 * full, at, 0.5 * full


def special(mask_tokens, draw):
    ids, marks, *rest = case(draw, 9, 30, [1, 2, 0], 3, 12, high=0.1)
    inputs, targets = mask_tokens(ids, marks, *rest)
    held = torch.isin(ids, marks)
    same = torch.equal(inputs[held], ids[held])
    return same and bool((targets[held] == -100).all())


def restored(mask_tokens, draw):
    ids, *rest = case(draw, 9, 30, [1, 2, 0], 3, 40)
    inputs, targets = mask_tokens(ids, *rest)
    return torch.equal(torch.where(targets == -100, inputs, targets), ids)


def shares(mask_tokens, draw):
    shape = (200, 200)
    ids = draw.whole(1000, *shape, low=4)
    draws = (draw.uniform(*shape) for _ in range(3))
    marks = torch.tensor([0, 1, 2])
    inputs, targets = mask_tokens(ids, marks, 1000, 3, *draws)
    chosen = targets != -100
    found = (
        chosen.double().mean(),
        (inputs[chosen] == 3).double().mean(),
        (inputs[chosen] == ids[chosen]).double().mean(),
    )
    wanted = (0.15, 0.8, 0.1)
    return all(
        abs(float(a) - b) < 0.03 for a, b in zip(found, wanted, strict=True)
    )


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"special": special, "restored": restored, "shares": shares},
    gradient=(),
    dtypes=(),
    forbid=("pfs.words",),
)
