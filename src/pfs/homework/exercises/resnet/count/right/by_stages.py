def count(depths, wide, classes):
    grow = 4 if wide else 1
    total, before = 9_536, 64
    for k, n in enumerate(depths):
        w = 64 << k
        if wide:
            inside = 9 * w * w + w * 4 * w + 12 * w
            first, other = before * w + inside, 4 * w * w + inside
        else:
            inside = 9 * w * w + 4 * w
            first, other = 9 * before * w + inside, 9 * w * w + inside
        total += first + (n - 1) * other
        if before != grow * w:
            total += grow * w * (before + 2)
        before = grow * w
    return total + (before + 1) * classes
