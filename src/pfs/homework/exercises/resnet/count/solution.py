def count(depths: tuple[int, ...], wide: bool, classes: int) -> int:
    total = 3 * 64 * 7 * 7 + 2 * 64
    channels = 64
    for stage, blocks in enumerate(depths):
        width = 64 * 2**stage
        output = 4 * width if wide else width
        for _ in range(blocks):
            if wide:
                total += channels * width + 9 * width**2 + width * output
                total += 2 * (width + width + output)
            else:
                total += 9 * channels * width + 9 * width**2
                total += 2 * (width + width)
            if channels != output:
                total += channels * output + 2 * output
            channels = output
    return total + channels * classes + classes
