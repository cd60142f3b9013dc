import torch

from pfs.homework.battery import Battery


def oracle(x, h, c, *weights):
    options = (True, 1, 0.0, False, False, True)
    outputs, h, c = torch.lstm(x, (h[None], c[None]), list(weights), *options)
    return outputs, (h[0], c[0])


def case(draw, batch, time, inputs, hidden):
    return (
        draw.normal(batch, time, inputs),
        draw.normal(batch, hidden),
        draw.normal(batch, hidden),
        draw.normal(4 * hidden, inputs),
        draw.normal(4 * hidden, hidden),
        draw.normal(4 * hidden),
        draw.normal(4 * hidden),
    )


def cases(draw):
    yield case(draw, 2, 3, 4, 5)
    yield case(draw, 4, 4, 4, 4)
    yield case(draw, 1, 1, 1, 1)
    yield case(draw, 3, 7, 2, 1)
    yield case(draw, 5, 2, 3, 3)


def edges(draw):
    yield case(draw, 0, 3, 4, 5)
    x, *rest = case(draw, 2, 3, 4, 5)
    yield 1e4 * x, *rest


def causal(lstm, draw):
    x, *rest = case(draw, 2, 6, 3, 4)
    changed = x.clone()
    changed[:, 4:] += 1
    before, after = lstm(x, *rest)[0], lstm(changed, *rest)[0]
    return torch.allclose(before[:, :4], after[:, :4])


def continues(lstm, draw):
    x, h, c, *weights = case(draw, 2, 6, 3, 4)
    whole, _ = lstm(x, h, c, *weights)
    first, (h, c) = lstm(x[:, :2], h, c, *weights)
    second, _ = lstm(x[:, 2:], h, c, *weights)
    return torch.allclose(torch.cat([first, second], 1), whole)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"causal": causal, "continues": continues},
    forbid=(
        *("lstm", "lstm_cell", "thnn_fused_lstm_cell"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
