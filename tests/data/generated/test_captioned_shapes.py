"""What the caption says can be read from the points."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pfs.data import load
from pfs.data.generated.captioned_shapes import (
    COLOURS,
    NAMES,
    SIZES,
    Shape,
    describe,
    draw,
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


def agree(image, shapes, side):
    found = seen(image)
    truth = {(s.size, s.colour, s.form) for s in shapes}
    assert {what for what, _ in found} == truth
    if side:
        places = dict(found)
        first, second = (places[s.size, s.colour, s.form] for s in shapes)
        axis = 1 if side == "left of" else 0
        assert first[axis] < second[axis] - 8
        assert abs(first[1 - axis] - second[1 - axis]) < 3


def test_pictures_show_what_is_true_of_them():
    for part in load("captioned-shapes", size=600).values():
        for picture in part:
            assert picture.image.dtype == torch.uint8
            assert picture.image.shape == (3, 32, 32)
            agree(picture.image, picture.shapes, picture.side)


@given(st.sampled_from(scenes()), st.integers(0, 2**40))
def test_every_scene_can_be_read_wherever_it_is_drawn(scene, seed):
    agree(draw(*scene, torch.Generator().manual_seed(seed)), *scene)


def test_captions_are_as_people_write_them():
    one = Shape("small", "red", "circle")
    two = Shape("large", "blue", "square")
    assert [
        describe(shapes, side, language)
        for shapes, side in (((one,), ""), ((one, two), "left of"))
        for language in ("en", "ko", "zh")
    ] == [
        "a small red circle",
        "작은 빨간 원이 있다",
        "一个红色小圆形",
        "a small red circle left of a large blue square",
        "큰 파란 정사각형 왼쪽에 작은 빨간 원이 있다",
        "一个红色小圆形位于一个蓝色大正方形的左边",
    ]


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
    for language in ("en", "ko", "zh"):
        captions = {describe(*scene, language) for scene in scenes()}
        assert len(captions) == 888
    with pytest.raises(PfsError):
        describe(*scenes()[0], "fr")


def test_splits_share_no_caption_and_a_seed_decides_them():
    before = torch.random.get_rng_state()
    one = load("captioned-shapes")
    assert torch.equal(torch.random.get_rng_state(), before)
    assert [len(part) for part in one.values()] == [1600, 200, 200]
    captions = [{p.caption for p in part} for part in one.values()]
    assert not captions[0] & captions[1]
    assert not captions[0] & captions[2]
    assert not captions[1] & captions[2]


def test_a_seed_decides_every_picture():
    one, again = (load("captioned-shapes", size=200) for _ in range(2))
    other = load("captioned-shapes", size=200, seed=1)
    for name, part in one.items():
        for picture, same in zip(part, again[name], strict=True):
            assert picture.caption == same.caption
            assert torch.equal(picture.image, same.image)
    captions = [[p.caption for p in data["test"]] for data in (one, other)]
    assert captions[0] != captions[1]


@pytest.mark.parametrize(
    "options", [{"language": "fr"}, {"size": 0}, {"seed": -1}]
)
def test_options_that_cannot_be_are_refused(options):
    with pytest.raises(PfsError) as caught:
        load("captioned-shapes", **options)
    assert caught.value.code == "A01"
