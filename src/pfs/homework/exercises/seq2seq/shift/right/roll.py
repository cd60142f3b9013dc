def shift(target, bos):
    read = target.roll(1, 1)
    read[:, 0] = bos
    return read
