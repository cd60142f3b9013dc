def count(
    inputs: int,
    hidden: int,
    layers: int,
    outputs: int,
    gates: int,
    skip: bool,
) -> int:
    lowest = gates * hidden * (inputs + hidden + 2)
    below = hidden + inputs if skip else hidden
    other = gates * hidden * (below + hidden + 2)
    read_out = layers * hidden if skip else hidden
    return lowest + (layers - 1) * other + outputs * (read_out + 1)
