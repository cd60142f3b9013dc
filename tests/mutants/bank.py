"""The bank: mistakes that people make with these papers, one line each.

`old` occurs exactly once in `file`; with `new` in its place one of `tests` must
fail. A new paper brings the mistakes of its own.
"""

from typing import NamedTuple


class Mutant(NamedTuple):
    """One wrong version of the package."""

    mistake: str
    file: str
    old: str
    new: str
    tests: str


RNN = "recurrent/rnn.py"
LAYERS = "recurrent/layers.py"
TEST_RNN = "tests/recurrent/test_rnn.py"
TEST_NN = "tests/nn"
TEST_SGD = "tests/optim"

BANK = [
    Mutant(
        "U is not transposed in the loop",
        RNN,
        "U_T = h0, U.T.contiguous()",
        "U_T = h0, U.contiguous()",
        TEST_RNN,
    ),
    Mutant(
        "the state is not carried",
        RNN,
        'h = z.tanh_() if nonlinearity == "tanh" else z.relu_()',
        'z.tanh_() if nonlinearity == "tanh" else z.relu_()',
        TEST_RNN,
    ),
    Mutant(
        "tanh' is taken for 1 - h",
        RNN,
        "delta = 1 - states * states",
        "delta = 1 - states",
        TEST_RNN,
    ),
    Mutant(
        "relu' is 1 at 0",
        RNN,
        "(states > 0)",
        "(states >= 0)",
        TEST_RNN,
    ),
    Mutant(
        "the error of later steps is not carried back",
        RNN,
        "delta[t].mul_(dh.add_(g[t]))",
        "delta[t].mul_(g[t])",
        TEST_RNN,
    ),
    Mutant(
        "the error walks forward in time",
        RNN,
        "reversed(range(len(states)))",
        "range(len(states))",
        TEST_RNN,
    ),
    Mutant(
        "U is transposed on the way back",
        RNN,
        "dh = delta[t] @ U",
        "dh = delta[t] @ U.T",
        TEST_RNN,
    ),
    Mutant(
        "dU pairs delta_t with h_t instead of h_{t-1}",
        RNN,
        "before = torch.cat([h0[None], states[:-1]])",
        "before = states",
        TEST_RNN,
    ),
    Mutant(
        "the first state gets no gradient",
        RNN,
        "return delta, dh, dU, None",
        "return delta, torch.zeros_like(dh), dU, None",
        TEST_RNN,
    ),
    Mutant(
        "the recurrent bias is forgotten in the cell",
        RNN,
        "linear(hx, self.weight_hh, self.bias_hh)",
        "linear(hx, self.weight_hh)",
        TEST_RNN,
    ),
    Mutant(
        "tanh whatever nonlinearity says",
        RNN,
        'return tanh(z) if self.nonlinearity == "tanh" else relu(z)',
        "return tanh(z)",
        TEST_RNN,
    ),
    Mutant(
        "one bias instead of two in the layers",
        LAYERS,
        "drive = drive + (bias_ih + bias_hh)",
        "drive = drive + bias_ih",
        TEST_RNN,
    ),
    Mutant(
        "initial range by the input size",
        LAYERS,
        "draw_uniform(self, self.hidden_size)",
        "draw_uniform(self, self.input_size)",
        TEST_RNN,
    ),
    Mutant(
        "batch_first is ignored",
        LAYERS,
        "        if self.batch_first and not alone:\n"
        "            x = x.transpose(0, 1)\n        time",
        "        time",
        TEST_RNN,
    ),
    Mutant(
        "the output is not turned back",
        LAYERS,
        "        if self.batch_first and not alone:\n"
        "            x = x.transpose(0, 1)\n        h_n",
        "        h_n",
        TEST_RNN,
    ),
    Mutant(
        "every layer starts from the first layer's state",
        LAYERS,
        "h[len(last)] for h in first",
        "h[0] for h in first",
        TEST_RNN,
    ),
    Mutant(
        "dropout before the first layer too",
        LAYERS,
        "            if layer:\n                x = dropout",
        "            if True:\n                x = dropout",
        TEST_RNN,
    ),
    Mutant(
        "dropout while evaluating",
        LAYERS,
        "dropout(x, self.dropout, self.training)",
        "dropout(x, self.dropout, True)",
        TEST_RNN,
    ),
    Mutant(
        "the reverse direction starts in the padding",
        LAYERS,
        "seen = reverse(x, steps) if backwards else x",
        "seen = x.flip(0) if backwards else x",
        TEST_RNN,
    ),
    Mutant(
        "the reverse states are not put back in order",
        LAYERS,
        "return reverse(h, steps) if backwards else h, stop",
        "return h, stop",
        TEST_RNN,
    ),
    Mutant(
        "the last state is read one step too late",
        LAYERS,
        "s[steps - 1, rows]",
        "s[(steps - 1).clamp(max=len(s) - 2) + 1, rows]",
        TEST_RNN,
    ),
    Mutant(
        "states behind a row's end are kept",
        LAYERS,
        "h = h * real_steps(steps, len(h)).to(h.dtype)",
        "h = h",
        TEST_RNN,
    ),
    Mutant(
        "softmax without subtracting the maximum",
        "nn/softmax.py",
        "p = (x - x.amax(dim, keepdim=True)).exp_()",
        "p = x.exp()",
        TEST_NN,
    ),
    Mutant(
        "softmax always over the last axis",
        "nn/softmax.py",
        "_Softmax.apply(input, dim)",
        "_Softmax.apply(input, -1)",
        TEST_NN,
    ),
    Mutant(
        "softmax' without the sum",
        "nn/softmax.py",
        "return weighted.sub_(p * total), None",
        "return weighted, None",
        TEST_NN,
    ),
    Mutant(
        "label smoothing spread over the wrong classes only",
        "nn/loss.py",
        "(ctx.smoothing / p.shape[-1])",
        "(ctx.smoothing / (p.shape[-1] - 1))",
        TEST_NN,
    ),
    Mutant(
        "ignored places count in the mean",
        "nn/loss.py",
        "share = counts.to(input.dtype)",
        "share = torch.ones_like(counts, dtype=input.dtype)",
        TEST_NN,
    ),
    Mutant(
        "class weights do not count in the mean",
        "nn/loss.py",
        "share = share * weight[safe.long()]",
        "share = share",
        TEST_NN,
    ),
    Mutant(
        "the classes are looked for on the last axis",
        "nn/loss.py",
        "axis = 0 if input.ndim == 1 else 1",
        "axis = input.ndim - 1",
        TEST_NN,
    ),
    Mutant(
        "layer norm with the unbiased variance",
        "nn/norm.py",
        "centred.square().mean(-1, keepdim=True) + eps",
        "x.var(-1, keepdim=True) + eps",
        TEST_NN,
    ),
    Mutant(
        "epsilon outside the root",
        "nn/norm.py",
        "torch.rsqrt(centred.square().mean(-1, keepdim=True) + eps)",
        "1 / (centred.square().mean(-1, keepdim=True).sqrt() + eps)",
        TEST_NN,
    ),
    Mutant(
        "layer norm' without the variance's part",
        "nn/norm.py",
        "dx.sub_(normal * along).mul_(scale)",
        "dx.mul_(scale)",
        TEST_NN,
    ),
    Mutant(
        "the two forms of GELU are mixed up",
        "nn/activation.py",
        'if approximate == "tanh":',
        'if approximate == "none":',
        TEST_NN,
    ),
    Mutant(
        "GELU' without the density's part",
        "nn/activation.py",
        "pdf.mul_(x).add_(cdf).mul_(dy)",
        "cdf * dy",
        TEST_NN,
    ),
    Mutant(
        "sigmoid overflows for large negative numbers",
        "nn/activation.py",
        "torch.where(input < 0, small, one) / (1 + small)",
        "1 / (1 + torch.exp(-input)) * (input > -80)",
        TEST_NN,
    ),
    Mutant(
        "the padding row gets a gradient",
        "nn/embedding.py",
        "weight = torch.where(frozen[:, None], weight.detach(), weight)",
        "weight = torch.where(frozen[:, None], weight, weight)",
        TEST_NN,
    ),
    Mutant(
        "dropout does not enlarge what is left",
        "nn/dropout.py",
        "return input * keep / (1 - p)",
        "return input * keep",
        TEST_NN,
    ),
    Mutant(
        "dropout keeps the share it should drop",
        "nn/dropout.py",
        "keep = torch.rand_like(input) >= p",
        "keep = torch.rand_like(input) < p",
        TEST_NN,
    ),
    Mutant(
        "the weight of a linear map is not transposed",
        "nn/linear.py",
        "y = input @ weight.T",
        "y = input @ weight.reshape(weight.shape[::-1])",
        TEST_NN,
    ),
    Mutant(
        "every tensor is clipped by its own norm",
        "optim/sgd.py",
        "        g.mul_(scale)",
        "        g.mul_((max_norm / (g.norm() + 1e-6)).clamp(max=1.0))",
        TEST_SGD,
    ),
    Mutant(
        "small gradients are enlarged by clipping",
        "optim/sgd.py",
        "(max_norm / (norm + 1e-6)).clamp(max=1.0)",
        "max_norm / (norm + 1e-6)",
        TEST_SGD,
    ),
    Mutant(
        "the step climbs",
        "optim/sgd.py",
        'alpha=-group["lr"]',
        'alpha=group["lr"]',
        TEST_SGD,
    ),
]
