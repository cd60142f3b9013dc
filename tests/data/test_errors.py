"""What is of another type gets an error that says what to pass.

Runs in a pass without the checker of types, as a user sees it.
"""

import datetime

import pytest
import torch

from pfs.data import augment, augment_color, augment_space, load
from pfs.data.generated import dates, numbers, particles
from pfs.errors import PfsIndexError, PfsTypeError, PfsValueError

DAY = datetime.date(2026, 11, 21)
CASES = [
    (lambda: numbers.say("one", "en"), "numbers.say, number"),
    (lambda: numbers.say(2.0, "en"), "numbers.say, number"),
    (lambda: numbers.say(True, "en"), "numbers.say, number"),
    (lambda: numbers.read(2, "en"), "numbers.read, words"),
    (lambda: numbers.read(None, "ko"), "numbers.read, words"),
    (lambda: dates.write("2026-11-21", "en"), "dates.write, date"),
    (lambda: dates.write(DAY, "en", 1.0), "dates.write, form"),
    (lambda: dates.read(20261121, "zh"), "dates.read, text"),
    (lambda: particles.final(3), "particles, word"),
    (lambda: load("numbers", size="many"), "numbers, size"),
    (lambda: load("numbers", seed=0.5), "numbers, seed"),
    (lambda: load("numbers", longest=3.0), "numbers, longest"),
    (lambda: load("dates", size=10.0), "dates, size"),
    (lambda: load("templates", sentences=2.0), "templates, sentences"),
    (lambda: load("templates", unanswerable="a"), "templates, unanswerable"),
    (lambda: load("planted-words", noise="a"), "planted-words, noise"),
    (lambda: load("captioned-shapes", size=None), "captioned-shapes, size"),
]


@pytest.mark.parametrize(("call", "where"), CASES)
def test_what_has_another_type_is_refused(call, where):
    with pytest.raises(PfsTypeError) as caught:
        call()
    assert caught.value.code == "A02"
    assert caught.value.where == where


X = torch.full((2, 3, 8, 8), 0.5)
F = torch.ones(2)
BOXES = torch.tensor([[0, 0, 8, 8], [4, 4, 5, 2]])
PICTURES = [
    (lambda: augment.flip(X.byte()), "S01", "flip, images"),
    (lambda: augment.flip(X[0]), "S14", "flip, images"),
    (lambda: augment.flip([1.0]), "A02", "flip, images"),
    (lambda: augment.flip(X, 50), "A01", "flip, p"),
    (lambda: augment.flip(X, "often"), "A02", "flip, p"),
    (lambda: augment.grey(X[:, :2]), "S14", "grey, images"),
    (lambda: augment.grey(X, -0.1), "A01", "grey, p"),
    (lambda: augment.random_crop(X, -1), "A01", "crop, padding"),
    (lambda: augment.random_crop(X, 1.5), "A02", "random_crop, padding"),
    (
        lambda: augment.random_resized_crop(X, (0.0, 1.0)),
        "A01",
        "random_resized_crop, scale",
    ),
    (
        lambda: augment.random_resized_crop(X, (0.5, 1.5)),
        "A01",
        "random_resized_crop, scale",
    ),
    (
        lambda: augment.random_resized_crop(X, ratio=(2.0, 1.0)),
        "A01",
        "random_resized_crop, ratio",
    ),
    (lambda: augment.blur(X, (2.0, 0.1)), "A01", "blur, sigma"),
    (
        lambda: augment.color_jitter(X, contrast=-1),
        "A01",
        "color_jitter, contrast",
    ),
    (lambda: augment.color_jitter(X, hue=0.6), "A01", "color_jitter, hue"),
    (lambda: augment.color_jitter(X[:, :2]), "S14", "color_jitter, images"),
    (
        lambda: augment.Views(augment.DIGITS)(X * 255),
        "A01",
        "Views, images",
    ),
    (
        lambda: augment.Views(augment.DIGITS)(X - 1),
        "A01",
        "Views, images",
    ),
    (lambda: augment.ViewsConfig(flip=2), "A01", "ViewsConfig, flip"),
    (
        lambda: augment.ViewsConfig(scale=(0.5, 0.2)),
        "A01",
        "ViewsConfig, scale",
    ),
    (lambda: augment.ViewsConfig(hue=0.7), "A01", "ViewsConfig, hue"),
    (lambda: augment_color.hue(X, F[:1]), "S14", "hue, shift"),
    (lambda: augment_color.contrast(X, F[:1]), "S14", "contrast, factor"),
    (lambda: augment_color.to_grey(X[:, :2]), "S14", "to_grey, images"),
    (
        lambda: augment_space.crop(X, 1, torch.tensor([[0, 0], [0, 3]])),
        "S09",
        "crop, offset[1, 1]",
    ),
    (
        lambda: augment_space.resized_crop(X, BOXES),
        "A01",
        "resized_crop, boxes",
    ),
    (
        lambda: augment_space.gaussian_blur(X, F, 8),
        "A01",
        "gaussian_blur, radius",
    ),
    (
        lambda: augment_space.gaussian_blur(X, F, 0),
        "A01",
        "gaussian_blur, radius",
    ),
]


@pytest.mark.parametrize(("call", "code", "where"), PICTURES)
def test_pictures_that_do_not_fit_are_refused(call, code, where):
    with pytest.raises((PfsTypeError, PfsValueError, PfsIndexError)) as caught:
        call()
    assert caught.value.code == code
    assert caught.value.where == where
