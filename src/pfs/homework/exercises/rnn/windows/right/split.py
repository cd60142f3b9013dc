def windows(ids, batch_size, window):
    n = (len(ids) - 1) // batch_size
    strips = ids.unfold(0, n + 1, n)[:batch_size]
    inputs = strips[:, :-1].split(window, dim=1)
    targets = strips[:, 1:].split(window, dim=1)
    return list(zip(inputs, targets))
