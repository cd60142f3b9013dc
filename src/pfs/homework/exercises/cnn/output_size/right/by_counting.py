def output_size(size, kernel, stride=1, padding=0, dilation=1):
    last = size + 2 * padding - 1 - dilation * (kernel - 1)
    return len(range(0, last + 1, stride))
