import torch


def deep(x, h, weights, output):
    states, rows = list(h), []
    for step in x:
        reads = step
        for n, (w, u, b) in enumerate(weights):
            states[n] = torch.tanh(reads @ w.T + b + states[n] @ u.T)
            reads = torch.cat([step, states[n]], -1)
        rows.append(torch.cat(states, -1) @ output[0].T + output[1])
    return torch.stack(rows), torch.stack(states)
