from fractions import Fraction

from pfs.homework.battery import Battery

MARKS = {chr(i) for i in range(33, 127) if not chr(i).isalnum()}


def kept(text, characters):
    clean = ""
    for letter in text.lower():
        if letter not in MARKS:
            clean += letter
    if characters:
        return [letter for letter in clean if not letter.isspace()]
    return [w for w in clean.split() if w not in {"a", "an", "the"}]


def oracle(answer, right, characters=False):
    said, wanted = kept(answer, characters), kept(right, characters)
    every = {*said, *wanted}
    shared = sum(min(said.count(w), wanted.count(w)) for w in every)
    if shared == 0:
        return 0.0
    return float(Fraction(2 * shared, len(said) + len(wanted)))


WORDS = (
    *("The", "the", "a", "An", "cat", "Cat,", "cats", "cat's", "then", "hat."),
    *("(1987)", "1987", "New", "new-york", "York", "anthem", "a-ha", "U.S."),
)
SYLLABLES = ("사십일", "년", "동안", "사십", "일년을", "책", "책,", "A", "a-b")


def told(draw, words, most):
    number = int(draw.whole(most, low=1))
    return " ".join(words[i] for i in draw.whole(len(words), number).tolist())


def cases(draw):
    yield "by forty-one years", "forty-one years"
    yield "the Cat's hat!", "A cats hat"
    yield "사십일년 동안", "사십일년을", True
    yield "he was then in the hat", "then he was in a hat"
    yield "the cat and the cat and a dog", "cat dog dog"
    yield "an a-ha song", "aha, a song"
    yield "in  New\tYork,\n1987", "New York (1987)"
    yield "north and south", "south and north"
    yield "his theme", "his: me"
    yield "cat", "dog"
    yield "책 세 권을 산 책", "책을 세 권", True
    yield "A the B", "the ab", True
    for _ in range(20):
        yield told(draw, WORDS, 9), told(draw, WORDS, 6)
        yield told(draw, SYLLABLES, 6), told(draw, SYLLABLES, 4), True


def edges(draw):
    yield "", "cat"
    yield "cat", ""
    yield "The", "the"
    yield "", ""
    yield "?!", "...", True
    yield "책", "펜", True
    yield " \t cat \n", "cat"


def equal(f1, draw):
    text = "cat " + told(draw, WORDS, 8)
    return f1(text, f"The {text.upper()}!") == 1 == f1(text, text, True)


def either_way(f1, draw):
    one, two = told(draw, WORDS, 8), told(draw, WORDS, 4)
    return abs(f1(one, two) - f1(two, one)) < 1e-9


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"equal": equal, "either-way": either_way},
    gradient=(),
    dtypes=(),
    meta=False,
    layouts=False,
    forbid=("pfs.words", "transformers.data"),
)
