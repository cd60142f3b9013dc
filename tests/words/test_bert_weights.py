"""Published weights load strictly, from folders as `transformers` saves."""

import hashlib
import json
import pickle
import sys
import types

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from torch.testing import assert_close

from pfs.errors import PfsError
from pfs.words.bert import Bert, BertForPreTraining, BertForQuestionAnswering
from pfs.words.bert_files import fetch
from pfs.words.bert_names import from_hugging_face
from pfs.words.bert_weights import load_pretrained

MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
PIECES = [*MARKS, "clock", "##s", "the", "strike", "e"]
HEADS = {
    Bert: transformers.BertModel,
    BertForPreTraining: transformers.BertForPreTraining,
    BertForQuestionAnswering: transformers.BertForQuestionAnswering,
}


@pytest.fixture
def folder(tmp_path):
    return save(tmp_path, transformers.BertForPreTraining)


def save(place, heads, **more):
    """Let `transformers` write a folder, with a vocabulary beside it."""
    torch.manual_seed(0)
    settings = transformers.BertConfig(
        vocab_size=len(PIECES),
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=12,
        **more,
    )
    model = heads(settings)
    with torch.no_grad():
        for p in model.parameters():
            p.add_(torch.randn_like(p), alpha=0.3)
    model.save_pretrained(place)
    text = "\n".join(PIECES) + "\n"
    (place / "vocab.txt").write_text(text, encoding="utf-8")
    return place


@pytest.mark.parametrize("kind", HEADS)
def test_a_saved_folder_gives_the_same_model(tmp_path, kind):
    place = save(tmp_path, HEADS[kind])
    judge = HEADS[kind].from_pretrained(place).eval()
    model, wordpiece, digest = load_pretrained(kind, place)
    ids, segments, _ = wordpiece.encode_pair("The clocks", "strike e")
    got = model(ids[None], segments[None])
    want = judge(ids[None], token_type_ids=segments[None]).to_tuple()
    assert_close(list(got), list(want)[:2])
    data = (tmp_path / "model.safetensors").read_bytes()
    assert digest == hashlib.sha256(data).hexdigest()
    assert not model.training


@pytest.mark.parametrize("form", ["file", "bin", "string"])
def test_other_forms_of_the_place(folder, form):
    want = load_pretrained(Bert, folder).model
    place = folder / "model.safetensors"
    if form == "bin":
        torch.save(load_file(place), folder / "pytorch_model.bin")
        place.unlink()
        place = folder
    got = load_pretrained(Bert, str(place) if form == "string" else place)
    assert_close(got.model.state_dict(), want.state_dict(), rtol=0, atol=0)


def rewrite(folder, change):
    path = folder / "model.safetensors"
    state = load_file(path)
    state = change(dict(state))
    path.unlink()
    save_file({k: v.clone().contiguous() for k, v in state.items()}, path)


def old(state):
    """As the first conversions spelled it, with what they stored besides."""
    new = {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
            "LayerNorm.bias", "LayerNorm.beta"
        ): tensor
        for name, tensor in state.items()
    }
    new["bert.embeddings.position_ids"] = torch.arange(12)[None]
    table = new["bert.embeddings.word_embeddings.weight"]
    new["cls.predictions.decoder.weight"] = table.clone()
    return new


def test_old_spellings_are_read(folder):
    want = load_pretrained(BertForPreTraining, folder).model.state_dict()
    rewrite(folder, old)
    got = load_pretrained(BertForPreTraining, folder).model.state_dict()
    assert_close(got, want, rtol=0, atol=0)


def test_a_new_head_is_drawn_only_if_asked(folder):
    with pytest.raises(PfsError, match="new_head=True"):
        load_pretrained(BertForQuestionAnswering, folder)
    torch.manual_seed(0)
    model = load_pretrained(
        BertForQuestionAnswering, folder, new_head=True
    ).model
    want = load_pretrained(Bert, folder).model.state_dict()
    got = model.bert.state_dict()
    assert_close(got, {n: want[n] for n in got}, rtol=0, atol=0)
    assert 0 < model.span.weight.abs().max() <= 0.04
    assert (model.span.bias == 0).all()


def without(part):
    return lambda state: {n: t for n, t in state.items() if part not in n}


def untied(state):
    table = state["bert.embeddings.word_embeddings.weight"]
    return state | {"cls.predictions.decoder.weight": table + 1}


def smaller(state):
    name = "bert.encoder.layer.0.output.dense.weight"
    return state | {name: state[name][:, :-1]}


def test_a_pooler_is_a_head_too(folder):
    rewrite(folder, without("pooler"))
    with pytest.raises(PfsError, match=r"bert\.pooler\.weight") as caught:
        load_pretrained(BertForPreTraining, folder)
    assert caught.value.code == "M01"
    model = load_pretrained(BertForPreTraining, folder, new_head=True).model
    assert model.bert.pooler.weight.abs().max() <= 0.04


CHANGES = {
    "layer.1": without("layer.1"),
    "query": without("layer.0.attention.self.query"),
    "a stranger": lambda state: state | {"bert.x": torch.zeros(1)},
    "a third layer": lambda state: (
        state
        | {
            n.replace("layer.1.", "layer.2."): t
            for n, t in state.items()
            if "layer.1." in n
        }
    ),
    "untied": untied,
    "smaller": smaller,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("new_head", [False, True])
def test_weights_that_do_not_fit_are_refused(folder, change, new_head):
    rewrite(folder, CHANGES[change])
    with pytest.raises(PfsError) as caught:
        load_pretrained(BertForPreTraining, folder, new_head=new_head)
    assert caught.value.code == "M01"


SETTINGS = {
    "model_type": "roberta",
    "is_decoder": True,
    "position_embedding_type": "relative_key",
    "hidden_act": "swish",
    "vocab_size": 3,
    "hidden_size": 0,
    "num_hidden_layers": None,
}


@pytest.mark.parametrize("key", SETTINGS)
def test_another_model_is_refused(folder, key):
    path = folder / "config.json"
    content = json.loads(path.read_text("utf-8")) | {key: SETTINGS[key]}
    if SETTINGS[key] is None:
        del content[key]
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(PfsError) as caught:
        load_pretrained(Bert, folder)
    assert caught.value.code == "M01"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("config.json", b"{"),
        ("config.json", b"[]"),
        ("config.json", None),
        ("vocab.txt", None),
        ("model.safetensors", b"\x00" * 40),
        ("model.safetensors", None),
    ],
)
def test_damaged_and_missing_files_are_named(folder, name, data):
    (folder / name).unlink()
    if data is not None:
        (folder / name).write_bytes(data)
    with pytest.raises(PfsError, match=name) as caught:
        load_pretrained(Bert, folder)
    assert caught.value.code == "M01"


class Harmful:
    def __reduce__(self):
        return (Harmful.act, ())

    done = False

    @staticmethod
    def act():
        Harmful.done = True
        return {}


@pytest.mark.parametrize("content", [Harmful(), [1, 2], {"a": 1}])
def test_a_pickle_runs_nothing(folder, content):
    (folder / "model.safetensors").unlink()
    if isinstance(content, Harmful):
        data = pickle.dumps(content)
        (folder / "pytorch_model.bin").write_bytes(data)
    else:
        torch.save(content, folder / "pytorch_model.bin")
    with pytest.raises(PfsError) as caught:
        load_pretrained(Bert, folder)
    assert caught.value.code == "M01"
    assert not Harmful.done


def test_the_checksum_is_insisted_on(folder):
    digest = load_pretrained(Bert, folder).sha256
    assert load_pretrained(Bert, folder, sha256=digest.upper())
    with pytest.raises(PfsError, match=digest) as caught:
        load_pretrained(Bert, folder, sha256="0" * 64)
    assert caught.value.code == "M01"


@pytest.mark.parametrize("said", [None, True, False])
def test_capitals_matter_if_the_folder_says_so(folder, said):
    pieces = [*PIECES[:-1], "A"]  # a vocabulary with a capital
    (folder / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    if said is not None:
        (folder / "tokenizer_config.json").write_text(
            json.dumps({"do_lower_case": said}), encoding="utf-8"
        )
    wordpiece = load_pretrained(Bert, folder).wordpiece
    assert wordpiece.lower_case is bool(said)
    assert wordpiece.strip_accents is bool(said)


def test_the_formula_of_the_released_code_is_kept(tmp_path):
    place = save(tmp_path, transformers.BertModel, hidden_act="gelu_new")
    assert load_pretrained(Bert, place).model.config.hidden_act == "gelu_tanh"


def test_a_name_is_fetched_by_the_client(folder, monkeypatch):
    asked = []
    hub = types.ModuleType("huggingface_hub")

    def snapshot_download(name, allow_patterns):
        asked.append((name, allow_patterns))
        return str(folder)

    hub.snapshot_download = snapshot_download
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    got = load_pretrained(Bert, "hf:someone/some-bert").model.state_dict()
    want = load_pretrained(Bert, folder).model.state_dict()
    assert_close(got, want, rtol=0, atol=0)
    assert [name for name, _ in asked] == ["someone/some-bert"]
    assert "pytorch_model.bin" not in asked[0][1]
    (folder / "model.safetensors").unlink()
    assert fetch("someone/some-bert") == folder
    assert "pytorch_model.bin" in asked[-1][1]


def test_what_the_client_says_is_passed_on(monkeypatch):
    hub = types.ModuleType("huggingface_hub")

    def refuse(name, allow_patterns):
        raise ConnectionError("no way out\nand more")

    hub.snapshot_download = refuse
    monkeypatch.setitem(sys.modules, "huggingface_hub", hub)
    with pytest.raises(PfsError, match="no way out") as caught:
        load_pretrained(Bert, "hf:someone/some-bert")
    assert caught.value.code == "D01"
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(PfsError, match="pip install") as caught:
        load_pretrained(Bert, "hf:someone/some-bert")
    assert caught.value.code == "E05"


@pytest.mark.parametrize("name", ["", "bert", "a/b/c", "../../x", "a/b c"])
def test_a_name_has_an_owner(name):
    with pytest.raises(PfsError) as caught:
        fetch(name)
    assert caught.value.code == "M01"


def test_contradictions_in_a_state_are_named():
    for part in ("query", "key"):
        name = f"bert.encoder.layer.0.attention.self.{part}.weight"
        with pytest.raises(PfsError, match="value") as caught:
            from_hugging_face({name: torch.zeros(2, 2)})
        assert caught.value.code == "A03"
