r"""What stands at a place of BERT: a piece of a word, and where it is.

Devlin et al. (2019), section 3 and figure 2. Note: notes/bert
"""

from typing import Any

import torch
from torch import nn

from pfs.errors import PfsValueError
from pfs.nn import Dropout, Embedding, LayerNorm, checks
from pfs.shapes import Float, Int, Tensor
from pfs.words.bert_config import BertConfig


class BertEmbeddings(nn.Module):
    r"""What stands at a place: a piece of a word, its segment, its position.

    $$ x_i = \mathrm{LayerNorm}(W^{\mathrm{tok}}_{t_i} + W^{\mathrm{seg}}_{s_i}
    + W^{\mathrm{pos}}_i) \tag{1} $$

    Dropout follows. All three tables are learnt.

    Args:
        config: The sizes.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: S14 if the ids are no batch of sequences, the types have
            another shape or there are more places than positions; S05 if
            there is no place.

    Examples:
        >>> from pfs.words.bert_config import BERT_TINY
        >>> BertEmbeddings(BERT_TINY)(torch.zeros(2, 5, dtype=int)).shape
        torch.Size([2, 5, 128])

    Source:
        Devlin et al. (2019), section 3 and figure 2; the norm and the dropout
        are in the released `modeling.py`, `embedding_postprocessor`.

    Differs:
        The paper's figure has the sum alone.
    """

    def __init__(
        self, config: BertConfig, device: Any = None, dtype: Any = None
    ) -> None:
        super().__init__()
        kind = {"device": device, "dtype": dtype}
        width = config.hidden_size
        self.tokens = Embedding(config.vocab_size, width, **kind)
        self.segments = Embedding(config.type_vocab_size, width, **kind)
        self.positions = Embedding(
            config.max_position_embeddings, width, **kind
        )
        self.norm = LayerNorm(width, config.layer_norm_eps, **kind)
        self.dropout = Dropout(config.hidden_dropout_prob)

    # --8<-- [start:embed]
    def forward(
        self,
        ids: Int[Tensor, "batch time"],
        types: Int[Tensor, "batch time"] | None = None,
    ) -> Float[Tensor, "batch time hidden"]:
        """Add up the three vectors of every place.

        Args:
            ids: The word pieces $t_i$.
            types: The segments $s_i$; all 0 if `None`.

        Returns:
            The places $x_i$.
        """
        self._check(ids, types)
        types = torch.zeros_like(ids) if types is None else types
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.tokens(ids) + self.segments(types) + self.positions(places)
        y: Tensor = self.dropout(self.norm(x))  # (1)
        return y

    # --8<-- [end:embed]
    def _check(self, ids: Tensor, types: Tensor | None) -> None:
        checks.tensor("Bert", "ids", ids)
        checks.matrix("Bert", "ids", ids)
        checks.shape("Bert", "types", types, *ids.shape)
        longest = self.positions.num_embeddings
        if ids.shape[1] == 0:
            raise PfsValueError(
                "S05",
                where="Bert, ids",
                expected="at least one place, [CLS]",
                got=f"shape {tuple(ids.shape)}",
                todo="put the marks in with WordPiece.encode_pair",
            )
        if ids.shape[1] > longest:
            raise PfsValueError(
                "S14",
                where="Bert, ids",
                expected=f"at most {longest} places: there are no more "
                "position vectors",
                got=f"{ids.shape[1]} places",
                todo="cut the text into windows",
            )
