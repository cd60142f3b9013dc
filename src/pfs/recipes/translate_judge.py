"""What is measured of a model of translation, while training and at its end.

Note: notes/seq2seq
"""

import math
from typing import Any

import torch
from torch import nn

from pfs.data.pairs import Pair
from pfs.recipes.translate_data import GENERATED, Pairs
from pfs.recipes.translate_saved import Trained
from pfs.recipes.translate_score import bleu, by_note, exact, translate
from pfs.text.pieces import Pieces
from pfs.training.callbacks import Evaluation
from pfs.training.language import to_perplexity
from pfs.translation.batches import PAD, Codec, Padded, sequence_loss, shift


def pieces_of(pairs: Pairs, least: int, unknown: bool) -> Pieces:
    """Collect the pieces; of made pairs all are known beforehand."""
    some = [*pairs.train]
    if not unknown:
        some += [*pairs.validation, *pairs.test]
        some += [p for more in pairs.further.values() for p in more]
    texts = [text for p in some for text in (p.source, p.target)]
    return Pieces.from_texts(texts, least=least, unknown=unknown)


def encoded(codec: Codec, pairs: tuple[Pair, ...]) -> tuple[Padded, Padded]:
    """Encode the two sides of pairs."""
    return (
        codec.encode([pair.source for pair in pairs]),
        codec.encode([pair.target for pair in pairs]),
    )


def held_out_perplexity(
    model: nn.Module, source: Padded, target: Padded
) -> float:
    """Return the perplexity of a piece of held-out translations."""
    total, count = 0.0, 0
    was = model.training
    model.eval()
    device = next(model.parameters()).device
    with torch.no_grad():
        for rows in torch.arange(len(source.ids)).split(200):
            lengths, ends = source.lengths[rows], target.lengths[rows]
            ids = source.ids[rows, : int(lengths.max())].to(device)
            wanted = target.ids[rows, : int(ends.max())].to(device)
            logits = model(ids, shift(wanted), lengths.to(device))
            total += sequence_loss(logits, wanted, reduction="sum").item()
            count += int((wanted != PAD).sum())
    model.train(was)
    return math.exp(total / count)


def measured(trained: Trained, pairs: Pairs) -> dict[str, Any]:
    """Translate what was held out, and count what is right."""

    def written(some: tuple[Pair, ...]) -> list[str]:
        return translate(
            trained.model.cpu(),
            trained.codec,
            [pair.source for pair in some],
            most=trained.most,
            width=trained.config.beam,
        )

    found = written(pairs.test)
    metrics: dict[str, Any] = {"exact": exact(pairs.test, found)}
    if trained.config.data in GENERATED:
        metrics["directions"] = by_note(pairs.test, found)
        metrics["further"] = {
            name: exact(some, written(some))
            for name, some in pairs.further.items()
        }
    else:
        language = pairs.language.split("-")[-1]
        metrics["bleu"] = bleu(pairs.test, found, language)
    metrics["examples"] = [
        [pair.source, pair.target, text]
        for pair, text in list(zip(pairs.test, found, strict=True))[:8]
    ]
    return metrics


def curve_of(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Write down how the perplexities fell."""
    return [
        {
            "step": point.step,
            "train": to_perplexity(point.train),
            "held_out": point.held_out,
        }
        for point in evaluation.points
    ]
