r"""Questions answered by a piece of a paragraph: from text to text.

Devlin et al. (2019), sections 4.2 and 4.3. Note: notes/bert
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import torch

from pfs.errors import PfsValueError
from pfs.nn import checks, softmax
from pfs.shapes import Float, Tensor
from pfs.text.wordpiece import WordPiece
from pfs.words.bert_spans import LONGEST, best_spans
from pfs.words.bert_windows import (
    LENGTH,
    QUESTION,
    STRIDE,
    Window,
    collate,
    windows,
)

Logits = tuple[Float[Tensor, " time"], Float[Tensor, " time"]]
"""Of one window: the starts and the ends."""
COUNT = 20
"""How many answers are kept, if nobody says it."""


class Answer(NamedTuple):
    """A piece of a paragraph, or nothing.

    Source:
        Devlin et al. (2019), section 4.2.

    Differs:
        nothing
    """

    text: str
    """The characters of the paragraph; empty for "there is no answer"."""
    start: int
    """Where they begin in the paragraph; -1 if there is no answer."""
    end: int
    """Where they have ended: one after the last."""
    score: float
    """The sum of the two logits."""
    probability: float
    """The softmax of the scores over all answers that are listed."""


def read_answers(
    paragraph: str,
    seen: Sequence[tuple[Window, Logits]],
    *,
    longest: int = LONGEST,
    count: int = COUNT,
    threshold: float | None = None,
) -> list[Answer]:
    r"""Turn the logits of all windows of a paragraph into texts.

    A span counts in the window that gives its first token the most context,
    and nowhere else. With a `threshold` $\tau$ "no answer" takes part: it is
    the best if

    $$ s_{\mathrm{null}} > \max_{i \le j} s_{ij} + \tau, \qquad
    s_{\mathrm{null}} = \min_w \;(\mathrm{start}^w_0 + \mathrm{end}^w_0)
    \tag{11} $$

    Args:
        paragraph: The text.
        seen: Each window with the logits of its starts and ends; what is
            behind its last place is not read.
        longest: How many tokens an answer has at most.
        count: How many answers are wanted.
        threshold: How much better "no answer" must be; `None` if there is
            always an answer.

    Returns:
        The answers, the best first, each text once; empty if there is no
        legal span.

    Raises:
        ValueError: A01 if `longest` or `count` is below 1.

    Examples:
        >>> wordpiece = WordPiece(["[UNK]", "[CLS]", "[SEP]", *"abcd?"])
        >>> window, *_ = windows("?", "A b, C", wordpiece)
        >>> start, end = torch.zeros(2, len(window.ids))
        >>> start[4], end[6] = 2, 3
        >>> read_answers("A b, C", [(window, (start, end))])[0].text
        'b, C'

    Source:
        Devlin et al. (2019), sections 4.2 and 4.3; the released
        `run_squad.py`: `write_predictions`.

    Differs:
        The released code compares its texts after it has looked for them in
        the paragraph again; here every token knows its place.
    """
    checks.positive("read_answers", longest=longest, count=count)
    found: list[tuple[float, str, int, int]] = []
    for window, logits in seen:
        found += _in_window(paragraph, window, logits, longest, count)
    found.sort(key=lambda one: -one[0])
    best: dict[str, tuple[float, str, int, int]] = {}
    for one in found:
        best.setdefault(one[1], one)
    chosen = [*best.values()][:count]
    if threshold is not None and seen:
        chosen = chosen[: max(1, count - 1)]  # a place for "no answer"
        null = null_score([logits for _, logits in seen])
        first = 1 if chosen and null <= chosen[0][0] + threshold else 0  # (11)
        rest = [*chosen[first:], (null, "", -1, -1)]
        if first:
            rest.sort(key=lambda one: -one[0])
        else:
            rest = [rest[-1], *rest[:-1]]
        chosen = [*chosen[:first], *rest][:count]
    marks = torch.tensor([score for score, *_ in chosen])
    shares = softmax(marks, 0).tolist()
    return [
        Answer(text, start, end, score, share)
        for (score, text, start, end), share in zip(chosen, shares, strict=True)
    ]


def _in_window(
    paragraph: str, window: Window, logits: Logits, longest: int, count: int
) -> list[tuple[float, str, int, int]]:
    """Return the best answers of a window, with score, text and place."""
    size, first = len(window.ids), window.offset
    last = first + len(window.tokens)
    own = torch.tensor(window.own, dtype=torch.bool)
    start, end = (x[:size].detach().cpu().double() for x in logits)
    # The first token must be the window's own, the last one need not.
    starts = start[first:last].masked_fill(~own, -math.inf)
    spans = best_spans(starts, end[first:last], None, longest, count)
    found = []
    for span in spans:
        place = window.stretch(first + span.start, first + span.end)
        if place is not None:
            text = paragraph[place[0] : place[1]]
            found.append((span.score, text, *place))
    return found


def null_score(seen: Sequence[Logits]) -> float:
    """Score "there is no answer" for a paragraph.

    Args:
        seen: The logits of each window.

    Returns:
        The lowest sum of the logits of `[CLS]`: one window that is sure of an
        answer is enough.

    Raises:
        ValueError: A01 if there is no window.

    Examples:
        >>> one, two = torch.tensor([1.0, 5.0]), torch.tensor([-2.0, 0.0])
        >>> null_score([(one, one), (two, one)])
        -1.0

    Source:
        Devlin et al. (2019), section 4.3; the released `run_squad.py` takes
        the minimum over the windows.

    Differs:
        nothing
    """
    if not seen:
        raise PfsValueError(
            "A01",
            where="null_score, seen",
            expected="at least one window",
            got="none",
            todo="cut the paragraph with windows() first",
        )
    return min(float(start[0] + end[0]) for start, end in seen)


# --8<-- [start:answer]
def answer(
    model: Any,
    wordpiece: WordPiece,
    question: str,
    paragraph: str,
    *,
    length: int = LENGTH,
    stride: int = STRIDE,
    threshold: float | None = None,
    count: int = COUNT,
) -> list[Answer]:
    """Ask a model a question about a text.

    Args:
        model: A `BertForQuestionAnswering`, in evaluation mode.
        wordpiece: Its tokenizer.
        question: The question.
        paragraph: The text, of any length.
        length: Places of a window; no more than the model has.
        stride: As of `windows`.
        threshold: As of `read_answers`.
        count: How many answers are wanted.

    Returns:
        The answers, the best first.

    Raises:
        ValueError: As `windows` and `read_answers`; S14 if a window is longer
            than the model can read.

    Examples:
        >>> from pfs.words.bert import BERT_TINY, BertForQuestionAnswering
        >>> model = BertForQuestionAnswering(BERT_TINY).eval()
        >>> wordpiece = WordPiece(["[UNK]", "[CLS]", "[SEP]", *"abcd?"])
        >>> one, *_ = answer(model, wordpiece, "?", "a b c", length=8)
        >>> "a b c"[one.start : one.end] == one.text
        True

    Source:
        Devlin et al. (2019), section 4.2.

    Differs:
        nothing
    """
    found = windows(
        question,
        paragraph,
        wordpiece,
        length=length,
        stride=stride,
        question_length=min(QUESTION, max(1, length // 2)),
    )
    logits = score_windows(model, found)
    return read_answers(
        paragraph,
        [*zip(found, logits, strict=True)],
        count=count,
        threshold=threshold,
    )


# --8<-- [end:answer]


def score_windows(
    model: Any, some: Sequence[Window], batch_size: int = 32
) -> list[Logits]:
    """Let a model score every place of many windows.

    Args:
        model: A `BertForQuestionAnswering`, in evaluation mode.
        some: The windows.
        batch_size: How many are read side by side.

    Returns:
        The logits of the starts and of the ends, on the CPU, in the order of
        the windows; each as long as its window.

    Raises:
        ValueError: S14 if a window is longer than the model can read.

    Examples:
        >>> from pfs.words.bert import BERT_TINY, BertForQuestionAnswering
        >>> model = BertForQuestionAnswering(BERT_TINY).eval()
        >>> wordpiece = WordPiece(["[UNK]", "[CLS]", "[SEP]", *"abcd?"])
        >>> [(start, end)] = score_windows(model, windows("?", "a", wordpiece))
        >>> start.shape
        torch.Size([5])

    Source:
        This project.

    Differs:
        nothing
    """
    device = next(model.parameters()).device
    order = sorted(range(len(some)), key=lambda i: len(some[i].ids))
    found: dict[int, Logits] = {}
    with torch.no_grad():
        for begin in range(0, len(order), batch_size):
            rows = order[begin : begin + batch_size]
            batch = collate([some[i] for i in rows])
            ids, types, padding = (x.to(device) for x in batch[:3])
            start, end = (x.float().cpu() for x in model(ids, types, padding))
            for row, i in enumerate(rows):
                size = len(some[i].ids)
                found[i] = (start[row, :size], end[row, :size])
    return [found[i] for i in range(len(some))]
