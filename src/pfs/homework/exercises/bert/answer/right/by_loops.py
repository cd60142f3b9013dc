def contexts(k, windows):
    for number, (first, start, _) in enumerate(windows):
        last = first + len(start) - 1
        if first <= k <= last:
            yield min(k - first, last - k), len(start), -number


def answer(text, places, windows, longest):
    found = []
    for i, (begins, _) in enumerate(places):
        number = -max(contexts(i, windows))[2]
        first, start, end = windows[number]
        after = min(i + longest, first + len(end))
        for j in range(i, after):
            score = start[i - first].item() + end[j - first].item()
            found.append((score, begins, places[j][1]))
    _, begins, ends = max(found)
    return text[begins:ends]
