"""Bricks: the function that is the equation, its gradient, its layer."""

import torch

from pfs.nn import checks
from pfs.nn.activation import ReLU, Sigmoid, Tanh, relu, sigmoid, tanh
from pfs.nn.adaptive_pool import adaptive_avg_pool2d, adaptive_max_pool2d
from pfs.nn.attention import scaled_dot_product_attention
from pfs.nn.batch_norm import batch_norm
from pfs.nn.batch_norm_layers import BatchNorm1d, BatchNorm2d
from pfs.nn.conv import conv2d
from pfs.nn.conv_layer import Conv2d
from pfs.nn.dropout import Dropout, dropout
from pfs.nn.embedding import Embedding, embedding
from pfs.nn.gelu import GELU, gelu
from pfs.nn.linear import Linear, linear
from pfs.nn.loss import CrossEntropyLoss, cross_entropy
from pfs.nn.multihead import MultiheadAttention
from pfs.nn.norm import LayerNorm, layer_norm
from pfs.nn.pool import avg_pool2d, max_pool2d
from pfs.nn.pool_layers import (
    AdaptiveAvgPool2d,
    AdaptiveMaxPool2d,
    AvgPool2d,
    MaxPool2d,
)
from pfs.nn.similarity import l2_normalize
from pfs.nn.softmax import LogSoftmax, Softmax, log_softmax, softmax

__all__ = [
    "GELU",
    "AdaptiveAvgPool2d",
    "AdaptiveMaxPool2d",
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv2d",
    "CrossEntropyLoss",
    "Dropout",
    "Embedding",
    "LayerNorm",
    "Linear",
    "LogSoftmax",
    "MaxPool2d",
    "MultiheadAttention",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "adaptive_avg_pool2d",
    "adaptive_max_pool2d",
    "avg_pool2d",
    "batch_norm",
    "conv2d",
    "cross_entropy",
    "dropout",
    "embedding",
    "gelu",
    "l2_normalize",
    "layer_norm",
    "linear",
    "log_softmax",
    "max_pool2d",
    "relu",
    "scaled_dot_product_attention",
    "sigmoid",
    "softmax",
    "tanh",
]

checks.torch_version(torch.__version__)
