def distances(x, y):
    total = x.new_zeros(x.shape[0], y.shape[0])
    for a, b in zip(x.unbind(1), y.unbind(1)):
        total = total + (a.reshape(-1, 1) - b.reshape(1, -1)) ** 2
    return total
