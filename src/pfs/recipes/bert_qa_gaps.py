r"""Pre-training inside the recipe: gaps and pairs of plain text.

Note: notes/bert
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import torch

from pfs.data.story import story
from pfs.data.streams import Stream, of_round
from pfs.errors import PfsValueError
from pfs.nn import cross_entropy
from pfs.recipes.bert_qa_config import BertQaConfig
from pfs.shapes import Bool, Int, Tensor
from pfs.text.wordpiece import WordPiece
from pfs.training.trainer import Remembering, Step
from pfs.words.bert_pairs import assemble, next_sentence_pairs
from pfs.words.bert_pretraining import LEFT_OUT, mask_tokens

Document = list[list[int]]
"""Sentences in their order, each its word pieces."""
ROUNDS: Final = 8
"""How many batches of gaps the held-out text is judged with."""


class Gaps(NamedTuple):
    """A batch of pairs of texts with gaps."""

    inputs: Int[Tensor, "batch time"]
    """What the model reads."""
    types: Int[Tensor, "batch time"]
    """The segments."""
    padding: Bool[Tensor, "batch time"]
    """`True` where there is padding."""
    targets: Int[Tensor, "batch time"]
    """The right piece where it is to be guessed."""
    random: Int[Tensor, " batch"]
    """1 where the second text is a random one."""


class PlainText:
    """The texts that the gaps are made in, and the part that is held out.

    They are the story of the package, sentence by sentence, and the windows
    of the training questions: a question, and a text that may hold its
    answer. Where the answer is, is not told.

    Args:
        wordpiece: The tokenizer.
        languages: In which languages the story is read.
        asked: The windows: ids, types, and where there is padding.
        config: The settings.

    Raises:
        ValueError: A03 if the vocabulary has no `[PAD]` or `[MASK]`.

    Source:
        Devlin et al. (2019), section 3.1; Gururangan et al. (2020), for
        pre-training on the text of the task.

    Differs:
        Only the held-out end of the story is judged.
    """

    def __init__(
        self,
        wordpiece: WordPiece,
        languages: Sequence[str],
        asked: tuple[Tensor, ...],
        config: BertQaConfig,
    ) -> None:
        for mark in ("[PAD]", "[MASK]"):
            if mark not in wordpiece.ids:
                raise PfsValueError(
                    "A03",
                    where="setting pretrain_steps",
                    expected="a vocabulary with [PAD] and [MASK]",
                    got=f"no {mark}",
                    todo="choose another vocabulary, or pretrain_steps=0",
                )
        self.wordpiece, self.places = wordpiece, config.places
        self.rows, self.seed = config.batch_size, config.seed
        self.known = _asked(*asked)
        self.unseen: list[Document] = []
        for language in languages:
            paragraphs = story(language).strip().split("\n\n")
            some = [
                [wordpiece.encode(line).tolist() for line in p.split("\n")]
                for p in paragraphs
            ]
            some = [d for d in some if len(d) > 1]
            cut = len(some) * 9 // 10
            self.known += some[:cut]
            self.unseen += some[cut:]

    def batch(self, number: int) -> Gaps:
        """Make a batch; the same number gives the same one.

        Args:
            number: Which one.

        Returns:
            Pairs of sentences from that many documents.
        """
        return self._gaps(self.known, of_round(self.seed, number))

    def _gaps(self, documents: list[Document], source: torch.Generator) -> Gaps:
        order = torch.randperm(len(documents), generator=source).tolist()
        some = [documents[i] for i in order[: max(2, self.rows)]]
        pairs = next_sentence_pairs(some, source)
        order = torch.randperm(len(pairs), generator=source).tolist()
        pairs = [pairs[i] for i in order[: self.rows]]
        longest = max(len(p.first) + len(p.second) for p in pairs) + 3
        ids = self.wordpiece.ids
        marks = (ids["[CLS]"], ids["[SEP]"], ids["[PAD]"])
        batch = assemble(pairs, marks, min(longest, self.places))
        inputs, targets = mask_tokens(
            batch.ids, marks, ids["[MASK]"], len(self.wordpiece), source
        )
        return Gaps(inputs, batch.types, batch.padding, targets, batch.random)

    def judge(self, model: Any) -> dict[str, float]:
        """Measure the guesses in the gaps of the held-out text.

        Args:
            model: A `GapsAndAnswers`.

        Returns:
            The mean loss `mlm`, the mean loss `nsp` of the pairs, and the
            loss `unigram` of a model that knows how often a piece occurs.
        """
        counts = Counter(t for d in self.known for s in d for t in s)
        total = sum(counts.values()) + len(self.wordpiece)
        surprise = {
            t: -math.log((counts[t] + 1) / total)
            for t in range(len(self.wordpiece))
        }
        was = model.training
        model.eval()
        sums: Counter[str] = Counter()
        with torch.no_grad():
            for number in range(ROUNDS):
                source = of_round(self.seed + 1, number)
                sums.update(
                    _judged(model, self._gaps(self.unseen, source), surprise)
                )
        model.train(was)
        return {
            "mlm": sums["mlm"] / sums["gaps"],
            "unigram": sums["unigram"] / sums["gaps"],
            "nsp": sums["nsp"] / sums["pairs"],
        }


def _asked(
    ids: Int[Tensor, "batch time"],
    types: Int[Tensor, "batch time"],
    padding: Bool[Tensor, "batch time"],
) -> list[Document]:
    """Take the two texts of every window apart."""
    made = []
    firsts = ((types == 0) & ~padding).sum(1).tolist()
    lasts = (~padding).sum(1).tolist()
    for row, first, last in zip(ids.tolist(), firsts, lasts, strict=True):
        made.append([row[1 : first - 1], row[first : last - 1]])
    return [d for d in made if all(d)]


def _judged(
    model: Any, gaps: Gaps, surprise: dict[int, float]
) -> dict[str, float]:
    """Return the sums of the losses over one batch, and how many there are."""
    device = next(model.parameters()).device
    inputs, types, padding, targets, random = (t.to(device) for t in gaps)
    chosen = targets != LEFT_OUT
    words, order = model(inputs, types, padding, chosen)
    right = targets[chosen]
    mlm = cross_entropy(words.float(), right, reduction="sum")
    nsp = cross_entropy(order.float(), random, reduction="sum")
    return {
        "mlm": mlm.item(),
        "nsp": nsp.item(),
        "unigram": sum(surprise[t] for t in right.tolist()),
        "gaps": len(right),
        "pairs": len(order),
    }


class TwoPhases:
    """First batches of one kind, then those of a stream.

    Args:
        first: Makes a batch of the first kind by its number.
        count: How many of them there are.
        then: The stream that follows.

    Examples:
        >>> from pfs.data.streams import ExampleStream
        >>> then = ExampleStream((torch.arange(4),), 4, seed=0)
        >>> both = TwoPhases(lambda number: number, 2, then)
        >>> next(both), next(both), len(next(both)[0]), both.round
        (0, 1, 4, 1)

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(
        self, first: Callable[[int], Any], count: int, then: Stream
    ) -> None:
        self.first, self.count, self.then = first, count, then
        self.given = 0

    @property
    def round(self) -> int:
        """0 in the first phase, then one more than that of the stream."""
        return 0 if self.given < self.count else self.then.round + 1

    @property
    def place(self) -> int:
        """How many batches of the round were given out."""
        return self.given if self.given < self.count else self.then.place

    def __next__(self) -> Any:
        """Return the next batch."""
        if self.given < self.count:
            self.given += 1
            return self.first(self.given - 1)
        return next(self.then)

    def go_to(self, round: int, place: int) -> None:
        """Continue from another place.

        Args:
            round: Which round; 0 is the first phase.
            place: How many batches of it were given out before.
        """
        self.given = place if round == 0 else self.count
        if round > 0:
            self.then.go_to(round - 1, place)


class AfterGaps(Remembering):
    """Judges the guesses when the last gap has been filled.

    Args:
        text: The text.
        at: After which step.
    """

    def __init__(self, text: PlainText, at: int) -> None:
        self.text, self.at = text, at
        self.found: dict[str, float] = {}

    def __call__(self, trainer: Any, step: Step) -> None:
        """Judge, if it is time.

        Args:
            trainer: The run.
            step: The step that was made.
        """
        if step.number == self.at:
            self.found = self.text.judge(trainer.model)

    def state(self) -> dict[str, Any]:
        """Return what was found."""
        return {"found": self.found}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take it back.

        Args:
            state: What `state` returned.
        """
        self.found = state["found"]
