"""What a user sees who passes what cannot be."""

from dataclasses import replace

import pytest
import torch

from pfs.errors import PfsError
from pfs.language.gpt import GPT, GPT_TINY, causal_lm_loss
from pfs.language.gpt_classification import GPTForClassification
from pfs.language.gpt_generate import generate, top_k_filter, top_p_filter
from pfs.language.gpt_names import from_hugging_face, to_hugging_face

MODEL = GPT(GPT_TINY)
IDS = torch.tensor([[1, 2, 3]])
Z = torch.zeros(2, 5)
HEAD = {
    "lm_head.weight": torch.ones(2, 2),
    "transformer.wte.weight": torch.zeros(2, 2),
}


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        (lambda: replace(GPT_TINY, n_layer=0), "A01", "n_layer"),
        (lambda: replace(GPT_TINY, n_layer=1.5), "A02", "n_layer"),
        (lambda: replace(GPT_TINY, attn_pdrop=2.0), "A01", "attn_pdrop"),
        (lambda: replace(GPT_TINY, n_head=3), "A03", "width 8 and 3 heads"),
        (lambda: MODEL(torch.zeros(1, 17).long()), "S14", "at most 16"),
        (lambda: MODEL(torch.tensor([[11]])), "S09", "11"),
        (lambda: MODEL(torch.tensor([1, 2])), "S14", "ids"),
        (lambda: MODEL(torch.zeros(1, 0).long()), "S05", "at least one"),
        (lambda: MODEL(IDS, MODEL.caches()[:1]), "A03", "model.caches()"),
        (
            lambda: causal_lm_loss(torch.zeros(1, 1, 5), IDS[:, :1]),
            "S05",
            "two",
        ),
        (lambda: causal_lm_loss(torch.zeros(1, 2, 5), IDS), "S14", "ids"),
        (lambda: GPTForClassification(GPT_TINY, 0), "A01", "classes"),
        (lambda: top_k_filter(Z, 0), "A01", "k"),
        (lambda: top_p_filter(Z, 0.0), "A01", "above 0"),
        (lambda: top_p_filter(Z, 1.5), "A01", "at most 1"),
        (lambda: generate(MODEL, IDS, -1), "A01", "length"),
        (lambda: generate(MODEL, IDS, 1.5), "A02", "length"),
        (lambda: generate(MODEL, IDS, 1, temperature=-1), "A01", "temperature"),
        (lambda: from_hugging_face(HEAD), "A03", "another"),
        (lambda: from_hugging_face({"h.0.moe.w": Z}), "A03", "h.0.moe.w"),
        (lambda: to_hugging_face({"head.weight": Z}), "A03", "head.weight"),
    ],
)
def test_the_message_helps(call, code, words):
    with pytest.raises(PfsError) as caught:
        call()
    assert caught.value.code == code
    assert words in str(caught.value)


def test_what_was_said_before_is_counted():
    caches = MODEL.caches()
    MODEL(torch.zeros(1, 15).long(), caches)
    with pytest.raises(PfsError, match="15 in the cache and 2 more"):
        MODEL(torch.zeros(1, 2).long(), caches)
