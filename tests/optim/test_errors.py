"""What the optimizers refuse."""

import pytest
import torch

from pfs.optim import SGD, clip_grad_norm_

THETA = [torch.nn.Parameter(torch.ones(1))]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: SGD(THETA, lr=-1.0), "negate the loss"),
        (lambda: clip_grad_norm_(THETA, 0.0), "above 0"),
        (lambda: clip_grad_norm_(THETA, float("nan")), "nan"),
    ],
)
def test_the_message_helps(call, words):
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert caught.value.code == "A01"
