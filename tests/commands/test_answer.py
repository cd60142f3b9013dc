"""`pfs answer`: from a question to answers, with either kind of model."""

import json
import os
from pathlib import Path

import pytest
import torch

from pfs.cli import main
from pfs.commands import words
from pfs.commands.answer import SHOWN
from pfs.commands.terminal import err, out
from pfs.recipes import bert_qa
from pfs.recipes.running import Running
from pfs.words.bert import BertConfig, BertForQuestionAnswering
from pfs.words.bert_names import to_hugging_face

QUICK = {
    "stories": 30,
    "d_model": 16,
    "num_layers": 1,
    "num_heads": 2,
    "steps": 3,
    "batch_size": 8,
    "warmup": 1,
}
TEXT = "Mina took the book to the harbour. Owen took the clock to the garden."
ASKED = ("--question", "Who took the book?", "--paragraph", TEXT)


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    monkeypatch.setenv("PFS_LANG", "en")
    yield
    words.use("en")


@pytest.fixture
def pfs(capsys):
    def run(*arguments):
        for console in (out, err):  # they hold the streams of before
            console.file = None
        code = main([str(a) for a in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    from dataclasses import replace

    folder = tmp_path_factory.mktemp("run")
    config = replace(bert_qa.BERT_QA, **QUICK)
    bert_qa.run(config, Running(folder=folder))
    return folder


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A folder as `transformers` saves it, with random weights."""
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("published")
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, ".", "?"]
    tokens += [f"##{letter}" for letter in letters]
    sizes = {
        "vocab_size": len(tokens),
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "max_position_embeddings": 40,
    }
    torch.manual_seed(0)
    model = BertForQuestionAnswering(BertConfig(**sizes))
    state = to_hugging_face(model.state_dict())
    save_file(state, folder / "model.safetensors")
    config = json.dumps({"model_type": "bert", **sizes})
    (folder / "config.json").write_text(config, encoding="utf-8")
    vocabulary = "\n".join(tokens) + "\n"
    (folder / "vocab.txt").write_text(vocabulary, encoding="utf-8")
    return folder


def rows(said):
    """Probability, place and text of every answer."""
    found = []
    for line in said.splitlines():
        share, rest = line.split(maxsplit=1)
        place, _, text = rest.partition("  ")
        found.append((float(share), place, text))
    return found


@pytest.mark.parametrize("kind", ["ours", "published"])
def test_answers_are_pieces_of_the_text(kind, pfs, request):
    folder = request.getfixturevalue(kind)
    code, said, _ = pfs("answer", folder, *ASKED, "--count", 4)
    assert code == 0
    found = rows(said)
    assert len(found) == 4
    shares = [share for share, *_ in found]
    assert shares == sorted(shares, reverse=True)
    for _, place, text in found:
        if place.startswith("("):  # no answer
            continue
        start, end = map(int, place.split("-"))
        whole = TEXT[start:end]
        assert text == whole or (len(whole) > SHOWN and " … " in text)


def test_a_text_may_be_a_file(pfs, published, tmp_path):
    file = tmp_path / "a text.txt"
    file.write_text(TEXT, encoding="utf-8")
    asked = ("--question", "Who took the book?", "--paragraph", file)
    assert pfs("answer", published, *asked) == pfs("answer", published, *ASKED)


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_no_answer_is_said_in_the_readers_language(language, pfs, published):
    blank = words.load()["no-answer"][language]
    asked = ("--lang", language, "answer", published, *ASKED, "--count", 99)
    assert blank not in pfs(*asked)[1]
    assert blank in pfs(*asked, "--empty")[1]


def test_where_there_are_no_words_there_is_no_answer(pfs, published):
    asked = ("--question", "Who?", "--paragraph", "\u200b")
    code, said, _ = pfs("answer", published, *asked)
    assert (code, said) == (0, "(no answer)\n")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--question", " ", "--paragraph", "a"), "A01", "--question"),
        (("--question", "a", "--paragraph", " "), "A01", "--paragraph"),
        ((*ASKED, "--count", "0"), "A01", "count"),
    ],
)
def test_what_cannot_be_asked_is_told(arguments, code, says, pfs, published):
    status, said, fault = pfs("answer", published, *arguments)
    assert (status, said) == (2, "")
    assert fault.startswith(code)
    assert says in fault


def test_a_file_that_is_no_text_is_told(pfs, published, tmp_path):
    file = tmp_path / "x.bin"
    file.write_bytes(b"\xff\xfe\x00")
    asked = ("--question", "a", "--paragraph", file)
    assert pfs("answer", published, *asked)[2][:3] == "X01"


def test_another_model_cannot_answer(pfs, tmp_path, ours):
    about = json.loads((ours / "model.json").read_text("utf-8"))
    (tmp_path / "model.json").write_text(
        json.dumps(about | {"kind": "char-rnn"}), encoding="utf-8"
    )
    assert pfs("answer", tmp_path, *ASKED)[2][:3] == "M01"


def test_the_last_run_is_asked(pfs, ours, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert pfs("answer", *ASKED)[2][:3] == "M01"
    Path("runs").mkdir()
    os.symlink(ours, "runs/bert-qa-templates")
    assert pfs("answer", *ASKED) == pfs("answer", ours, *ASKED)


def test_a_long_answer_is_shortened(pfs, published):
    text = "mina took " * 40
    said = pfs("answer", published, "-h")[1]
    assert "--paragraph" in said
    code, said, _ = pfs(
        "answer", published, "--question", "a", "--paragraph", text
    )
    assert code == 0
    assert all(len(text) <= SHOWN + 3 for *_, text in rows(said))


def test_sample_answers_too(pfs, ours):
    prompt = f"Who took the book?\t{TEXT}"
    code, said, _ = pfs("sample", ours, "--prompt", prompt)
    assert code == 0
    assert said.startswith("Who took the book? → ")
    assert pfs("sample", ours)[0] == 0
    assert pfs("sample", ours, "--prompt", "Who?")[2][:3] == "A01"
