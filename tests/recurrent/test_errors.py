"""Wrong inputs of the recurrent layers: what the user reads."""

import pytest
import torch
from torch.nn.utils.rnn import pack_sequence

import pfs
from pfs.errors import PfsError
from pfs.recurrent.rnn import RNN, RNNCell

x = torch.zeros(7, 2, 3)

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
]


@pytest.mark.parametrize("backend", ["ours", "fused"])
@pytest.mark.parametrize(("call", "code", "words"), CASES)
def test_the_message_helps(call, code, words, backend):
    with pytest.raises(PfsError) as caught, pfs.backend(backend):
        call()
    assert caught.value.code == code
    assert words in str(caught.value)
    assert isinstance(caught.value, ValueError | TypeError)


def test_the_warning_points_at_the_line_of_the_user():
    with pytest.warns(UserWarning, match="between layers") as caught:
        RNN(3, 5, dropout=0.5)
    assert caught[0].filename == __file__
