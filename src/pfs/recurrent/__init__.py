"""Networks that read one step at a time and carry a state."""

from pfs.recurrent.bidirectional import Bidirectional, GapFiller, Tagger
from pfs.recurrent.gru import GRU, GRUCell
from pfs.recurrent.lstm import LSTM, LSTMCell
from pfs.recurrent.rnn import RNN, RNNCell
from pfs.recurrent.stacked import PredictionNetwork, Stack

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Bidirectional",
    "GRUCell",
    "GapFiller",
    "LSTMCell",
    "PredictionNetwork",
    "RNNCell",
    "Stack",
    "Tagger",
]
