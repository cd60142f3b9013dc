def unbroadcast(dy, shape):
    padded = (1,) * (dy.dim() - len(shape)) + tuple(shape)
    pairs = enumerate(zip(dy.shape, padded))
    axes = [axis for axis, (now, before) in pairs if now != before]
    return (dy.sum(axes, keepdim=True) if axes else dy).reshape(shape)
