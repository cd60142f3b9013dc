import json
import math
import os
from dataclasses import replace

import pytest
import torch

from pfs.data.questions import NOWHERE, Question
from pfs.errors import PfsFileError, PfsValueError
from pfs.recipes import bert_qa, bert_qa_data
from pfs.recipes.bert_qa import BERT_QA
from pfs.recipes.bert_qa_data import (
    Questions,
    first_answer,
    make_wordpiece,
    read_questions,
)
from pfs.recipes.bert_qa_gaps import PlainText, TwoPhases
from pfs.recipes.bert_qa_model import GapsAndAnswers, answering, sizes
from pfs.recipes.bert_qa_score import answers, scores, windows_of
from pfs.recipes.bert_qa_training import beginning, refuse, rows_of
from pfs.recipes.running import Running
from pfs.training.distributed import ALONE, Processes
from pfs.words.bert_questions import Answer

QUICK = replace(
    BERT_QA,
    stories=60,
    d_model=16,
    num_layers=1,
    num_heads=2,
    steps=12,
    batch_size=8,
    warmup=3,
)
GAPS = replace(QUICK, pretrain_steps=5)


@pytest.fixture(scope="module")
def questions():
    return read_questions(QUICK)


@pytest.fixture(scope="module")
def trained(questions):
    return bert_qa.train(questions, QUICK)


def test_the_same_stories_are_told_in_three_languages(questions):
    languages = [questions.language(q) for q in questions.test]
    assert languages == ["en"] * 6 + ["ko"] * 6 + ["zh"] * 6
    for en, ko in zip(questions.test[:6], questions.test[6:12], strict=True):
        assert bool(en.answers) == bool(ko.answers)
        assert en.id.partition("-")[2] == ko.id.partition("-")[2]


def test_what_is_judged_was_never_read(questions):
    read = {q.context for q in questions.train}
    judged = {q.context for q in (*questions.validation, *questions.test)}
    assert not read & judged


@pytest.mark.parametrize("matched", [True, False])
def test_equal_tokens_find_each_other_from_the_start(matched, questions):
    """Or not, if the setting says so. Near positions are more alike."""
    torch.manual_seed(0)
    model, _, _ = beginning(replace(QUICK, matched=matched), questions)
    for layer in model.bert.layers:
        query, key, _ = layer.self_attn.in_proj_weight.chunk(3)
        assert torch.equal(query, key) == matched
    positions = model.bert.embeddings.positions.weight
    alike = torch.nn.functional.normalize(positions, dim=1)
    near = (alike[1:] * alike[:-1]).sum(1).min()
    far = (alike[64:] * alike[:-64]).sum(1).max()
    assert (near > far).item() == matched


def test_real_questions_are_cut_between_paragraphs(monkeypatch):
    """And one that has no answer in its paragraph is not trained on."""
    some = [
        Question(f"{i}", f"paragraph {i // 3}", "?", (("p", 0),))
        for i in range(60)
    ]
    some[0] = replace(some[0], answers=(("q", NOWHERE),))
    monkeypatch.setattr(bert_qa_data, "load", lambda name: tuple(some))
    made = read_questions(replace(QUICK, data="korquad"))
    assert made.languages == ("ko",)
    assert made.name == "korquad-dev"
    assert {q.context for q in made.test} == {"paragraph 18", "paragraph 19"}
    assert {q.context for q in made.validation} == {
        "paragraph 16",
        "paragraph 17",
    }
    assert len(made.train) == 16 * 3 - 1
    assert not made.has_empty
    assert made.language(some[1]) == "ko"


def test_the_first_answer_that_is_there_is_taken():
    asked = Question("", "a bc", "?", (("x", NOWHERE), ("bc", 2), ("a", 0)))
    assert first_answer(asked) == (2, 4)
    assert first_answer(replace(asked, answers=())) is None


def test_every_answer_can_be_pointed_at(questions):
    """Nothing stands between an answer and its tokens, Korean or not."""
    wordpiece = make_wordpiece(QUICK, questions)
    unknown = wordpiece.ids["[UNK]"]
    rows, _ = rows_of(wordpiece, questions, QUICK)
    ids, _, _, allowed, start, end = rows
    assert not (ids == unknown).any()
    assert len(ids) == len(questions.train)  # one window each
    for row, q in enumerate(questions.train):
        (w,) = windows_of(q.question, q.context, wordpiece, QUICK)
        if not q.answers:
            assert start[row] == end[row] == 0
            continue
        begins, ends = w.stretch(int(start[row]), int(end[row]))
        assert q.context[begins:ends] == q.answers[0][0]
    assert allowed.gather(1, start[:, None]).all()
    assert allowed.gather(1, end[:, None]).all()


def test_a_short_window_gives_more_rows(questions):
    wordpiece = make_wordpiece(QUICK, questions)
    short = replace(QUICK, places=40, stride=10)
    rows, _ = rows_of(wordpiece, questions, short)
    assert len(rows[0]) > len(questions.train)
    assert rows[0].shape[1] <= 40


def test_rare_pieces_are_unknown(questions):
    few = make_wordpiece(replace(QUICK, least=10_000), questions)
    assert list(few.tokens) == list(bert_qa_data.MARKS)


def test_a_seed_decides_every_bit(trained, questions):
    again = bert_qa.train(questions, QUICK)
    for name, p in trained.model.state_dict().items():
        assert torch.equal(p, again.model.state_dict()[name]), name
    assert again.result["metrics"] == trained.result["metrics"]
    other = bert_qa.train(questions, replace(QUICK, seed=1))
    assert other.result["metrics"] != trained.result["metrics"]


@pytest.mark.parametrize(
    ("config", "at"),
    [(QUICK, 5), (GAPS, 3), (GAPS, 8)],
    ids=["answers", "in the gaps", "behind them"],
)
def test_a_run_that_was_stopped_goes_on(config, at, questions, tmp_path):
    whole = bert_qa.train(questions, config)
    steps = []
    first = Running(
        folder=tmp_path,
        callbacks=(lambda trainer, step: steps.append(step.number),),
        stop=lambda: len(steps) == at - 1,
    )
    bert_qa.train(questions, config, first)
    assert steps[-1] == at
    rest = Running(folder=tmp_path, resume=True)
    resumed = bert_qa.train(questions, config, rest)
    assert resumed.result["metrics"] == whole.result["metrics"]
    for name, p in whole.model.state_dict().items():
        assert torch.equal(p, resumed.model.state_dict()[name]), name


def test_other_questions_are_not_resumed(questions, tmp_path):
    bert_qa.train(questions, QUICK, Running(folder=tmp_path))
    fewer = replace(questions, train=questions.train[1:])
    with pytest.raises(PfsValueError, match="questions") as caught:
        bert_qa.train(fewer, QUICK, Running(folder=tmp_path, resume=True))
    assert caught.value.code == "T07"


def test_a_model_learns_where_the_answers_are():
    """To point at some word beats a guess among all places."""
    config = replace(QUICK, stories=600, d_model=32, steps=80, lr=3e-3)
    made = read_questions(config)
    metrics = bert_qa.train(made, config).result["metrics"]
    curve = [point["held_out"] for point in metrics["curve"]]
    assert curve[-1] < 2.7 < math.log(30)
    assert curve[-1] < curve[0]
    assert set(metrics["languages"]) == {"en", "ko", "zh"}
    assert set(metrics["kinds"]) == {"answerable", "unanswerable"}


def test_gaps_are_learnt_before_the_answers(questions):
    """A minute is not enough to beat the unigrams, but it begins there."""
    config = replace(GAPS, d_model=32, pretrain_steps=60, steps=61, lr=5e-3)
    metrics = bert_qa.train(questions, config).result["metrics"]
    assert metrics["mlm"] < math.log(metrics["pieces"]) - 0.5
    assert 2 < metrics["unigram"] < math.log(metrics["pieces"])
    assert abs(metrics["nsp"] - math.log(2)) < 0.3


def test_a_batch_of_gaps_is_decided_by_its_number(questions):
    wordpiece = make_wordpiece(GAPS, questions)
    rows, _ = rows_of(wordpiece, questions, GAPS)
    few = replace(GAPS, places=40, batch_size=6)
    text = PlainText(wordpiece, ("en", "ko"), rows[:3], few)
    assert [
        wordpiece.decode(wordpiece.encode(words))
        for words in (questions.train[0].question, questions.train[0].context)
    ] == [wordpiece.decode(ids) for ids in text.known[0]]
    one, again, other = text.batch(3), text.batch(3), text.batch(4)
    assert all(map(torch.equal, one, again))
    assert not torch.equal(one.inputs[:, :9], other.inputs[:, :9])
    assert one.inputs.shape[0] == 6
    assert one.inputs.shape[1] <= 40
    assert text.unseen
    assert not any(d in text.known for d in text.unseen)


def test_two_phases_can_be_found_again():
    class Numbers:
        round = place = 0

        def __next__(self):
            self.place += 1
            return ("answer", self.place - 1)

        def go_to(self, round, place):
            self.round, self.place = round, place

    whole = TwoPhases(lambda number: ("gap", number), 3, Numbers())
    batches, places = [], []
    for _ in range(6):
        places.append((whole.round, whole.place))
        batches.append(next(whole))
    assert batches[:4] == [("gap", 0), ("gap", 1), ("gap", 2), ("answer", 0)]
    for at, place in enumerate(places):
        rest = TwoPhases(lambda number: ("gap", number), 3, Numbers())
        rest.go_to(*place)
        assert [next(rest) for _ in range(6 - at)] == batches[at:]


def test_the_answering_half_has_the_same_numbers():
    torch.manual_seed(0)
    both = GapsAndAnswers(sizes(QUICK, 50)).eval()
    ids = torch.randint(50, (2, 7))
    made = answering(both)
    for got, wanted in zip(made(ids), both(ids), strict=True):
        assert torch.equal(got, wanted)
    assert answering(made) is made
    words, order = both(ids, None, None, ids > 20)
    assert words.shape == (int((ids > 20).sum()), 50)
    assert order.shape == (2, 2)


def test_what_is_loaded_answers_as_what_was_saved(trained, tmp_path):
    bert_qa.save(trained, tmp_path)
    loaded = bert_qa.load(tmp_path)
    assert loaded.config == trained.config
    assert loaded.threshold == trained.threshold == 0.0
    asked = ("누가 책을 가져갔습니까?", "미나는 책을 역으로 가져갔다.", 5)
    assert loaded.ask(*asked) == trained.ask(*asked)
    (tmp_path / "model.json").write_text("{}", "utf-8")
    with pytest.raises(PfsFileError, match="M01"):
        bert_qa.load(tmp_path)


def test_an_evaluation_finds_what_was_reported(tmp_path):
    bert_qa.run(QUICK, Running(folder=tmp_path))
    found = bert_qa.evaluate(tmp_path)
    assert found["exact_match"] == found["reported"]
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert {"commit", "versions", "platform", "date"} <= set(result)
    result["data"]["sha256"] = "0" * 64
    (tmp_path / "result.json").write_text(json.dumps(result), "utf-8")
    with pytest.raises(PfsValueError) as caught:
        bert_qa.evaluate(tmp_path)
    assert caught.value.code == "T07"


def test_speaking_is_answering(trained, questions):
    q = questions.test[0]
    say = lambda prompt: bert_qa.speak(
        trained, prompt, length=9, temperature=0.0
    )
    said = say(f"{q.question}\t{q.context}")
    best = trained.ask(q.question, q.context, 1)[0].text
    assert said == f"{q.question} → {best or '-'}"
    for wrong in ("Who?", "Who?\t ", None):
        with pytest.raises(PfsValueError, match="tab") as caught:
            say(wrong)
        assert caught.value.code == "A01"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"data": "moon"}, "templates"),
        ({"steps": 0}, "steps"),
        ({"pretrain_steps": 12}, "pretrain_steps"),
        ({"pretrain_steps": -1}, "pretrain_steps"),
        ({"sentences": 7}, "sentences"),
        ({"vocabulary": "moon"}, "bert-uncased-vocab"),
        ({"places": 4}, "length"),
        ({"unanswerable": 1.5}, "unanswerable"),
    ],
)
def test_runs_that_cannot_be_are_refused(changes, words):
    with pytest.raises(PfsValueError, match=words) as caught:
        bert_qa.run(replace(QUICK, **changes))
    assert caught.value.code == "A01"


@pytest.mark.parametrize(
    ("changes", "size"),
    [
        ({"weights": "x", "vocabulary": "y"}, 1),
        ({"weights": "x", "pretrain_steps": 3}, 1),
        ({"pretrain_steps": 3}, 2),
    ],
)
def test_settings_that_exclude_each_other_are_refused(changes, size):
    group = Processes(0, size, torch.device("cpu"))
    refuse(QUICK, ALONE)
    with pytest.raises(PfsValueError, match="go together") as caught:
        refuse(replace(QUICK, **changes), group)
    assert caught.value.code == "A03"


def test_a_vocabulary_without_marks_has_no_gaps(questions):
    from pfs.text.wordpiece import WordPiece

    bare = WordPiece(["[UNK]", "[CLS]", "[SEP]", "[PAD]"])
    with pytest.raises(PfsValueError, match=r"\[MASK\]") as caught:
        PlainText(bare, ("en",), (), QUICK)
    assert caught.value.code == "A03"


def test_scores_are_told_apart():
    en = Question("en-1", "a b", "?", (("b", 2),))
    ko = Question("ko-1", "책 을", "?", ())
    some = Questions("x", "x", ("en", "ko"), "x", (), (), (en, ko))
    found = scores(some, some.test, ["a", ""])
    assert (found["exact_match"], found["f1"]) == (0.5, 0.5)
    assert found["languages"] == {"en": 0, "ko": 1}
    assert found["kinds"] == {"answerable": 0, "unanswerable": 1}


def test_a_text_without_words_is_not_answered(trained):
    some = [Question("en-1", " ", "Who?", ())]
    found = answers(trained.model, trained.wordpiece, some, QUICK, None)
    assert found == [Answer("", -1, -1, 0.0, 0.0)]


def test_published_weights_are_the_beginning(questions, tmp_path):
    """And their tokenizer; a head that is missing is drawn."""
    from safetensors.torch import save_file

    from pfs.words.bert import Bert
    from pfs.words.bert_names import to_hugging_face

    wordpiece = make_wordpiece(QUICK, questions)
    published = replace(QUICK, norm_first=False)
    shape = sizes(published, len(wordpiece))
    torch.manual_seed(0)
    bert = Bert(shape)
    save_file(
        to_hugging_face(bert.state_dict()), tmp_path / "model.safetensors"
    )
    config = {
        "vocab_size": shape.vocab_size,
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": QUICK.places,
    }
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    lines = "\n".join(wordpiece.tokens) + "\n"
    (tmp_path / "vocab.txt").write_text(lines, "utf-8")
    still = replace(QUICK, weights=str(tmp_path), steps=1, lr=0.0)
    found = bert_qa.train(questions, still)
    assert list(found.wordpiece.tokens) == list(wordpiece.tokens)
    assert len(found.result["weights"]) == 64
    table = found.model.bert.embeddings.tokens.weight
    assert torch.equal(table, bert.embeddings.tokens.weight)


@pytest.mark.parametrize("data", ["squad", "korquad", "cmrc"])
def test_real_questions_are_answered_and_scored(data, monkeypatch):
    config = replace(
        QUICK, data=data, steps=2, places=64, stride=40, evaluations=1
    )
    if not os.environ.get("PFS_DATA"):  # then nothing is fetched
        monkeypatch.setenv("PFS_HOME", "/nowhere")
        with pytest.raises(PfsFileError):
            bert_qa.run(config)
        return
    made = read_questions(config)
    few = replace(
        made,
        train=made.train[::40],
        validation=made.validation[::40],
        test=made.test[::40],
    )
    metrics = bert_qa.train(few, config).result["metrics"]
    assert 0 <= metrics["exact_match"] <= metrics["f1"] <= 1
    assert metrics["test_questions"] == len(few.test) > 5
