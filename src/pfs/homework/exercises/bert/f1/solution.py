import re
import string
from collections import Counter


def pieces(text: str, characters: bool) -> list[str]:
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    if characters:
        return list("".join(text.split()))
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def f1(answer: str, right: str, characters: bool = False) -> float:
    said, wanted = pieces(answer, characters), pieces(right, characters)
    shared = (Counter(said) & Counter(wanted)).total()
    if shared == 0:
        return 0.0
    precision = shared / len(said)
    recall = shared / len(wanted)
    return 2 * precision * recall / (precision + recall)
