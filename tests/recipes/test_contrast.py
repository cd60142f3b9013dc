"""The recipe of contrastive learning: five methods, one budget, floors."""

import json
import math
from dataclasses import replace

import pytest
import torch

from pfs.backend import backend
from pfs.data.streams import of_round
from pfs.errors import PfsFileError, PfsValueError
from pfs.nn import l2_normalize
from pfs.recipes import contrast, contrast_score
from pfs.recipes.contrast import CONTRAST
from pfs.recipes.contrast_config import METHODS
from pfs.recipes.contrast_data import read_pictures, views_of
from pfs.recipes.contrast_model import build
from pfs.recipes.running import Running
from pfs.training.launch import launch
from pfs.training.probes import knn_accuracies

QUICK = replace(
    CONTRAST,
    images=96,
    features=16,
    vector_size=8,
    negatives=64,
    steps=6,
    batch_size=32,
    warmup=2,
    lr=0.03,
    evaluations=2,
    device="cpu",
)


@pytest.fixture(scope="module")
def pictures():
    full = read_pictures(QUICK)
    return replace(full, test=full.test[:40], test_labels=full.test_labels[:40])


@pytest.fixture(scope="module", params=METHODS)
def trained(request, pictures):
    return contrast.train(pictures, replace(QUICK, method=request.param))


def test_the_result_says_what_was_measured(trained, pictures):
    metrics = trained.result["metrics"]
    assert json.loads(json.dumps(trained.result)) == trained.result
    assert metrics["steps"] == metrics["curve"][-1]["step"] == 6
    assert metrics["train_images"] == 96
    assert metrics["test_images"] == 40
    assert metrics["knn"] == metrics["features"]["k=20"]
    assert set(metrics["floors"]) == {
        *("pixels", "centred", "changed", "random")
    }
    for kind in ("pixels", "random"):
        assert 0 <= metrics["floors"][kind]["linear"] <= 1
    count = sum(p.numel() for p in trained.method.encoder.parameters())
    assert metrics["parameters"] == count
    assert metrics["curve"][-1]["held_out"] == pytest.approx(1 - metrics["knn"])
    assert metrics["collapsed"] is (metrics["spread"] < 0.1)
    assert math.isfinite(metrics["first_loss"])


def test_every_method_moves_its_encoder_and_its_head(pictures):
    for method in METHODS:
        config = replace(QUICK, method=method, steps=2)
        torch.manual_seed(config.seed)
        before = build(config, (1, 8, 8), 96)
        after = contrast.train(pictures, config).method
        moved = dict(after.named_parameters())
        for name, p in before.named_parameters():
            assert not torch.equal(p, moved[name]), (method, name)


def test_the_features_are_measured_as_said(trained, pictures):
    """The same numbers, once more and from the tensors themselves."""
    metrics, method = trained.result["metrics"], trained.method.eval()
    with torch.no_grad():
        h = method.encoder(pictures.test)
        v = method.embed(pictures.test)
        torch.testing.assert_close(l2_normalize(method.head(h)), v)
        wide = v.std(0, correction=0).mean() * 8**0.5
        changed = views_of(QUICK)(pictures.test, of_round(QUICK.seed, 0))[0]
        votes = knn_accuracies(
            *(method.encoder(pictures.train), pictures.train_labels),
            *(method.encoder(changed), pictures.test_labels),
        )
    assert list(metrics["changed"].values()) == pytest.approx(votes)
    assert metrics["spread"] == pytest.approx(wide.item(), abs=1e-5)
    assert contrast_score.described(method.encoder, pictures.test).equal(h)
    assert not method.training


def test_floors_know_nothing_of_the_method(pictures):
    floors = [
        contrast.train(pictures, replace(QUICK, method=m, steps=s)).result
        for m, s in (("moco", 1), ("simclr", 3))
    ]
    one, two = (result["metrics"]["floors"] for result in floors)
    assert one == two


def test_a_few_steps_are_better_than_random_weights():
    """Narrow and short; the defaults have ten times as many steps."""
    config = replace(
        QUICK, images=1500, batch_size=64, steps=80, lr=0.02, backend="fused"
    )
    result = contrast.run(replace(config, method="inva-spread")).result
    metrics = result["metrics"]
    assert metrics["knn"] > metrics["floors"]["random"]["k=20"] + 0.1
    assert metrics["linear"] > metrics["floors"]["random"]["linear"] + 0.1
    assert not metrics["collapsed"]
    assert 0 < metrics["alignment"] < -metrics["uniformity"]


@pytest.mark.parametrize("method", METHODS)
def test_a_seed_decides_every_bit_and_nothing_else_does(method, pictures):
    config = replace(QUICK, method=method, steps=3)
    torch.manual_seed(999)
    before = torch.random.get_rng_state()
    one = contrast.train(pictures, config)
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.manual_seed(5)
    again = contrast.train(pictures, config)
    for name, p in one.method.state_dict().items():
        assert torch.equal(p, again.method.state_dict()[name]), name
    other = contrast.train(pictures, replace(config, seed=1))
    assert other.result["metrics"] != one.result["metrics"]


@pytest.mark.parametrize("method", METHODS)
def test_a_run_that_was_stopped_goes_on_as_if_nothing_had_happened(
    method, pictures, tmp_path
):
    """Views, order, memory bank, queue, momentum: all as they were."""
    config = replace(QUICK, method=method)
    steps = []
    count = lambda trainer, step: steps.append(step.number)
    first = Running(
        folder=tmp_path, callbacks=(count,), stop=lambda: len(steps) == 3
    )
    contrast.train(pictures, config, first)
    assert steps[-1] < 6
    rest = Running(folder=tmp_path, resume=True, callbacks=(count,))
    resumed = contrast.train(pictures, config, rest)
    assert steps == [*range(1, 7)]
    whole = contrast.train(pictures, config)
    for name, p in whole.method.state_dict().items():
        assert torch.equal(p, resumed.method.state_dict()[name]), name
    for result in (whole.result, resumed.result):
        del result["metrics"]["train_seconds"]
        del result["metrics"]["curve"]  # one point more where it stopped
    assert resumed.result["metrics"] == whole.result["metrics"]


def test_other_settings_are_not_resumed(tmp_path, pictures):
    contrast.train(pictures, QUICK, Running(folder=tmp_path))
    again = Running(folder=tmp_path, resume=True)
    with pytest.raises(PfsValueError) as caught:
        contrast.train(pictures, replace(QUICK, tau=0.3), again)
    assert caught.value.code == "T07"
    assert caught.value.where == "tau"


TRAIN = """
import sys
from dataclasses import replace
from pathlib import Path
from pfs.recipes import contrast
from pfs.recipes.contrast_data import read_pictures
from pfs.recipes.contrast_training import groups_of
from pfs.recipes.running import Running
from pfs.recipes.settings import with_settings

config = with_settings(contrast.CONTRAST, sys.argv[2:])
some = read_pictures(config)
few = {"test": some.test[:40], "test_labels": some.test_labels[:40]}
running = Running(folder=Path(sys.argv[1]))
trained = contrast.train(replace(some, **few), config, running)
if trained.result["processes"]["rank"] == 0:
    contrast.save(trained, sys.argv[1])
"""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("method", ["simclr", "inva-spread"])
def test_two_processes_give_what_two_parts_give(method, tmp_path):
    """In float64, to 1e-9, after 4 steps; the running statistics apart."""
    settings = [f"method={method}", "precision=float64", "steps=4"]
    settings += ["images=96", "features=16", "vector_size=8", "lr=0.03"]
    settings += ["batch_size=32", "warmup=2", "device=cpu", "evaluations=1"]
    places = [tmp_path / name for name in ("one", "two")]
    for place, count, split in zip(places, (1, 2), (2, 1), strict=True):
        more = [str(place), *settings, f"split={split}"]
        assert launch(["-c", TRAIN, *more], count) == 0
    one, two = map(contrast.load, places)
    others = dict(two.method.named_parameters())
    for name, p in one.method.named_parameters():
        torch.testing.assert_close(p, others[name], rtol=0, atol=1e-9)
    logs = [
        [json.loads(line) for line in text.splitlines()]
        for text in ((p / "log.jsonl").read_text("utf-8") for p in places)
    ]
    assert len(logs[0]) == 4
    for a, b in zip(*logs, strict=True):
        assert a["loss"] == pytest.approx(b["loss"], abs=1e-9)
    assert two.result["processes"]["size"] == 2


def test_the_kernels_of_torch_give_the_same(pictures):
    config = replace(QUICK, precision="float64", steps=3)
    ours = contrast.train(pictures, config)
    fused = contrast.train(pictures, replace(config, backend="fused"))
    for name, p in ours.method.state_dict().items():
        theirs = fused.method.state_dict()[name]
        torch.testing.assert_close(theirs, p, rtol=1e-7, atol=1e-9)
    assert ours.method.head[0].weight.dtype == torch.float64
    with backend("fused"):
        images = pictures.test.double()
        torch.testing.assert_close(
            fused.method.embed(images), ours.method.embed(images)
        )


def test_an_evaluation_finds_what_was_reported(tmp_path):
    contrast.run(replace(QUICK, method="moco"), Running(folder=tmp_path))
    found = contrast.evaluate(tmp_path)
    assert list(found) == ["knn", "reported"]
    assert found["knn"] == found["reported"]
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert result["recipe"] == "contrast"
    assert result["data"]["name"] == "digits"
    assert {"commit", "versions", "platform", "date"} <= set(result)
    result["data"]["sha256"] = "0" * 64
    (tmp_path / "result.json").write_text(json.dumps(result), "utf-8")
    with pytest.raises(PfsValueError) as caught:
        contrast.evaluate(tmp_path)
    assert caught.value.code == "T07"


def test_what_is_loaded_is_what_was_saved(trained, tmp_path, pictures):
    contrast.save(trained, tmp_path)
    loaded = contrast.load(tmp_path)
    assert loaded.config == trained.config
    assert (loaded.shape, loaded.images) == ((1, 8, 8), 96)
    for name, p in trained.method.state_dict().items():
        assert torch.equal(p, loaded.method.state_dict()[name]), name
    assert not loaded.method.training


def test_foreign_folders_are_refused(pictures, tmp_path):
    trained = contrast.train(pictures, replace(QUICK, steps=1))
    contrast.save(trained, tmp_path)
    about = tmp_path / "model.json"
    good = about.read_text("utf-8")
    for content in ("[]", '{"kind": "char-rnn", "format": 1}', good[:-9]):
        about.write_text(content, "utf-8")
        with pytest.raises(PfsFileError) as caught:
            contrast.load(tmp_path)
        assert caught.value.code == "M01"
    narrow = replace(trained, config=replace(QUICK, features=8))
    contrast.save(narrow, tmp_path)
    with pytest.raises(PfsFileError, match="do not fit"):
        contrast.load(tmp_path)


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"method": "byol"}, "A01", "'moco-v2'"),
        ({"views": "mirror"}, "A01", "'cifar'"),
        ({"steps": 0}, "A01", "steps"),
        ({"features": 0}, "A01", "features"),
        ({"blocks": 0}, "A01", "blocks"),
        ({"split": 0}, "A01", "split"),
        ({"split": 3}, "A03", "multiple of 3"),
        ({"vector_size": 0}, "A01", "embedding_size"),
        ({"tau": -1.0}, "A01", "temperature"),
        ({"batch_size": 97}, "X06", "at least 97"),
        ({"method": "moco", "negatives": 63}, "A03", "queue of 63"),
        ({"method": "moco", "negatives": 0}, "A01", "queue_size"),
        ({"method": "inst-disc", "noise": -1}, "A01", "negatives"),
        ({"decay": -0.1}, "A01", "weight_decay"),
        ({"seed": -1}, "A01", "seed"),
        ({"lr": 1e30, "warmup": 0}, "T04", "step"),
    ],
)
def test_runs_that_cannot_be_are_refused(changes, code, words, pictures):
    with pytest.raises(PfsValueError) as caught:
        contrast.train(pictures, replace(QUICK, **changes))
    assert caught.value.code == code
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "changes", [{"data": "story"}, {"data": "mnits"}, {"images": 0}]
)
def test_data_that_cannot_be_are_refused(changes):
    with pytest.raises(PfsValueError) as caught:
        contrast.run(replace(QUICK, **changes))
    assert caught.value.code == "A01"
