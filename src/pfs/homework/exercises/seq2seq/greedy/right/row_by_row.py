import torch


def greedy(log_p, bos, eos, max_length):
    tokens = torch.full((len(log_p), max_length), eos)
    totals = []
    for table, line in zip(log_p, tokens):
        total, last = table.new_zeros(()), bos
        for t in range(max_length):
            following = int(table[last].argmax())
            total = total + table[last, following]
            line[t] = last = following
            if last == eos:
                break
        totals.append(total)
    return tokens, torch.stack(totals) if totals else log_p.new_zeros(0)
