def count(inputs, hidden, layers, outputs, gates, skip):
    total, reads, features = 0, inputs, 0
    for _ in range(layers):
        total += gates * (hidden * reads + hidden**2 + 2 * hidden)
        reads = hidden + skip * inputs
        features = features + hidden if skip else hidden
    return total + outputs * features + outputs
