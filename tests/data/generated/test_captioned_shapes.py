"""What the caption says can be read from the points."""

import pytest
import torch

from pfs.data import load
from pfs.data.generated.captioned_shapes import (
    COLOURS,
    NAMES,
    SIZES,
    describe,
    scenes,
)
from pfs.errors import PfsError


def points(image, colour):
    """Return where a colour stands: rows and columns."""
    wanted = torch.tensor(COLOURS[colour], dtype=torch.uint8)
    return (image == wanted[:, None, None]).all(0).nonzero().double()


def seen(image):
    """Read colours, sizes and forms from a picture alone."""
    found = []
    for colour in COLOURS:
        where = points(image, colour)
        if not len(where):
            continue
        high = where[:, 0].max() - where[:, 0].min() + 1
        wide = where[:, 1].max() - where[:, 1].min() + 1
        size = min(SIZES, key=lambda s: abs(2 * SIZES[s] - float(high)))
        filled = len(where) / float(high * wide)
        form = (
            "square"
            if filled > 0.95
            else "circle"
            if filled > 0.65
            else "triangle"
        )
        middle = (where.min(0).values + where.max(0).values) / 2
        found.append(((size, colour, form), middle))
    return found


def test_pictures_show_what_is_true_of_them():
    for part in load("captioned-shapes", size=600).values():
        for picture in part:
            found = seen(picture.image)
            truth = {(s.size, s.colour, s.form) for s in picture.shapes}
            assert {what for what, _ in found} == truth
            if not picture.side:
                continue
            places = dict(found)
            first, second = (
                places[s.size, s.colour, s.form] for s in picture.shapes
            )
            axis = 1 if picture.side == "left of" else 0
            assert first[axis] < second[axis] - 8
            assert abs(first[1 - axis] - second[1 - axis]) < 3


def test_captions_say_what_is_true_in_every_language():
    english = load("captioned-shapes", size=200)
    for language in ("ko", "zh"):
        other = load("captioned-shapes", language=language, size=200)
        for name, part in english.items():
            for one, two in zip(part, other[name], strict=True):
                assert torch.equal(one.image, two.image)
                assert one.shapes == two.shapes
                for shape in two.shapes:
                    names = NAMES[language]
                    assert names[shape.colour] in two.caption
                    assert names[shape.form] in two.caption
    for shapes, side in scenes():
        assert describe(shapes, side, "en").count("a ") >= len(shapes)
        korean = describe(shapes, side, "ko")
        assert korean.endswith("이 있다")  # 원, 정사각형, 삼각형 end closed
    captions = [describe(*scene, "zh") for scene in scenes()]
    assert len(set(captions)) == 888


def test_splits_share_no_caption_and_a_seed_decides_them():
    before = torch.random.get_rng_state()
    one = load("captioned-shapes")
    assert torch.equal(torch.random.get_rng_state(), before)
    assert [len(part) for part in one.values()] == [1600, 200, 200]
    captions = [{p.caption for p in part} for part in one.values()]
    assert not captions[0] & captions[1]
    assert not captions[0] & captions[2]
    assert not captions[1] & captions[2]
    again, other = load("captioned-shapes"), load("captioned-shapes", seed=1)
    same = [a.caption for a in again["test"]] == [
        a.caption for a in one["test"]
    ]
    assert same
    assert torch.equal(again["test"][0].image, one["test"][0].image)
    assert [a.caption for a in other["test"]] != [
        a.caption for a in one["test"]
    ]


@pytest.mark.parametrize(
    "options", [{"language": "fr"}, {"size": 0}, {"seed": -1}]
)
def test_options_that_cannot_be_are_refused(options):
    with pytest.raises(PfsError) as caught:
        load("captioned-shapes", **options)
    assert caught.value.code == "A01"
