def unbroadcast(dy, shape):
    if dy.dim() > len(shape):
        return unbroadcast(sum(dy.unbind(0), 0 * dy.sum(0)), shape)
    for axis in range(-1, -dy.dim() - 1, -1):
        if dy.shape[axis] != shape[axis]:
            dy = dy.sum(axis).unsqueeze(axis)
    return dy
