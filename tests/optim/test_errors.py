"""What the optimizers refuse."""

import pytest
import torch

from pfs.optim import SGD, Adam, AdamW, clip_grad_norm_, noam

THETA = [torch.nn.Parameter(torch.ones(1))]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: SGD(THETA, lr=-1.0), "negate the loss"),
        (lambda: Adam(THETA, lr=-1.0), "lr"),
        (lambda: Adam(THETA, lr=float("nan")), "nan"),
        (lambda: AdamW(THETA, weight_decay=-0.1), "weight_decay"),
        (lambda: Adam(THETA, betas=(0.9, 1.0)), "betas"),
        (lambda: Adam(THETA, eps=-1.0), "eps"),
        (lambda: noam(0, 4000), "d_model"),
        (lambda: noam(512, 0), "warmup"),
        (lambda: noam(512, 4000)(0), "first step is step 1"),
        (lambda: clip_grad_norm_(THETA, 0.0), "above 0"),
        (lambda: clip_grad_norm_(THETA, float("nan")), "nan"),
    ],
)
def test_the_message_helps(call, words):
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert caught.value.code == "A01"
