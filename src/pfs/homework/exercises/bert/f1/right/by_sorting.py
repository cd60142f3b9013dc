import re

ARTICLES = ("a", "an", "the")


def pieces(text, characters):
    text = re.sub(r"[!-/:-@\[-`{-~]", "", text.lower())
    if characters:
        return sorted(re.sub(r"\s", "", text))
    return sorted(w for w in text.split() if w not in ARTICLES)


def f1(answer, right, characters=False):
    one, two = pieces(answer, characters), pieces(right, characters)
    i = j = shared = 0
    while i < len(one) and j < len(two):
        a, b = one[i], two[j]
        shared += a == b
        i, j = i + (a <= b), j + (b <= a)
    return 2 * shared / max(1, len(one) + len(two))
