import json
import os
import re
from dataclasses import replace

import pytest
import torch

from pfs.data.generated import dates, numbers
from pfs.data.pairs import Pair
from pfs.errors import PfsFileError, PfsValueError
from pfs.recipes import translate, translate_data, translate_score
from pfs.recipes.running import Running
from pfs.recipes.translate import TRANSLATE
from pfs.recipes.translate_config import MODELS
from pfs.recipes.translate_data import read_pairs
from pfs.text import Pieces

QUICK = replace(
    TRANSLATE,
    size=120,
    longest=3,
    d_model=24,
    num_layers=1,
    steps=12,
    batch_size=16,
    warmup=3,
)


@pytest.fixture(scope="module")
def pairs():
    return read_pairs(QUICK)


@pytest.fixture(scope="module")
def trained(pairs):
    return translate.train(pairs, QUICK)


def test_every_pair_is_the_same_number_in_two_languages():
    pairs = read_pairs(replace(TRANSLATE, size=200))
    for pair in pairs.test:
        here, there = pair.note.split("-")
        mark, words = pair.source.split(": ")
        assert mark == there
        number = numbers.read(words, here)
        assert numbers.read(pair.target, there) == number


def test_every_pair_is_the_same_day_in_two_languages():
    pairs = read_pairs(replace(TRANSLATE, data="dates", size=200))
    for pair in (*pairs.test, *pairs.further["2100 to 2199"]):
        here, there = pair.note.split("-")
        words = pair.source.removeprefix(f"{there}: ")
        day = dates.read(pair.target, there)
        assert dates.read(words, here) == day
        assert (day.year < 2100) == (pair in pairs.test)


@pytest.mark.parametrize("data", ["numbers", "dates"])
def test_what_is_judged_was_never_read_in_any_direction(data):
    pairs = read_pairs(replace(TRANSLATE, data=data, size=300))
    read = {p.target for p in pairs.train}
    assert not read & {p.target for p in pairs.test}
    assert not read & {p.target for p in pairs.validation}
    for some in pairs.further.values():
        assert len(some) == 300
        assert not read & {p.target for p in some}


def test_longer_numbers_are_longer():
    further = read_pairs(QUICK).further
    assert list(further) == ["4 digits", "5 digits"]
    for name, some in further.items():
        for pair in some:
            number = numbers.read(pair.target, pair.note.split("-")[1])
            assert len(str(number)) == int(name[0])


def test_sentences_that_share_a_side_stay_together(monkeypatch):
    some = [Pair(f"s{i}", f"t{i}") for i in range(60)]
    some += [Pair("s1", "t2"), Pair("s3", "t2"), Pair("s1", "t2")]
    monkeypatch.setattr(translate_data, "load", lambda name: tuple(some))
    pairs = read_pairs(replace(TRANSLATE, data="kor-eng", swap=True))
    read = {t for p in pairs.train for t in (p.source, p.target)}
    judged = {t for p in pairs.test for t in (p.source, p.target)}
    assert not read & judged
    assert len(pairs.test) == 57 // 20
    assert all(p.source[0] == "t" for p in pairs.train)
    assert pairs.name == "kor-eng-swapped"
    assert pairs.language == "ko-en"


@pytest.mark.parametrize("model", MODELS)
def test_every_model_learns(pairs, model):
    """A few seconds are enough to beat a guess among all pieces."""
    config = replace(QUICK, model=model, d_model=48, steps=60, lr=3e-3)
    metrics = translate.train(pairs, config).result["metrics"]
    assert metrics["held_out_perplexity"] < 0.4 * metrics["pieces"]
    curve = [point["held_out"] for point in metrics["curve"]]
    assert curve[-1] < curve[0]


def test_a_seed_decides_every_bit(trained, pairs):
    again = translate.train(pairs, QUICK)
    for name, p in trained.model.state_dict().items():
        assert torch.equal(p, again.model.state_dict()[name]), name
    assert again.result["metrics"] == trained.result["metrics"]
    other = translate.train(pairs, replace(QUICK, seed=1))
    assert other.result["metrics"] != trained.result["metrics"]


def test_a_run_that_was_stopped_goes_on(trained, pairs, tmp_path):
    steps = []
    first = Running(
        folder=tmp_path,
        callbacks=(lambda trainer, step: steps.append(step.number),),
        stop=lambda: len(steps) == 5,
    )
    translate.train(pairs, QUICK, first)
    rest = Running(folder=tmp_path, resume=True)
    resumed = translate.train(pairs, QUICK, rest)
    assert len(steps) == 6
    assert resumed.result["metrics"] == trained.result["metrics"]
    for name, p in trained.model.state_dict().items():
        assert torch.equal(p, resumed.model.state_dict()[name]), name


def test_other_pairs_are_not_resumed(pairs, tmp_path):
    translate.train(pairs, QUICK, Running(folder=tmp_path))
    fewer = replace(pairs, train=pairs.train[1:])
    with pytest.raises(PfsValueError, match="pairs") as caught:
        translate.train(fewer, QUICK, Running(folder=tmp_path, resume=True))
    assert caught.value.code == "T07"


def test_what_is_loaded_translates_as_what_was_saved(trained, tmp_path):
    translate.save(trained, tmp_path)
    loaded = translate.load(tmp_path)
    assert loaded.config == trained.config
    assert loaded.pieces.pieces == trained.pieces.pieces
    said = [
        translate.speak(m, "ko: seven", length=9, temperature=0.0)
        for m in (trained, loaded)
    ]
    assert said[0] == said[1]
    assert said[0].startswith("ko: seven → ")
    (tmp_path / "model.json").write_text("{}", "utf-8")
    with pytest.raises(PfsFileError, match="M01"):
        translate.load(tmp_path)


def test_an_evaluation_finds_what_was_reported(tmp_path):
    translate.run(QUICK, Running(folder=tmp_path))
    found = translate.evaluate(tmp_path)
    assert found["exact"] == found["reported"]
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert {"commit", "versions", "platform", "date"} <= set(result)
    result["data"]["sha256"] = "0" * 64
    (tmp_path / "result.json").write_text(json.dumps(result), "utf-8")
    with pytest.raises(PfsValueError) as caught:
        translate.evaluate(tmp_path)
    assert caught.value.code == "T07"


def test_a_drawn_translation_is_decided_by_its_seed(trained):
    one, two, three = (
        translate.speak(
            trained, "ko: seven", length=20, temperature=2.0, seed=seed
        )
        for seed in (0, 0, 1)
    )
    assert one == two != three


def test_an_unknown_word_is_named(trained):
    with pytest.raises(PfsValueError, match="dozen") as caught:
        translate.speak(trained, "ko: dozen", length=9, temperature=0.0)
    assert caught.value.code == "X08"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"data": "moon"}, "numbers"),
        ({"model": "moses"}, "transformer"),
        ({"steps": 0}, "steps"),
        ({"longest": 13}, "longest"),
        ({"num_heads": 0}, "num_heads"),
        ({"beam": -1}, "beam"),
    ],
)
def test_runs_that_cannot_be_are_refused(changes, words):
    with pytest.raises(PfsValueError, match=words) as caught:
        translate.run(replace(QUICK, **changes))
    assert caught.value.code == "A01"


def test_whole_sentences_and_kinds_are_counted():
    pairs = [Pair("a", "b", "x"), Pair("c", "d", "x"), Pair("e", "f", "y")]
    written = ["b", "D", "f"]
    assert translate_score.exact(pairs, written) == pytest.approx(2 / 3)
    kinds = translate_score.by_note(pairs, written)
    assert kinds == {"x": 0.5, "y": 1.0}


def test_bleu_is_that_of_the_scorer():
    import sacrebleu

    pairs = [Pair("a", "the cat sat on the mat"), Pair("b", "a dog ran away")]
    written = ["the cat sat on a mat", "a dog ran"]
    wanted = sacrebleu.corpus_bleu(written, [[p.target for p in pairs]])
    found = translate_score.bleu(pairs, written, "en")
    assert found == pytest.approx(wanted.score, abs=1e-4)
    chinese = [Pair("a", "我不懂德语。")]
    assert translate_score.bleu(chinese, ["我不懂德语。"], "zh") == 100


def test_translations_come_back_in_the_order_of_the_sentences(trained):
    sources = ["ko: seven", "ko: one", "zh: five", "ko: seven"]
    ask = lambda some: translate_score.translate(
        trained.model, trained.codec, some, most=12, batch_size=2
    )
    together = ask(sources)
    assert together == [ask([one])[0] for one in sources]


def test_without_sacrebleu_the_way_out_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sacrebleu", None)
    with pytest.raises(PfsFileError, match=re.escape("[translation]")) as c:
        translate_score.sacrebleu()
    assert c.value.code == "E05"


def test_real_pairs_are_scored(monkeypatch):
    config = replace(QUICK, data="kor-eng", swap=True, steps=2, most=8)
    if not os.environ.get("PFS_DATA"):  # then nothing is fetched
        monkeypatch.setenv("PFS_HOME", "/nowhere")
        with pytest.raises(PfsFileError):
            translate.run(config)
        return
    result = translate.run(config).result
    assert 0 <= result["metrics"]["bleu"] <= 100
    assert result["data"]["name"] == "kor-eng-swapped"


def test_rare_pieces_are_unknown():
    texts = ["a b", "a c"]
    pieces = Pieces.from_texts(texts, least=2, unknown=True)
    assert len(pieces) == 2
