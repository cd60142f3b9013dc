import string


def pieces(text, characters):
    text = text.lower().translate({ord(c): None for c in string.punctuation})
    words = text.split()
    if characters:
        return [c for word in words for c in word]
    return [word for word in words if word not in ("a", "an", "the")]


def f1(answer, right, characters=False):
    said, left = pieces(answer, characters), pieces(right, characters)
    both = len(said) + len(left)
    shared = 0
    for piece in said:
        if piece in left:
            left.remove(piece)
            shared += 1
    return 2 * shared / both if both else 0.0
