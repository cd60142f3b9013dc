def linear_backward(x, weight, dy):
    dx = (dy[..., None] * weight).sum(-2)
    outer = dy[..., :, None] * x[..., None, :]
    dbias = dy
    for _ in range(dy.dim() - 1):
        outer, dbias = outer.sum(0), dbias.sum(0)
    return dx, outer, dbias
