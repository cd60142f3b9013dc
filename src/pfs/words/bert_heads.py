r"""What stands on top of BERT's encoder, and how all of it begins.

Devlin et al. (2019), sections 3.1 and 4.2. Note: notes/bert
"""

from typing import Any

import torch
from torch import nn

from pfs.nn import GELU, LayerNorm, Linear, ReLU, checks, linear
from pfs.shapes import Float, Tensor
from pfs.words.bert_config import ACTIVATIONS


class MaskedLanguageHead(nn.Module):
    r"""Guess the word piece that stood at a place.

    $$ z = W^{\mathrm{tok}}\, \mathrm{LayerNorm}(\mathrm{gelu}(W_m h + b_m))
    + b \tag{5} $$

    $W^{\mathrm{tok}}$ is the table of the embeddings, read in the other
    direction: the head has no matrix of its own for the vocabulary, only the
    shift $b$.

    Args:
        vocab_size: Number of word pieces.
        hidden_size: Width of a place.
        hidden_act: As of `activation`.
        layer_norm_eps: $\epsilon$ of the norm.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if a size is not above 0 or `hidden_act` another word.

    Examples:
        >>> head = MaskedLanguageHead(30, 8)
        >>> head(torch.zeros(2, 5, 8), torch.zeros(30, 8)).shape
        torch.Size([2, 5, 30])

    Source:
        Devlin et al. (2019), section 3.1, "Masked LM"; the released
        `run_pretraining.py`, `get_masked_lm_output`.

    Differs:
        The paper has a softmax over the vocabulary and no word about the map
        before it, the tie or the shift; they are in the released code.
    """

    def __init__(
        self,
        vocab_size: int,
        hidden_size: int,
        hidden_act: str = "gelu",
        layer_norm_eps: float = 1e-12,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        kind = {"device": device, "dtype": dtype}
        self.dense = Linear(hidden_size, hidden_size, **kind)
        self.norm = LayerNorm(hidden_size, layer_norm_eps, **kind)
        self.bias = nn.Parameter(torch.zeros(vocab_size, **kind))
        self.activation = activation(hidden_act)

    # --8<-- [start:mlm]
    def forward(
        self,
        hidden: Float[Tensor, "*places hidden"],
        table: Float[Tensor, "vocab hidden"],
    ) -> Float[Tensor, "*places vocab"]:
        """Give the logits of every word piece.

        Args:
            hidden: The places $h$.
            table: The table $W^{tok}$ of the token embeddings.

        Returns:
            The logits $z$.
        """
        h = self.norm(self.activation(self.dense(hidden)))
        return linear(h, table, self.bias)  # (5)

    # --8<-- [end:mlm]


def activation(hidden_act: str) -> nn.Module:
    """Make the function that a word of `BertConfig` names.

    Args:
        hidden_act: `"gelu"`, `"gelu_tanh"` or `"relu"`.

    Returns:
        The function as a layer.

    Raises:
        ValueError: A01 if it is another word.

    Examples:
        >>> activation("gelu_tanh")
        GELU(approximate='tanh')

    Source:
        Devlin et al. (2019), appendix A.2: gelu, not relu.

    Differs:
        nothing
    """
    checks.one_of("BertConfig", "hidden_act", hidden_act, ACTIVATIONS)
    if hidden_act == "relu":
        return ReLU()
    return GELU("tanh" if hidden_act == "gelu_tanh" else "none")


def initialize(module: nn.Module, std: float = 0.02) -> None:
    r"""Draw every matrix from a normal distribution without its tails.

    What lies beyond two standard deviations is drawn again, so that the values
    come out with $0.88$ times `std`. Shifts are 0, gains of the norms 1.

    Args:
        module: The model.
        std: The standard deviation before the tails are cut off.

    Examples:
        >>> layer = Linear(50, 50)
        >>> initialize(layer)
        >>> layer.weight.abs().max().item() <= 0.04
        True

    Source:
        The released `modeling.py`, `create_initializer`.

    Differs:
        The paper does not say it. Hugging Face's `transformers` leaves the
        tails on.
    """
    for name, parameter in module.named_parameters():
        if parameter.ndim > 1:
            nn.init.trunc_normal_(parameter, std=std, a=-2 * std, b=2 * std)
        elif name.endswith("bias"):
            nn.init.zeros_(parameter)
