def receptive_field(kernels, strides):
    places = {0}
    for kernel, stride in list(zip(kernels, strides))[::-1]:
        places = {stride * p + k for p in places for k in range(kernel)}
    return max(places) - min(places) + 1
