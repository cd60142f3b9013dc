def output_size(size, kernel, stride=1, padding=0, dilation=1):
    places = size + padding + padding - dilation * (kernel - 1)
    return -(-places // stride)
