"""Bricks: the function that is the equation, its gradient, its layer."""

import torch

from pfs.nn import checks
from pfs.nn.activation import ReLU, Sigmoid, Tanh, relu, sigmoid, tanh
from pfs.nn.dropout import Dropout, dropout
from pfs.nn.embedding import Embedding, embedding
from pfs.nn.gelu import GELU, gelu
from pfs.nn.linear import Linear, linear
from pfs.nn.loss import CrossEntropyLoss, cross_entropy
from pfs.nn.norm import LayerNorm, layer_norm
from pfs.nn.softmax import LogSoftmax, Softmax, log_softmax, softmax

__all__ = [
    "GELU",
    "CrossEntropyLoss",
    "Dropout",
    "Embedding",
    "LayerNorm",
    "Linear",
    "LogSoftmax",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "cross_entropy",
    "dropout",
    "embedding",
    "gelu",
    "layer_norm",
    "linear",
    "log_softmax",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
]

checks.torch_version(torch.__version__)
