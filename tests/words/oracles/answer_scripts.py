"""What the scripts of three data sets do, told again line by line.

Rajpurkar et al. (2016), `evaluate-v1.1.py`; Lim et al. (2019), KorQuAD's
`evaluate-v1.0.py`; Cui et al. (2019), `cmrc2018_evaluate.py`. They share no
line with the package, and take their steps in the order of the scripts.
"""

import re
import string
from collections import Counter

ARTICLES = re.compile(r"\b(a|an|the)\b")
KOREAN_SIGNS = ("'", '"', "《", "》", "<", ">", "〈", "〉", "(", ")", "‘", "’")
CHINESE_SIGNS = [
    *("-", ":", "_", "*", "^", "/", "\\", "~", "`", "+", "="),
    *("，", "。", "：", "？", "！", "“", "”", "；", "’", "《", "》"),
    *("……", "·", "、", "「", "」", "（", "）", "－", "～", "『", "』"),
]


def squad_clean(s):
    s = s.lower()
    s = "".join(ch for ch in s if ch not in set(string.punctuation))
    s = ARTICLES.sub(" ", s)
    return " ".join(s.split())


def squad_em(prediction, truths):
    return max(float(squad_clean(prediction) == squad_clean(t)) for t in truths)


def shared_f1(one, two):
    same = sum((Counter(one) & Counter(two)).values())
    if same == 0:
        return 0.0
    precision, recall = 1.0 * same / len(one), 1.0 * same / len(two)
    return (2 * precision * recall) / (precision + recall)


def squad_f1(prediction, truths):
    tokens = squad_clean(prediction).split()
    return max(shared_f1(tokens, squad_clean(t).split()) for t in truths)


def korquad_clean(s):
    for sign in KOREAN_SIGNS:
        s = s.replace(sign, " ")
    s = s.lower()
    s = "".join(ch for ch in s if ch not in set(string.punctuation))
    return " ".join(s.split())


def korquad_em(prediction, truths):
    return max(
        float(korquad_clean(prediction) == korquad_clean(t)) for t in truths
    )


def korquad_f1(prediction, truths):
    def characters(s):
        found = []
        for token in korquad_clean(s).split():
            found.extend(list(token))
        return found

    return max(shared_f1(characters(prediction), characters(t)) for t in truths)


def cmrc_clean(s):
    return "".join(ch for ch in s.lower().strip() if ch not in CHINESE_SIGNS)


def cmrc_em(prediction, truths):
    for truth in truths:
        if cmrc_clean(truth) == cmrc_clean(prediction):
            return 1.0
    return 0.0


def cmrc_segments(s, tokenize):
    """`tokenize` stands for NLTK's `word_tokenize`."""
    segments, pending = [], ""
    for ch in s.lower().strip():
        if ch in CHINESE_SIGNS:
            continue
        if re.search("[\u4e00-\u9fa5]", ch):
            if pending:
                segments.extend(tokenize(pending))
                pending = ""
            segments.append(ch)
        else:
            pending += ch
    if pending:
        segments.extend(tokenize(pending))
    return segments


def longest_common(one, two):
    table = [[0] * (len(two) + 1) for _ in range(len(one) + 1)]
    most = 0
    for i in range(len(one)):
        for j in range(len(two)):
            if one[i] == two[j]:
                table[i + 1][j + 1] = table[i][j] + 1
                most = max(most, table[i + 1][j + 1])
    return most


def cmrc_f1(prediction, truths, tokenize=str.split):
    scores = []
    for truth in truths:
        right = cmrc_segments(truth, tokenize)
        said = cmrc_segments(prediction, tokenize)
        common = longest_common(right, said)
        if common == 0:
            scores.append(0)
            continue
        precision = 1.0 * common / len(said)
        recall = 1.0 * common / len(right)
        scores.append((2 * precision * recall) / (precision + recall))
    return max(scores)


SCRIPTS = {
    "en": (squad_em, squad_f1),
    "ko": (korquad_em, korquad_f1),
    "zh": (cmrc_em, cmrc_f1),
}

# What NLTK 3.10.4 answers: word_tokenize(text, preserve_line=True), with both
# of its quotes as ".
NLTK = {
    "1,000.5 km": ["1,000.5", "km"],
    "nba, wnba": ["nba", ",", "wnba"],
    "3:30 pm": ["3:30", "pm"],
    "score 3:": ["score", "3", ":"],
    "50%": ["50", "%"],
    "u.s. army": ["u.s.", "army"],
    "the end.": ["the", "end", "."],
    "wait... what": ["wait", "...", "what"],
    "don't": ["do", "n't"],
    "it's john's": ["it", "'s", "john", "'s"],
    "we'll": ["we", "'ll"],
    "dogs' food": ["dogs", "'", "food"],
    "(abc) [d]": ["(", "abc", ")", "[", "d", "]"],
    "a&b @c #1 $5": ["a", "&", "b", "@", "c", "#", "1", "$", "5"],
    "why?! yes": ["why", "?", "!", "yes"],
    '"hi" there': ['"', "hi", '"', "there"],
    "1998–99": ["1998", "–", "99"],
    "x--y": ["x", "--", "y"],
    "a;b": ["a", ";", "b"],
    "f-15e": ["f-15e"],
    "c++ 11": ["c++", "11"],
    "mr. smith": ["mr.", "smith"],
    "v1.2.3.": ["v1.2.3", "."],
    "“quoted” ‘one’": ["“", "quoted", "”", "‘", "one", "’"],
}
