"""Wrong inputs of the recurrent layers: what the user reads."""

from dataclasses import replace

import pytest
import torch
from torch.nn.utils.rnn import pack_sequence

import pfs
from pfs.errors import PfsError
from pfs.recurrent.bidirectional import Bidirectional, GapFiller, Tagger
from pfs.recurrent.gru import GRU, GRUCell
from pfs.recurrent.lstm import LSTM, LSTMCell
from pfs.recurrent.pairs import SMALL_READER
from pfs.recurrent.rnn import RNN, RNNCell
from pfs.recurrent.stacked import PredictionNetwork, Stack, StackedConfig

x = torch.zeros(7, 2, 3)
h, c = torch.zeros(1, 2, 5), torch.zeros(1, 2, 5)

CASES = [
    (lambda: RNN(0, 5), "A01", "input_size"),
    (lambda: RNN(3, 5, 0), "A01", "num_layers"),
    (lambda: RNN(3, 5, nonlinearity="gelu"), "A01", "'tanh' or 'relu'"),
    (lambda: RNN(3, 5, 2, dropout=1.5), "A01", "dropout"),
    (lambda: RNN("3", 5), "A02", "'3'"),
    (lambda: RNN(4, 5)(x), "S14", "input_size = 4"),
    (lambda: RNN(3, 5)(x[0, 0]), "S14", "2 or 3 axes"),
    (lambda: RNN(3, 5)(x.long()), "S01", "int64"),
    (lambda: RNN(3, 5)(x.double()), "S01", "float64"),
    (lambda: RNN(3, 5)(x.to("meta")), "S02", "meta"),
    (lambda: RNN(3, 5)(x[:0]), "S05", "(0, 2, 3)"),
    (lambda: RNN(3, 5, batch_first=True)(x[:, :0]), "S05", "(7, 0, 3)"),
    (lambda: RNN(3, 5)(x, torch.zeros(2, 1, 5)), "S14", "(1, 2, 5)"),
    (
        lambda: RNN(3, 5, batch_first=True)(x, torch.zeros(1, 2, 5)),
        "S14",
        "(1, 7, 5)",
    ),
    (lambda: RNN(3, 5)(x[:, 0], torch.zeros(1, 1, 5)), "S14", "(1, 5)"),
    (lambda: RNN(3, 5)(x, torch.zeros(1, 2, 5).double()), "S01", "float64"),
    (lambda: RNN(3, 5)(x, lengths=[7]), "S14", "one length a row"),
    (lambda: RNN(3, 5)(x, lengths=[7, 0]), "S05", "lengths[1]"),
    (lambda: RNN(3, 5)(x, lengths=[7, 8]), "A01", "1 to 7"),
    (lambda: RNN(3, 5)(x, lengths=torch.ones(2)), "S01", "float32"),
    (lambda: RNN(3, 5)(pack_sequence([x[:, 0]])), "A02", "lengths="),
    (lambda: RNN(3, 5)(x, lengths=torch.ones(2) > 0), "S01", "bool"),
    (lambda: RNN(3, 5)(x, lengths=[7, None]), "A02", "[7, None]"),
    (lambda: RNN(3, 5)(x, lengths=[[7], [4, 2]]), "A02", "list of ints"),
    (lambda: RNN(3, 5)(x, lengths=7), "S14", "one for every row"),
    (lambda: RNN(3, 5)(x, lengths=[1] * 7), "S14", "turn batch_first"),
    (lambda: RNN(3, 5)(x, torch.zeros(1, 7, 5)), "S14", "turn batch_first"),
    (lambda: RNN(3, 5)(x, torch.zeros(2, 1, 5)), "S14", "layers * directions"),
    (lambda: RNN(3, 5)(x, (x, x)), "A02", "pass h alone"),
    (lambda: RNN(3, 5)(x.numpy()), "A02", "ndarray"),
    (lambda: RNN(3, 5, 2, dropout="0.5"), "A02", "'0.5'"),
    (lambda: RNN(3, 5, 2, dropout=True), "A02", "a float"),
    (lambda: RNNCell(3, 5)(x[0], "zeros"), "A02", "str"),
    (lambda: RNNCell(3, 5)(x[0], x[0].double()), "S01", "float64"),
    (lambda: RNNCell(3, -5), "A01", "hidden_size"),
    (lambda: RNNCell(3, 5, nonlinearity="elu"), "A01", "'elu'"),
    (lambda: RNNCell(3, 5)(x), "S14", "1 or 2 axes"),
    (lambda: RNNCell(4, 5)(x[0]), "S14", "input_size = 4"),
    (lambda: RNNCell(3, 5)(x[0], torch.zeros(3, 5)), "S14", "(2, 5)"),
    (lambda: LSTM(3, 0), "A01", "hidden_size"),
    (lambda: LSTM(3, None), "A02", "None"),
    (lambda: LSTM(3, 5, proj_size=5), "A01", "less than hidden_size = 5"),
    (lambda: LSTM(3, 5, proj_size=-1), "A01", "-1"),
    (lambda: LSTM(3, 5, proj_size=2.0), "A02", "2.0"),
    (lambda: LSTM(3, 5, 2, dropout=2.0), "A01", "dropout"),
    (lambda: LSTM(3, 5, forget_bias="1"), "A02", "'1'"),
    (lambda: LSTM(3, 5, forget_bias=True), "A02", "True"),
    (lambda: LSTM(3, 5, bias=False, forget_bias=1.0), "A03", "bias=False"),
    (
        lambda: LSTMCell(3, 5, forget_gate=False, forget_bias=1.0),
        "A03",
        "forget_gate=False",
    ),
    (lambda: LSTM(4, 5)(x), "S14", "input_size = 4"),
    (lambda: LSTM(3, 5)(x[:0]), "S05", "(0, 2, 3)"),
    (lambda: LSTM(3, 5)(x.double()), "S01", "float64"),
    (lambda: LSTM(3, 5)(x, h), "A02", "a pair of tensors (h, c)"),
    (lambda: LSTM(3, 5)(x, (h,)), "A02", "tuple of 1"),
    (lambda: LSTM(3, 5)(x, (h, c, c)), "A02", "tuple of 3"),
    (lambda: LSTM(3, 5)(x, (h, None)), "A02", "LSTM, hx[1]"),
    (lambda: LSTM(3, 5)(x, (h[:, :1], c)), "S14", "LSTM, hx[0]"),
    (lambda: LSTM(3, 5)(x, (h, c[:, :1])), "S14", "LSTM, hx[1]"),
    (lambda: LSTM(3, 5)(x, (h, c.double())), "S01", "hx[1]"),
    (lambda: LSTM(3, 5)(x, (h, c.to("meta"))), "S02", "meta"),
    (lambda: LSTM(3, 5, proj_size=2)(x, (h, c)), "S14", "(1, 2, 2)"),
    (lambda: LSTM(3, 5)(x, lengths=[7, 0]), "S05", "lengths[1]"),
    (lambda: LSTM(3, 5)(pack_sequence([x[:, 0]])), "A02", "lengths="),
    (lambda: LSTMCell(3, 5)(x[0], h[0]), "A02", "a pair"),
    (lambda: LSTMCell(3, 5)(x[0], (h, c)), "S14", "(2, 5)"),
    (lambda: LSTMCell(3, 5)(x), "S14", "1 or 2 axes"),
    (lambda: GRU(3, 5, reset="v3"), "A01", "'after' or 'before'"),
    (lambda: GRUCell(3, 5, reset=None), "A01", "None"),
    (lambda: GRU(3, 5)(x, (h, c)), "A02", "pass h alone"),
    (lambda: GRU(3, 5)(x, h[:, :1]), "S14", "(1, 2, 5)"),
    (lambda: GRU(3, 5)(x, lengths=[7, 8]), "A01", "1 to 7"),
    (lambda: GRUCell(3, 5)(x[0], h), "S14", "(2, 5)"),
    (lambda: GRUCell(3, 0), "A01", "hidden_size"),
    (lambda: Stack(0, 5), "A01", "input_size"),
    (lambda: Stack(3, 5, 0), "A01", "num_layers"),
    (lambda: Stack(3, 5, 2.0), "A02", "2.0"),
    (lambda: Stack(3, 5, 2, "LSTM"), "A01", "'lstm-peephole'"),
    (lambda: Stack(3, 5, 2, dropout=1.5), "A01", "dropout"),
    (lambda: Stack(3, 5, 2, dropout="0.5"), "A02", "'0.5'"),
    (lambda: Stack(4, 5, 2)(x), "S14", "Stack, input"),
    (lambda: Stack(3, 5, 2)(x[0, 0]), "S14", "2 or 3 axes"),
    (lambda: Stack(3, 5, 2)(x.double()), "S01", "float64"),
    (lambda: Stack(3, 5, 2)(x[:0]), "S05", "(0, 2, 3)"),
    (lambda: Stack(3, 5, 2)(x, h), "A02", "a pair of tensors (h, c)"),
    (lambda: Stack(3, 5, 2)(x, (h, c)), "S14", "(2, 2, 5)"),
    (lambda: Stack(3, 5, 2)(x, ((h, c), (h, c))), "A02", "Stack, hx[0]"),
    (lambda: Stack(3, 5, 2, "gru")(x, (h, c)), "A02", "pass h alone"),
    (lambda: Stack(3, 5, 2, "gru")(x, h), "S14", "(2, 2, 5)"),
    (
        lambda: Stack(3, 5, batch_first=True)(x, (h, c)),
        "S14",
        "turn batch_first",
    ),
    (lambda: Stack(3, 5, 2)(x, lengths=[7, 0]), "S05", "lengths[1]"),
    (
        lambda: PredictionNetwork(
            StackedConfig(
                input_size=3, hidden_size=5, num_layers=2, output_size=0
            )
        ),
        "A01",
        "out_features",
    ),
    (lambda: Bidirectional(RNN(3, 5), torch.nn.RNN(3, 5)), "A02", "back"),
    (
        lambda: Bidirectional(RNN(3, 5, bidirectional=True), RNN(3, 5)),
        "A03",
        "the second direction is the other network",
    ),
    (
        lambda: Bidirectional(RNN(3, 5), RNN(4, 5)),
        "A03",
        "input_size",
    ),
    (
        lambda: Bidirectional(RNN(3, 5), RNN(3, 5, batch_first=True)),
        "A03",
        "batch_first",
    ),
    (
        lambda: Bidirectional(RNN(3, 5), LSTM(3, 7, proj_size=4), "sum"),
        "A03",
        "5 and 4",
    ),
    (lambda: Bidirectional(RNN(3, 5), RNN(3, 5), "max"), "A01", "'concat'"),
    (
        lambda: Bidirectional(GRU(3, 5), GRU(3, 5))(x, lengths=[7, 8]),
        "A01",
        "1 to 7",
    ),
    (
        lambda: Bidirectional(GRU(3, 5), GRU(3, 5))(x, (None, h[:, :1])),
        "S14",
        "(1, 2, 5)",
    ),
    (lambda: GapFiller(0, SMALL_READER), "A01", "num_symbols"),
    (
        lambda: GapFiller(7, replace(SMALL_READER, cell="cnn")),
        "A01",
        "'gru'",
    ),
    (
        lambda: Tagger(7, 3, replace(SMALL_READER, num_layers=0)),
        "A01",
        "num_layers",
    ),
    (lambda: Tagger(7, 0, SMALL_READER), "A01", "num_labels"),
]


@pytest.mark.parametrize("backend", ["ours", "fused"])
@pytest.mark.parametrize(("call", "code", "words"), CASES)
def test_the_message_helps(call, code, words, backend):
    with pytest.raises(PfsError) as caught, pfs.backend(backend):
        call()
    assert caught.value.code == code
    assert words in str(caught.value)
    assert isinstance(caught.value, ValueError | TypeError)


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU, Stack])
def test_the_warning_points_at_the_line_of_the_user(kind):
    with pytest.warns(UserWarning, match="between layers") as caught:
        kind(3, 5, dropout=0.5)
    assert caught[0].filename == __file__
