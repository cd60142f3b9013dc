"""Wrong inputs of the models of translation: what the user reads."""

from dataclasses import replace

import pytest
import torch

import pfs
from pfs.errors import PfsError
from pfs.text import Vocabulary
from pfs.translation import additive_attention
from pfs.translation.additive_attention import (
    AdditiveAttention,
    AttentionTranslator,
)
from pfs.translation.batches import (
    Codec,
    Words,
    pair_batches,
    sequence_loss,
)
from pfs.translation.decoding import beam_search, greedy, sample
from pfs.translation.seq2seq import CHO, TINY, Seq2Seq, reverse
from pfs.translation.transformer import (
    PositionalEncoding,
    Transformer,
    TransformerConfig,
    TransformerDecoder,
    TransformerDecoderLayer,
    TransformerEncoder,
    TransformerEncoderLayer,
)

x, y = torch.tensor([[3, 4, 2], [5, 2, 0]]), torch.tensor([[1, 3], [1, 4]])
ENDS = {"bos": 1, "eos": 2, "max_length": 4}
WORDS = Words(["a", "b"])
TWO, ONE = (
    Codec(Vocabulary("ab")).encode(["a", "b"]),
    Codec(WORDS).encode(["a"]),
)


def small(**changes):
    sizes = {"vocab": 6, "d_model": 8, "num_heads": 2, "d_ff": 8}
    return Transformer(TransformerConfig(**{**sizes, **changes}))


def tiny(**changes):
    return Seq2Seq(replace(TINY, **changes))


def searching(**changes):
    return AttentionTranslator(replace(additive_attention.TINY, **changes))


def search(query=(2, 5), keys=(2, 7, 4), **more):
    sizes = torch.zeros(query), torch.zeros(keys)
    return AdditiveAttention(5, 4, 3)(*sizes, **more)


CASES = [
    (lambda: searching(hidden_size=0), "A01", "hidden_size"),
    (lambda: searching(attention_size=0), "A01", "attention_size"),
    (lambda: searching(maxout_size=0), "A01", "maxout_size"),
    (lambda: searching(target_vocab=-1), "A01", "num_embeddings"),
    (lambda: searching(dropout=1.5), "A01", "dropout"),
    (lambda: searching(dropout="half"), "A02", "'half'"),
    (lambda: searching(reset="never"), "A01", "'before'"),
    (lambda: searching(readout="next"), "A01", "'previous'"),
    (lambda: searching()(x + 10, y), "S09", "0 <= id < 7"),
    (lambda: searching()(x, y + 10), "S09", "0 <= id < 6"),
    (lambda: searching()(x.float(), y), "S01", "float32"),
    (lambda: searching()([[3]], y), "A02", "list"),
    (lambda: searching()(x[0], y), "S14", "two axes"),
    (lambda: searching()(x, y[0]), "S14", "two axes"),
    (lambda: searching()(x, [[1]]), "A02", "list"),
    (lambda: searching()(x[:, :0], y), "S05", "one time step"),
    (lambda: searching()(x, y[:, :0]), "S05", "one time step"),
    (lambda: searching()(x, y, torch.tensor([3])), "S14", "one length a row"),
    (lambda: searching()(x, y, torch.tensor([3, 0])), "S05", "lengths[1]"),
    (lambda: searching()(x, y, torch.tensor([4, 1])), "A01", "1 to 3 steps"),
    (lambda: searching().align(x, y[:1]), "S14", "target"),
    (lambda: AdditiveAttention(5, 4.0, 3), "A02", "key_size"),
    (lambda: search(query=(2, 4)), "S14", "query_size = 5"),
    (lambda: search(query=(2, 1, 5)), "S14", "two axes"),
    (lambda: search(keys=(2, 7, 5)), "S14", "key_size = 4"),
    (lambda: search(keys=(1, 7, 4)), "S14", "(2, 7, 4)"),
    (lambda: search(keys=(7, 4)), "S14", "(2, 7, 4)"),
    (lambda: search(mask=torch.ones(7).bool()), "S14", "(2, 7)"),
    (lambda: search(mask=[[True] * 7] * 2), "A02", "list"),
    (lambda: search(mask=torch.ones(2, 7).to("meta")), "S02", "meta"),
    (lambda: search(mask=torch.ones(2, 7)), "S01", "float32"),
    (lambda: tiny(hidden_size=0), "A01", "hidden_size"),
    (lambda: tiny(num_layers=0), "A01", "num_layers"),
    (lambda: tiny(source_vocab=-1), "A01", "num_embeddings"),
    (lambda: tiny(cell="rnn"), "A01", "'lstm' or 'gru'"),
    (lambda: tiny(dropout=1.5), "A01", "dropout"),
    (lambda: tiny(dropout="half"), "A02", "'half'"),
    (lambda: tiny(context=True), "A03", "cell='lstm' and num_layers=2"),
    (lambda: Seq2Seq(replace(CHO, num_layers=2)), "A03", "num_layers=2"),
    (lambda: tiny()(x + 10, y), "S09", "0 <= id < 7"),
    (lambda: tiny()(x, y + 10), "S09", "0 <= id < 6"),
    (lambda: tiny()(x.float(), y), "S01", "float32"),
    (lambda: tiny()(x[:, :0], y), "S05", "one time step"),
    (lambda: tiny()(x, y, torch.tensor([3])), "S14", "one length a row"),
    (lambda: tiny()(x, y, torch.tensor([3, 0])), "S05", "lengths[1]"),
    (lambda: tiny()(x, y, torch.tensor([4, 1])), "A01", "1 to 3 steps"),
    (lambda: tiny()(x, y[:1]), "S14", "shape"),
    (lambda: reverse(x, torch.tensor([3.0, 2.0])), "S01", "float32"),
    (lambda: greedy(tiny(), x[0], **ENDS), "S14", "two axes"),
    (lambda: greedy(tiny(), [[3]], **ENDS), "A02", "list"),
    (lambda: greedy(tiny(), x, bos=1, eos=2, max_length=0), "A01", "max_leng"),
    (lambda: greedy(tiny(), x, bos=1, eos=9, max_length=4), "A01", "below 6"),
    (lambda: greedy(tiny(), x, bos=1, eos=-1, max_length=4), "A01", "<eos>"),
    (lambda: greedy(tiny(), x, bos=1.0, eos=2, max_length=4), "A02", "1.0"),
    (lambda: greedy(tiny(), x, bos=8, eos=2, max_length=4), "S09", "8"),
    (lambda: sample(tiny(), x, temperature=-1.0, **ENDS), "A01", "-1.0"),
    (lambda: beam_search(tiny(), x, width=0, **ENDS), "A01", "width"),
    (lambda: beam_search(tiny(), x, width=2.0, **ENDS), "A02", "2.0"),
    (
        lambda: beam_search(tiny(), x, width=2, length_penalty="1", **ENDS),
        "A02",
        "'1'",
    ),
    (
        lambda: beam_search(tiny(), x, bos=1, eos=6, max_length=4, width=2),
        "A01",
        "below 6",
    ),
    (lambda: small(d_model=0), "A01", "d_model"),
    (lambda: small(num_heads=3), "A03", "8 features for 3 heads"),
    (lambda: small(num_layers=0), "A01", "num_layers"),
    (lambda: small(d_ff=0), "A01", "dim_feedforward"),
    (lambda: small(dropout=10), "A01", "dropout"),
    (lambda: small(attention_dropout=-0.1), "A01", "attention_dropout"),
    (lambda: small(inner_dropout=2), "A01", "inner_dropout"),
    (lambda: small(vocab=0), "A01", "vocab"),
    (lambda: PositionalEncoding(7), "A01", "an even number"),
    (lambda: PositionalEncoding(4)(torch.zeros(2, 6)), "S14", "d_model = 4"),
    (lambda: PositionalEncoding(4)(x), "S01", "int64"),
    (lambda: TransformerEncoderLayer(8, 2, activation="elu"), "A01", "'gelu'"),
    (lambda: TransformerEncoderLayer(8, 2, activation=3), "A02", "a function"),
    (lambda: TransformerDecoderLayer(8, 2.0), "A02", "nhead"),
    (lambda: TransformerEncoder(torch.nn.Identity(), 0), "A01", "num_layers"),
    (lambda: TransformerDecoder(torch.nn.Identity(), 0), "A01", "num_layers"),
    (lambda: small()(x, y, torch.tensor([3])), "S14", "(2,)"),
    (lambda: small()(x, y, torch.tensor([3, 4])), "A01", "0 to 3"),
    (lambda: small()(x, y, torch.tensor([3, -1])), "A01", "-1 to 3"),
    (lambda: small()(x, y, torch.tensor([3.0, 2.0])), "S01", "float32"),
    (lambda: small()(x, y, [3, 2]), "A02", "list"),
    (lambda: small()([[3]], y), "A02", "list"),
    (lambda: small()(x, y, torch.ones(2).long().to("meta")), "S02", "meta"),
    (lambda: small()(x[0], y), "S14", "two axes"),
    (lambda: small()(x, y + 5), "S09", "0 <= id < 6"),
    (lambda: small()(x[:, :0], y[:1]), "S14", "MultiheadAttention"),
    (lambda: WORDS.encode("a c"), "X08", "'c'"),
    (lambda: WORDS.decode([2]), "S09", "0 <= id < 2"),
    (lambda: Words(["a"], unknown="?"), "A03", "'?'"),
    (lambda: list(pair_batches(TWO, ONE, 1)), "A03", "2 sources and 1 targ"),
    (lambda: list(pair_batches(TWO, TWO, 0)), "A01", "batch_size"),
    (lambda: sequence_loss(torch.zeros(2, 3, 5), y), "S14", "(2, 3)"),
    (lambda: sequence_loss(torch.zeros(2, 2, 3), y), "S09", "0 <= id < 3"),
    (
        lambda: sequence_loss(torch.zeros(2, 2, 5), y, reduction="max"),
        "A01",
        "'max'",
    ),
]


@pytest.mark.parametrize("backend", ["ours", "fused"])
@pytest.mark.parametrize(("call", "code", "words"), CASES)
def test_the_message_helps(call, code, words, backend):
    with pytest.raises(PfsError) as caught, pfs.backend(backend):
        call()
    assert caught.value.code == code
    assert words in str(caught.value)
    assert isinstance(caught.value, ValueError | TypeError | IndexError)
