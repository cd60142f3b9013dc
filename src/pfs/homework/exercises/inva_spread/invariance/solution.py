from torch import Tensor


def invariance(f: Tensor, copies: Tensor, temperature: float) -> Tensor:
    scores = copies @ f.T / temperature
    log_p = scores - scores.logsumexp(1, keepdim=True)
    return -log_p.diagonal().mean()
