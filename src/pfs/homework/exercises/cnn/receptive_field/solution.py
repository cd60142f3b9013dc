def receptive_field(kernels: tuple[int, ...], strides: tuple[int, ...]) -> int:
    size, jump = 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        size += (kernel - 1) * jump
        jump *= stride
    return size
