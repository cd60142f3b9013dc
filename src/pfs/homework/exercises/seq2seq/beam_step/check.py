import torch

from pfs.homework.battery import Battery


def oracle(scores, log_p, ended, eos):
    batch, width, vocab = log_p.shape
    kept = []
    for b in range(batch):
        every = []
        for i in range(width):
            if ended[b, i]:
                every.append((scores[b, i], i, eos))
                continue
            for j in range(vocab):
                every.append((scores[b, i] + log_p[b, i, j], i, j))
        every.sort(key=lambda one: -one[0].item())
        kept.append(every[:width])
    if not kept:
        empty = torch.zeros(0, width)
        return scores.new_zeros(0, width), empty.long(), empty.long()
    values = torch.stack([torch.stack([o[0] for o in row]) for row in kept])
    parent, token = (
        torch.tensor([[one[n] for one in row] for row in kept]) for n in (1, 2)
    )
    return values, parent, token


def case(draw, batch, width, vocab, share=0.3):
    """Some have ended; the first of each source has not."""
    scores = -3 * draw.uniform(batch, width)
    log_p = (2 * draw.normal(batch, width, vocab)).log_softmax(2)
    ended = draw.truth(batch, width, share=share)
    ended[:, :1] = False
    return scores, log_p, ended


def cases(draw):
    yield *case(draw, 2, 2, 4, share=0.0), 1
    yield *case(draw, 3, 3, 3), 0
    yield *case(draw, 1, 4, 5), 2
    yield *case(draw, 5, 2, 7, share=0.6), 6
    yield *case(draw, 4, 1, 3), 2
    yield *case(draw, 2, 5, 11), 4
    scores, log_p, _ = case(draw, 3, 3, 6)
    yield scores, log_p, torch.tensor([[1, 1, 1], [0, 1, 1], [1, 0, 1]]) > 0, 2


def edges(draw):
    yield *case(draw, 0, 2, 4), 1
    scores, log_p, ended = case(draw, 3, 2, 5)
    first = scores.clone()
    first[:, 1:] = -torch.inf
    yield first, log_p, torch.zeros_like(ended), 1
    ended[:, 1] = True
    rubbish = log_p.masked_fill(ended[:, :, None], torch.nan)
    yield scores, rubbish, ended, 3
    yield 1e6 * scores, log_p, ended, 0


def order(beam_step, draw):
    values, _, _ = beam_step(*case(draw, 4, 5, 6), 1)
    return bool((values.diff(dim=1) <= 0).all())


def adds_up(beam_step, draw):
    scores, log_p, ended = case(draw, 4, 3, 6, share=0.0)
    values, parent, token = beam_step(scores, log_p, ended, 1)
    rows = torch.arange(4)[:, None]
    want = scores[rows, parent] + log_p[rows, parent, token]
    return torch.allclose(values, want)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"order": order, "adds-up": adds_up},
    gradient=(0,),
    dtypes=(),
    meta=False,
    forbid=("pfs.translation",),
)
