def receptive_field(kernels, strides):
    first = last = 100
    for depth in range(len(kernels) - 1, -1, -1):
        first = first * strides[depth]
        last = last * strides[depth] + kernels[depth] - 1
    return last - first + 1
