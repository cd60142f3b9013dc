r"""The sizes of GPT-1, 2 and 3, by the names of `transformers`' config.

Radford et al. (2018, 2019); Brown et al. (2020). Note: notes/gpt
"""

from dataclasses import dataclass, replace
from typing import Final

from pfs.errors import PfsValueError
from pfs.nn import checks


@dataclass(frozen=True, kw_only=True)
class GPTConfig:
    r"""Everything that decides the shape of a GPT.

    Raises:
        ValueError: A01 if a size or a share is out of range, A03 if the heads
            do not divide the width.
        TypeError: A02 if one of them is of another kind.

    Examples:
        >>> GPT2_SMALL.n_layer, GPT2_SMALL.n_embd
        (12, 768)

    Source:
        Radford et al. (2018), section 4.1; Radford et al. (2019), table 2;
        Brown et al. (2020), table 2.1.

    Differs:
        `norm_first` and `scale_residual` are ours: they tell GPT-1 from its
        followers.
    """

    vocab_size: int
    r"""Number of tokens $V$."""
    n_positions: int
    r"""The longest sequence $k$ that is read at once."""
    n_embd: int
    r"""Width $d$ of a place."""
    n_layer: int
    r"""Number of layers $L$."""
    n_head: int
    r"""Number of heads; they divide the width."""
    norm_first: bool = True
    """Whether the norm stands before a sublayer, and one more at the end; GPT-1
    has it behind, and none at the end."""
    scale_residual: bool = True
    r"""Whether what is added to the path is drawn $\sqrt{2L}$ times smaller."""
    embd_pdrop: float = 0.1
    """The share dropped of the embeddings."""
    resid_pdrop: float = 0.1
    """The share dropped of what a sublayer says."""
    attn_pdrop: float = 0.1
    """The share of the attention's weights that is dropped."""
    layer_norm_epsilon: float = 1e-5
    r"""$\epsilon$ of the norms."""
    initializer_range: float = 0.02
    """Standard deviation of the first weights."""

    def __post_init__(self) -> None:
        """Refuse sizes that no model can have."""
        checks.positive(
            "GPTConfig",
            vocab_size=self.vocab_size,
            n_positions=self.n_positions,
            n_embd=self.n_embd,
            n_layer=self.n_layer,
            n_head=self.n_head,
        )
        for name in ("embd_pdrop", "resid_pdrop", "attn_pdrop"):
            checks.probability("GPTConfig", name, getattr(self, name))
        if self.n_embd % self.n_head:
            raise PfsValueError(
                "A03",
                where="GPTConfig, n_embd and n_head",
                expected="heads that divide the width",
                got=f"width {self.n_embd} and {self.n_head} heads",
                todo="change one of the two",
            )


GPT1: Final = GPTConfig(
    vocab_size=40_478,
    n_positions=512,
    n_embd=768,
    n_layer=12,
    n_head=12,
    norm_first=False,
    scale_residual=False,
)
"""Radford et al. (2018), section 4.1: 12 layers, 768, 12 heads."""

GPT2_SMALL: Final = GPTConfig(
    vocab_size=50_257, n_positions=1024, n_embd=768, n_layer=12, n_head=12
)
"""Radford et al. (2019), table 2, first row."""
GPT2_MEDIUM: Final = replace(GPT2_SMALL, n_embd=1024, n_layer=24, n_head=16)
"""Second row."""
GPT2_LARGE: Final = replace(GPT2_SMALL, n_embd=1280, n_layer=36, n_head=20)
"""Third row."""
GPT2_XL: Final = replace(GPT2_SMALL, n_embd=1600, n_layer=48, n_head=25)
"""Fourth row: what the paper calls GPT-2."""

GPT3_SMALL: Final = replace(GPT2_SMALL, n_positions=2048)
"""Brown et al. (2020), table 2.1: 125M."""
GPT3_MEDIUM: Final = replace(GPT3_SMALL, n_embd=1024, n_layer=24, n_head=16)
"""350M."""
GPT3_LARGE: Final = replace(GPT3_SMALL, n_embd=1536, n_layer=24, n_head=16)
"""760M."""
GPT3_XL: Final = replace(GPT3_SMALL, n_embd=2048, n_layer=24, n_head=16)
"""1.3B. The table says 24 heads of 128, which is 3072 and not 2048; 16 heads of
128 are."""
GPT3_2_7B: Final = replace(GPT3_SMALL, n_embd=2560, n_layer=32, n_head=32)
"""2.7B."""
GPT3_6_7B: Final = replace(GPT3_SMALL, n_embd=4096, n_layer=32, n_head=32)
"""6.7B."""
GPT3_13B: Final = replace(GPT3_SMALL, n_embd=5120, n_layer=40, n_head=40)
"""13B. The table says width 5140, which 40 heads of 128 are not; 5120 is."""
GPT3_175B: Final = replace(GPT3_SMALL, n_embd=12_288, n_layer=96, n_head=96)
"""175B: what the paper calls GPT-3."""
GPT_TINY: Final = GPTConfig(
    vocab_size=11, n_positions=16, n_embd=8, n_layer=2, n_head=2
)
"""A model for examples."""
