"""Networks that read one step at a time and carry a state."""

from pfs.recurrent.rnn import RNN, RNNCell

__all__ = ["RNN", "RNNCell"]
