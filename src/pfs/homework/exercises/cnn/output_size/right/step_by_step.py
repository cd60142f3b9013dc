def output_size(size, kernel, stride=1, padding=0, dilation=1):
    row = list(range(-padding, size + padding))
    found, start = 0, 0
    while start + dilation * (kernel - 1) < len(row):
        found, start = found + 1, start + stride
    return found
