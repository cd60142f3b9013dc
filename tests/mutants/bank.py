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
INPUTS = "recurrent/inputs.py"
TEST_RNN = "tests/recurrent/test_rnn.py"
TEST_NN = "tests/nn"
TEST_RNN_ERRORS = "tests/recurrent/test_errors.py"
TEST_SGD = "tests/optim"
TEST_BATCHES = "tests/data/test_batches.py"
TEST_TRAINING = "tests/training/test_language.py"

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
        "the recurrent term is missing",
        RNN,
        "z.addmm_(h, U_T)",
        "pass",
        TEST_RNN,
    ),
    Mutant(
        "tanh in the layers whatever nonlinearity says",
        RNN,
        'h = z.tanh_() if nonlinearity == "tanh" else z.relu_()',
        "h = z.tanh_()",
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
        '+ getattr(\n                self, f"bias_hh_{end}"\n            )',
        "",
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
        "h = blank(states[0], steps)",
        "h = states[0]",
        TEST_RNN,
    ),
    Mutant(
        "the state handed over is not read",
        LAYERS,
        "if hx is None:",
        "if True:",
        TEST_RNN,
    ),
    Mutant(
        "the state handed over passes no gradient back",
        LAYERS,
        "[h.to(weight.dtype) for h in first]",
        "[h.to(weight.dtype).detach() for h in first]",
        TEST_RNN,
    ),
    Mutant(
        "h_n holds the forward directions of all layers first",
        LAYERS,
        "zip(*last, strict=True)",
        "zip(*last[::2], *last[1::2], strict=True)",
        TEST_RNN,
    ),
    Mutant(
        "the last state of the reverse direction is taken from its first step",
        LAYERS,
        "stop = tuple(s[-1] for s in states)",
        "stop = tuple(s[0 if backwards else -1] for s in states)",
        TEST_RNN,
    ),
    Mutant(
        "dropout after the last layer too",
        LAYERS,
        "x = torch.cat(sides, -1) if len(sides) > 1 else sides[0]",
        "x = dropout(torch.cat(sides, -1), self.dropout, self.training)",
        TEST_RNN,
    ),
    Mutant(
        "NaN in the padding reaches the gradient",
        LAYERS,
        "        x = blank(x, steps)\n",
        "",
        TEST_RNN,
    ),
    Mutant(
        "sequences are turned over the padded length, padding and all",
        LAYERS,
        "torch.where(t < steps, steps - 1 - t, t)",
        "(len(x) - 1 - t).expand(-1, len(steps))",
        TEST_RNN,
    ),
    Mutant(
        "a sequence without steps gets through",
        INPUTS,
        "if time == 0:",
        "if time < 0:",
        TEST_RNN_ERRORS,
    ),
    Mutant(
        "a state that broadcasts by luck gets through",
        INPUTS,
        "if tuple(hx.shape) != shape:",
        "if hx.ndim != len(shape):",
        TEST_RNN_ERRORS,
    ),
    Mutant(
        "a length beyond the time axis gets through",
        INPUTS,
        "if not 1 <= length <= time:",
        "if not 1 <= length:",
        TEST_RNN_ERRORS,
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
        "share = share * weight[safe]",
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
        "a second derivative comes out as zero",
        "nn/derivative.py",
        "if torch.is_grad_enabled():",
        "if False:",
        TEST_NN,
    ),
    Mutant(
        "smoothing without taking it from the right class",
        "nn/loss.py",
        "hit = (-(1 - ctx.smoothing) * dy)",
        "hit = (-dy)",
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
        "sigmoid is mirrored",
        "nn/activation.py",
        "return torch.sigmoid(input)",
        "return torch.sigmoid(-input)",
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
        "keep = torch.rand_like(input, dtype=kind) >= p",
        "keep = torch.rand_like(input, dtype=kind) < p",
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
        "clipping number by number",
        "optim/sgd.py",
        "        g.mul_(scale)",
        "        g.clamp_(-max_norm, max_norm)",
        TEST_SGD,
    ),
    Mutant(
        "the norm of all is the sum of the norms",
        "optim/sgd.py",
        "squares.sum().sqrt()",
        "squares.sqrt().sum()",
        TEST_SGD,
    ),
    Mutant(
        "the norm after clipping is returned",
        "optim/sgd.py",
        "    return norm\n",
        "    return norm * scale\n",
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
    Mutant(
        "targets are the inputs, not what follows",
        "data/batches.py",
        "targets = ids[offset + 1 : offset + used + 1]",
        "targets = ids[offset : offset + used]",
        TEST_BATCHES,
    ),
    Mutant(
        "time and batch are swapped in the strips",
        "data/batches.py",
        "inputs = ids[offset : offset + used].view(batch_size, length)",
        "inputs = ids[offset : offset + used].view(length, batch_size).T",
        TEST_BATCHES,
    ),
    Mutant(
        "random windows pretend to follow each other",
        "data/batches.py",
        "ids[places + 1], first=True",
        "ids[places + 1], first=start == 0",
        TEST_BATCHES,
    ),
    Mutant(
        "the state is not handed over between windows",
        "training/language.py",
        "state = None if batch.first else detach(state)",
        "state = None",
        TEST_TRAINING,
    ),
    Mutant(
        "the state survives into a new round",
        "training/language.py",
        "state = None if batch.first else detach(state)",
        "state = detach(state)",
        TEST_TRAINING,
    ),
    Mutant(
        "the graph grows from window to window",
        "training/language.py",
        "return state if state is None else state.detach()",
        "return state",
        TEST_TRAINING,
    ),
    Mutant(
        "gradients add up from step to step",
        "training/language.py",
        "        optimizer.zero_grad()\n",
        "",
        TEST_TRAINING,
    ),
    Mutant(
        "clipped before there is a gradient",
        "training/language.py",
        "        loss.backward()\n"
        "        norm = clip_grad_norm_(model.parameters(), clip)\n",
        "        norm = clip_grad_norm_(model.parameters(), clip)\n"
        "        loss.backward()\n",
        TEST_TRAINING,
    ),
    Mutant(
        "NaN is stepped on",
        "training/language.py",
        "        refuse_infinite(number, loss, norm, model)\n",
        "",
        TEST_TRAINING,
    ),
    Mutant(
        "a short last window counts as much as a long one",
        "training/language.py",
        "nats += loss.item() * batch.targets.numel()\n"
        "        count += batch.targets.numel()",
        "nats += loss.item()\n        count += 1",
        TEST_TRAINING,
    ),
    Mutant(
        "perplexity to the base 2",
        "training/language.py",
        "math.exp(loss) if",
        "2**loss if",
        TEST_TRAINING,
    ),
    Mutant(
        "perplexity with dropout on",
        "training/language.py",
        "    model.eval()\n",
        "",
        TEST_TRAINING,
    ),
    Mutant(
        "logits times the temperature",
        "training/sampling.py",
        "below / temperature",
        "below * temperature",
        TEST_TRAINING,
    ),
    Mutant(
        "the prompt is read without keeping its state",
        "training/sampling.py",
        "logits, state = model(read, state)",
        "logits, _ = model(read, state)",
        TEST_TRAINING,
    ),
]
