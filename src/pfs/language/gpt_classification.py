r"""GPT-1, fine-tuned to name the class of a text.

Radford et al. (2018), section 3.2. Note: notes/gpt
"""

from typing import Any

import torch
from torch import nn

from pfs.language.gpt import GPT
from pfs.language.gpt_config import GPTConfig
from pfs.nn import Linear, checks, cross_entropy, linear
from pfs.shapes import Float, Int, Tensor


class GPTForClassification(nn.Module):
    r"""GPT-1 with a class for each sequence, read off its last token.

    $$
    \begin{align}
    y &= W_y\, h^{L}_{n} \tag{5} \\
    L &= L_2(y, \mathrm{class}) + \lambda\, L_1 \tag{6}
    \end{align}
    $$

    Args:
        config: The sizes.
        classes: How many classes there are.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if `classes` is not above 0; else as `GPT`.

    Examples:
        >>> from pfs.language.gpt_config import GPT_TINY
        >>> model = GPTForClassification(GPT_TINY, 3)
        >>> ids = torch.tensor([[3, 1, 4, 0], [2, 7, 0, 0]])
        >>> model(ids, torch.tensor([3, 2])).shape
        torch.Size([2, 3])

    Source:
        Radford et al. (2018), section 3.2, equations 3 to 5.

    Differs:
        nothing
    """

    def __init__(
        self,
        config: GPTConfig,
        classes: int,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        checks.positive("GPTForClassification", classes=classes)
        kind = {"device": device, "dtype": dtype}
        self.gpt = GPT(config, **kind)
        self.classes = Linear(config.n_embd, classes, bias=False, **kind)
        nn.init.normal_(self.classes.weight, std=config.initializer_range)

    # --8<-- [start:task]
    def forward(
        self, ids: Int[Tensor, "batch time"], lengths: Int[Tensor, " batch"]
    ) -> Float[Tensor, "batch classes"]:
        """Judge every sequence by its last token.

        Args:
            ids: The tokens, padded behind their end.
            lengths: How many of each row are real.

        Returns:
            The logits $y$ of the classes.
        """
        rows = torch.arange(len(ids), device=ids.device)
        last = self.gpt.hidden(ids)[rows, lengths - 1]
        y: Tensor = self.classes(last)  # (5)
        return y

    def loss(
        self,
        ids: Int[Tensor, "batch time"],
        lengths: Int[Tensor, " batch"],
        classes: Int[Tensor, " batch"],
        auxiliary: float,
    ) -> Float[Tensor, ""]:
        r"""Return the loss of fine-tuning.

        Args:
            ids: The tokens.
            lengths: How many of each row are real.
            classes: The true classes.
            auxiliary: The weight $\lambda$ of the language model's loss.

        Returns:
            One number.
        """
        h = self.gpt.hidden(ids)
        rows = torch.arange(len(ids), device=ids.device)
        task = cross_entropy(self.classes(h[rows, lengths - 1]), classes)
        beyond = (
            torch.arange(ids.shape[1], device=ids.device) >= lengths[:, None]
        )
        wanted = ids.masked_fill(beyond, -100)[:, 1:].flatten()
        said = linear(h[:, :-1], self.gpt.tokens.weight).flatten(0, 1)
        return task + auxiliary * cross_entropy(said, wanted)  # (6)

    # --8<-- [end:task]
