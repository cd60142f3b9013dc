def option_a(x, channels, stride):
    batch, known, height, width = x.shape
    rows, columns = -(-height // stride), -(-width // stride)
    y = x.new_zeros(batch, channels, rows, columns)
    y[:, :known] = x[:, :, ::stride, ::stride]
    return y
