def count(
    inputs: int,
    hidden: int,
    layers: int,
    outputs: int,
    gates: int,
    skip: bool,
) -> int:
    return ...
