"""Windows and answers as the released `run_squad.py` makes them, told again.

Devlin et al. (2019). Works on lists of tokens; knows no text.
"""


def doc_spans(count, room, stride):
    """(start, length) of every window of a document of `count` tokens."""
    spans, start = [], 0
    while start < count:
        length = min(count - start, room)
        spans.append((start, length))
        if start + length == count:
            break
        start += min(length, stride)
    return spans


def is_max_context(spans, index, position):
    """Whether window `index` is the one for the token at `position`."""
    best_score = best_index = None
    for i, (start, length) in enumerate(spans):
        end = start + length - 1
        if position < start or position > end:
            continue
        left, right = position - start, end - position
        score = min(left, right) + 0.01 * length
        if best_score is None or score > best_score:
            best_score, best_index = score, i
    return index == best_index


def positions(span, offset, first, last):
    """Start and end place of an answer from token `first` to `last`."""
    start, length = span
    if not (first >= start and last <= start + length - 1):
        return 0, 0
    return first - start + offset, last - start + offset


def predictions(features, n_best, longest):
    """All legal (score, first, last) of a paragraph, in tokens of it.

    A feature is (span, offset, flags of max context, start and end logits).
    """
    found = []
    for (start, length), offset, own, starts, ends in features:
        inside = range(offset, offset + length)
        for i in sorted(range(len(starts)), key=lambda k: -starts[k])[:n_best]:
            for j in sorted(range(len(ends)), key=lambda k: -ends[k])[:n_best]:
                if i not in inside or j not in inside:
                    continue
                if not own[i - offset] or j < i or j - i + 1 > longest:
                    continue
                shift = start - offset
                found.append((starts[i] + ends[j], i + shift, j + shift))
    return sorted(found, reverse=True)
