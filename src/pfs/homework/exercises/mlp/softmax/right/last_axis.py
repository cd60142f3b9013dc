def softmax(x, dim):
    y = x.movedim(dim, -1)
    y = (y - y.detach().max(-1, keepdim=True).values).exp()
    return (y / y.sum(-1, keepdim=True)).movedim(-1, dim)
