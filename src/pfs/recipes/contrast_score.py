"""What is measured of a method, and of what every method must be above.

Note: notes/simclr
"""

import copy
from collections.abc import Sequence
from typing import Any, Final

import torch
from torch import nn

from pfs.data.streams import of_round
from pfs.nn import l2_normalize
from pfs.recipes.contrast_config import ContrastConfig
from pfs.recipes.contrast_data import Pictures, views_of
from pfs.shapes import Float, Tensor
from pfs.training.probes import (
    NEIGHBOURS,
    alignment,
    knn_accuracies,
    linear_probe,
    spread,
    uniformity,
)

AT_ONCE: Final = 500
"""How many pictures go through an encoder at once."""
FEW: Final = (2000, 1000)
"""How many pictures, for training and testing, the curve is measured on."""
HEADLINE: Final = "k=20"
"""How many neighbours vote where a single number is wanted."""
COLLAPSED: Final = 0.1
"""Vectors with less spread than this have collapsed; 1 is everywhere."""
WARM: Final = 40
"""How many batches a random encoder sees before it is judged."""


@torch.no_grad()
def described(
    encoder: nn.Module, images: Float[Tensor, "image ..."]
) -> Float[Tensor, "image feature"]:
    """Encode pictures, in the mode for evaluation.

    Args:
        encoder: The encoder; its mode is as it was, afterwards.
        images: The pictures, or the features that a head encodes.

    Returns:
        One vector for each, on the CPU.

    Examples:
        >>> described(nn.Flatten(), torch.ones(3, 1, 2, 2)).shape
        torch.Size([3, 4])

    Source:
        This project.

    Differs:
        nothing
    """
    was = encoder.training
    encoder.eval()
    own = next(encoder.parameters(), images)
    parts = [encoder(x.to(own)).cpu() for x in images.split(AT_ONCE)]
    encoder.train(was)
    return torch.cat(parts)


def error_of(encoder: nn.Module, pictures: Pictures) -> float:
    """Return a quick measure for the curve: lower is better.

    Args:
        encoder: The encoder.
        pictures: The pictures; only the first few are looked at.

    Returns:
        The share of test pictures that 20 neighbours get wrong.

    Examples:
        >>> error_of.__name__
        'error_of'

    Source:
        This project.

    Differs:
        nothing
    """
    train, test = FEW
    (right,) = knn_accuracies(
        described(encoder, pictures.train[:train]),
        pictures.train_labels[:train],
        described(encoder, pictures.test[:test]),
        pictures.test_labels[:test],
        neighbours=(int(HEADLINE.removeprefix("k=")),),
    )
    return 1 - right


def measured(
    method: nn.Module, pictures: Pictures, config: ContrastConfig
) -> dict[str, Any]:
    """Judge a method by its features, its embeddings, and two averages.

    Args:
        method: The method.
        pictures: The pictures.
        config: The settings.

    Returns:
        `knn` and `linear`: shares of right classes, of the features; the same
        for each number of neighbours, and of the embeddings, and for test
        pictures that are `changed` as the views are; `alignment`,
        `uniformity`, `spread`, and whether it `collapsed`.

    Examples:
        >>> measured.__name__
        'measured'

    Source:
        Wu et al. (2018), section 3.4; Wang & Isola (2020).

    Differs:
        nothing
    """
    encoder, head = _parts(method)
    train = described(encoder, pictures.train)
    test = described(encoder, pictures.test)
    features = _votes(train, test, pictures)
    linear = _linear(train, test, pictures)
    voting, judged = (l2_normalize(described(head, x)) for x in (train, test))
    wide = spread(judged)
    seen = [described(encoder, view) for view in _views(pictures, config)]
    first, second = (l2_normalize(described(head, x)) for x in seen)
    return {
        "knn": features[HEADLINE],
        "linear": linear,
        "features": features,
        "embeddings": _votes(voting, judged, pictures),
        "changed": _votes(train, seen[0], pictures),
        "alignment": float(alignment(first, second)),
        "uniformity": float(uniformity(first)),
        "spread": wide,
        "collapsed": wide < COLLAPSED,
    }


def floors_of(
    encoder: nn.Module, pictures: Pictures, config: ContrastConfig
) -> dict[str, Any]:
    """Measure what every method must be above, on the same pictures.

    Args:
        encoder: One with random weights. Its batch normalization gets to know
            the data before it is judged.
        pictures: The pictures.
        config: The settings.

    Returns:
        For `pixels`, pixels that are `centred` (less their mean), those of
        pictures that are `changed` as the views are, and the `random` encoder:
        the share of right classes, by neighbours and of a `linear` layer.

    Examples:
        >>> floors_of.__name__
        'floors_of'

    Source:
        This project.

    Differs:
        nothing
    """
    train, test = pictures.train.flatten(1), pictures.test.flatten(1)
    mean = train.mean(0)
    floors = {
        "pixels": _votes(train, test, pictures),
        "centred": _votes(train - mean, test - mean, pictures),
        "changed": _votes(
            train, _views(pictures, config)[0].flatten(1), pictures
        ),
    }
    floors["pixels"]["linear"] = _linear(train, test, pictures)
    warm = copy.deepcopy(encoder).train()
    own = next(warm.parameters())
    with torch.no_grad():
        for number in range(WARM):
            draw = of_round(config.seed, number)
            size = (min(AT_ONCE, len(pictures.train)),)
            some = torch.randint(len(pictures.train), size, generator=draw)
            warm(pictures.train[some].to(own))
    train, test = (described(warm, x) for x in (pictures.train, pictures.test))
    floors["random"] = _votes(train, test, pictures)
    floors["random"]["linear"] = _linear(train, test, pictures)
    return floors


def _parts(method: Any) -> tuple[nn.Module, nn.Module]:
    return method.encoder, method.head


def _views(pictures: Pictures, config: ContrastConfig) -> Sequence[Tensor]:
    """Draw two views of the first few test pictures, always the same."""
    few = pictures.test[: FEW[1]]
    return views_of(config)(few, of_round(config.seed, 0))


def _votes(train: Tensor, test: Tensor, pictures: Pictures) -> dict[str, float]:
    votes = knn_accuracies(
        train, pictures.train_labels, test, pictures.test_labels[: len(test)]
    )
    return {f"k={k}": v for k, v in zip(NEIGHBOURS, votes, strict=True)}


def _linear(train: Tensor, test: Tensor, pictures: Pictures) -> float:
    return linear_probe(
        train, pictures.train_labels, test, pictures.test_labels
    )
