"""GPT-1 and GPT-2 as in `transformers`; what is written; the cache."""

from dataclasses import replace

import pytest
import torch
from contract import EXACT
from torch.testing import assert_close
from transformers import (
    GPT2Config,
    GPT2LMHeadModel,
    LogitsProcessorList,
    OpenAIGPTConfig,
    OpenAIGPTLMHeadModel,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from pfs.language import gpt_config
from pfs.language.gpt import (
    GPT,
    GPT1,
    GPT2_SMALL,
    GPT_TINY,
    GPTConfig,
    causal_lm_loss,
)
from pfs.language.gpt_classification import GPTForClassification
from pfs.language.gpt_generate import generate, top_k_filter, top_p_filter
from pfs.language.gpt_names import from_hugging_face, to_hugging_face

F64 = torch.float64
OFF = {"embd_pdrop": 0.0, "resid_pdrop": 0.0, "attn_pdrop": 0.0}
SHAPES = [  # vocabulary, places, width, layers, heads
    (13, 11, 8, 1, 1),
    (17, 19, 12, 2, 3),
    (7, 23, 20, 3, 5),
    (29, 13, 28, 2, 7),
    (31, 17, 22, 4, 2),
]
COUNTS = {
    "GPT1": 116_534_784,
    "GPT2_SMALL": 124_439_808,
    "GPT2_MEDIUM": 354_823_168,
    "GPT2_LARGE": 774_030_080,
    "GPT2_XL": 1_557_611_200,
    "GPT3_SMALL": 125_226_240,
    "GPT3_MEDIUM": 355_871_744,
    "GPT3_LARGE": 760_300_032,
    "GPT3_XL": 1_315_723_264,
    "GPT3_2_7B": 2_651_553_280,
    "GPT3_6_7B": 6_658_404_352,
    "GPT3_13B": 12_853_386_240,
    "GPT3_175B": 174_604_259_328,
}


def sizes(shape):
    names = ("vocab_size", "n_positions", "n_embd", "n_layer", "n_head")
    return dict(zip(names, shape, strict=True))


def ours(shape, **more):
    torch.manual_seed(0)
    model = GPT(GPTConfig(**sizes(shape), **OFF, **more), dtype=F64)
    with torch.no_grad():  # every shift and gain counts
        for p in model.parameters():
            p.normal_(std=0.3)
    return model


def twins(shape, first):
    """One of ours, and the published model with the same weights."""
    config = {**sizes(shape), **OFF}
    if first:
        judge = OpenAIGPTLMHeadModel(OpenAIGPTConfig(**config)).double()
        model = ours(shape, norm_first=False)
    else:
        judge = GPT2LMHeadModel(GPT2Config(**config)).double()
        model = ours(shape)
    told = to_hugging_face(model.state_dict(), first=first)
    missing, extra = judge.load_state_dict(told, strict=False)
    assert not extra
    assert all("attn" in name and "bias" in name for name in missing)
    return model, judge


@pytest.mark.parametrize("first", [True, False], ids=["GPT-1", "GPT-2"])
@pytest.mark.parametrize("shape", SHAPES)
def test_logits_and_gradients_are_those_of_the_published_model(shape, first):
    model, judge = twins(shape, first)
    chance = torch.Generator().manual_seed(1)
    ids = torch.randint(shape[0], (3, shape[1] - 2), generator=chance)
    a, b = model(ids), judge(input_ids=ids).logits
    assert_close(a, b, **EXACT)
    mix = torch.randn(a.shape, generator=chance, dtype=F64)
    (a * mix).sum().backward()
    (b * mix).sum().backward()
    slopes = {n: p.grad for n, p in judge.named_parameters()}
    for name, slope in from_hugging_face(slopes).items():
        assert_close(model.get_parameter(name).grad, slope, **EXACT)


@pytest.mark.parametrize("first", [True, False], ids=["GPT-1", "GPT-2"])
def test_names_go_there_and_back(first):
    model, judge = twins(SHAPES[1], first)
    back = from_hugging_face(judge.state_dict())
    assert back.keys() == model.state_dict().keys()
    for name, tensor in model.state_dict().items():
        assert torch.equal(back[name], tensor), name
    GPT(model.config, dtype=F64).load_state_dict(back, strict=True)


def test_old_files_with_their_masks_are_read():
    model, judge = twins(SHAPES[0], False)
    state = dict(judge.state_dict())
    state["transformer.h.0.attn.bias"] = torch.ones(1, 1, 11, 11)
    state["transformer.h.0.attn.masked_bias"] = torch.tensor(-1e4)
    assert from_hugging_face(state).keys() == model.state_dict().keys()


@pytest.mark.parametrize("name", COUNTS)
def test_the_parameters_are_those_of_the_ledger(name):
    config = getattr(gpt_config, name)
    model = GPT(config, device="meta")
    assert sum(p.numel() for p in model.parameters()) == COUNTS[name]
    d, layers = config.n_embd, config.n_layer
    byhand = (config.vocab_size + config.n_positions) * d
    byhand += layers * (12 * d * d + 13 * d) + 2 * d * config.norm_first
    assert byhand == COUNTS[name]


def test_the_width_that_the_table_prints_would_be_another_count():
    """Brown et al. (2020), table 2.1: 5140 for 13B."""
    d = 5140
    count = (50_257 + 2048) * d + 40 * (12 * d * d + 13 * d) + 2 * d
    assert count == 12_952_938_780


def test_an_untrained_model_knows_nothing():
    torch.manual_seed(0)
    model = GPT(replace(GPT_TINY, vocab_size=997, **OFF))
    ids = torch.randint(997, (4, 16))
    loss = causal_lm_loss(model(ids), ids).item()
    assert abs(loss - torch.tensor(997.0).log().item()) < 0.05


def test_nothing_later_changes_what_came_before():
    model = ours(SHAPES[2])
    ids = torch.randint(7, (2, 20), generator=torch.Generator().manual_seed(0))
    other = ids.clone()
    other[:, 11] = (other[:, 11] + 1) % 7
    a, b = model(ids), model(other)
    assert torch.equal(a[:, :11], b[:, :11])
    assert (a[:, 11] != b[:, 11]).any()


@pytest.mark.parametrize("norm_first", [True, False])
@pytest.mark.parametrize("cuts", [(1,) * 17, (5, 1, 7, 4), (16, 1)])
def test_the_cache_equals_reading_at_once(norm_first, cuts):
    model = ours(SHAPES[1], norm_first=norm_first)
    ids = torch.randint(17, (2, 17), generator=torch.Generator().manual_seed(0))
    caches = model.caches()
    parts = [model(part, caches) for part in ids.split(cuts, 1)]
    assert_close(torch.cat(parts, 1), model(ids), **EXACT)
    assert len(caches[0]) == 17


@pytest.mark.parametrize(
    "how",
    [
        {"temperature": 0.0},
        {"temperature": 0.7},
        {"top_k": 3},
        {"top_p": 0.8, "temperature": 1.3},
        {"top_k": 5, "top_p": 0.9},
    ],
)
def test_with_a_cache_the_same_is_written(how):
    """Also beyond the longest sequence, where the text is cut in front."""
    model = ours(SHAPES[0])
    begin = torch.tensor([[1, 2, 3], [4, 5, 6]])
    with_cache, without = (
        generate(
            model,
            begin,
            20,
            cached=cached,
            generator=torch.Generator().manual_seed(3),
            **how,
        )
        for cached in (True, False)
    )
    assert torch.equal(with_cache, without)
    assert with_cache.shape == (2, 23)
    assert torch.equal(with_cache[:, :3], begin)


@pytest.mark.parametrize("temperature", [0.3, 0.9, 1.7])
def test_what_is_drawn_is_drawn_from_the_published_distribution(temperature):
    """Temperature, then top-k, then top-p: the order of `transformers`."""
    model = ours(SHAPES[2])
    begin = torch.tensor([[1, 2, 3]])
    how = {"temperature": temperature, "top_k": 6, "top_p": 0.8}
    chance = torch.Generator().manual_seed(5)
    mine = generate(model, begin, 15, generator=chance, **how)
    warpers = LogitsProcessorList(
        [
            TemperatureLogitsWarper(temperature),
            TopKLogitsWarper(6),
            TopPLogitsWarper(0.8),
        ]
    )
    chance = torch.Generator().manual_seed(5)
    ids = begin
    for _ in range(15):
        z = warpers(None, model(ids)[:, -1].detach())
        new = torch.multinomial(z.softmax(-1), 1, generator=chance)
        ids = torch.cat([ids, new], 1)
    assert torch.equal(mine, ids)


def test_a_temperature_of_zero_is_the_published_greedy_search():
    model, judge = twins(SHAPES[1], False)
    begin = torch.tensor([[1, 2, 3]])
    theirs = judge.generate(
        begin, max_new_tokens=12, do_sample=False, pad_token_id=0
    )
    mine = generate(model, begin, 12, temperature=0.0)
    assert torch.equal(mine[:, : theirs.shape[1]], theirs)


@pytest.mark.parametrize("k", [1, 2, 7, 13, 99])
def test_top_k_is_that_of_transformers(k):
    z = torch.randn(50, 13, generator=torch.Generator().manual_seed(0))
    z[7, 3:6] = z[7].max()  # equals
    assert torch.equal(top_k_filter(z, k), TopKLogitsWarper(k)(None, z))


@pytest.mark.parametrize("p", [0.01, 0.3, 0.75, 0.99, 1.0])
def test_top_p_is_that_of_transformers(p):
    z = 3 * torch.randn(
        200, 13, generator=torch.Generator().manual_seed(0), dtype=F64
    )
    assert torch.equal(top_p_filter(z, p), TopPLogitsWarper(p)(None, z))


def test_both_filters_after_the_temperature():
    z = torch.randn(9, 13, generator=torch.Generator().manual_seed(0)).double()
    theirs = LogitsProcessorList([TopKLogitsWarper(6), TopPLogitsWarper(0.7)])
    assert torch.equal(top_p_filter(top_k_filter(z, 6), 0.7), theirs(None, z))


def test_the_likeliest_token_always_stays():
    z = torch.tensor([0.0, 5.0, 1.0])
    assert torch.isfinite(top_p_filter(z, 1e-9)).tolist() == [
        False,
        True,
        False,
    ]


def test_what_is_added_to_the_path_begins_small():
    torch.manual_seed(0)
    config = replace(GPT2_SMALL, vocab_size=50, n_embd=96, n_layer=8)
    model = GPT(config)
    for name, p in model.named_parameters():
        if p.ndim < 2:
            assert p.unique().tolist() == [float(name.endswith("weight"))]
            continue
        added = name.endswith(("out_proj.weight", "linear2.weight"))
        wanted = 0.02 / 4 if added else 0.02
        assert abs(p.std().item() / wanted - 1) < 0.05, name
    first = GPT(replace(GPT1, vocab_size=50, n_embd=96, n_layer=8))
    std = first.layers[0].linear2.weight.std().item()
    assert abs(std / 0.02 - 1) < 0.05


def test_the_output_is_the_table_of_the_tokens():
    model = ours(SHAPES[0])
    names = [name for name, _ in model.named_parameters()]
    assert not any("head" in name for name in names)
    ids = torch.tensor([[1, 2]])
    before = model(ids)
    with torch.no_grad():
        model.tokens.weight[5] += 1
    changed = (model(ids) != before).any(1)
    assert changed[0].tolist() == [i == 5 for i in range(13)]


def test_the_class_is_read_off_the_last_real_token():
    torch.manual_seed(0)
    model = GPTForClassification(replace(GPT_TINY, **OFF), 3).double()
    ids = torch.tensor([[3, 1, 4, 0, 0], [2, 7, 1, 8, 2]])
    lengths = torch.tensor([3, 5])
    y = model(ids, lengths)
    alone = model(ids[:1, :3], torch.tensor([3]))
    assert_close(y[:1], alone, **EXACT)
    other = ids.clone()
    other[0, 3:] = 9  # padding is never seen
    assert torch.equal(model(other, lengths), y)


def test_fine_tuning_adds_the_loss_of_the_language_model():
    torch.manual_seed(0)
    model = GPTForClassification(replace(GPT_TINY, **OFF), 3).double()
    ids = torch.tensor([[3, 1, 4, 0], [2, 7, 1, 8]])
    lengths, classes = torch.tensor([3, 4]), torch.tensor([2, 0])
    logits = model(ids, lengths)
    task = torch.nn.functional.cross_entropy(logits, classes)
    z = model.gpt(ids)
    rows = [z[0, :2], z[1, :3]]
    wanted = torch.cat([ids[0, 1:3], ids[1, 1:4]])
    words = torch.nn.functional.cross_entropy(torch.cat(rows), wanted)
    for weight in (0.0, 0.5):
        loss = model.loss(ids, lengths, classes, weight)
        assert_close(loss, task + weight * words, **EXACT)


def test_the_loss_is_torchs_on_shifted_tokens():
    z = torch.randn(2, 7, 11, generator=torch.Generator().manual_seed(0))
    ids = torch.randint(11, (2, 7))
    wanted = torch.nn.functional.cross_entropy(
        z[:, :-1].reshape(-1, 11), ids[:, 1:].reshape(-1)
    )
    assert_close(causal_lm_loss(z, ids), wanted)
