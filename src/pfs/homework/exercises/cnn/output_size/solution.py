def output_size(
    size: int,
    kernel: int,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> int:
    span = dilation * (kernel - 1) + 1
    room = size + 2 * padding - span
    return room // stride + 1
