import torch


def final_states(outputs, lengths):
    half = outputs.shape[-1] // 2
    found = outputs.new_empty(len(outputs), 2 * half)
    for row, n in enumerate(lengths.tolist()):
        found[row, :half] = outputs[row, n - 1, :half]
        found[row, half:] = outputs[row, 0, half:]
    return found
