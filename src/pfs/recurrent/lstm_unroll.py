r"""Backpropagation through time of the LSTM, derived by hand.

Measured with one thread at 35 steps of 32 rows and 256 units, with backward,
as ratios to torch, which runs a fused kernel here: 1.20 (2.19 for the cell in a
loop). About two thirds of the time are products of matrices. Tried as well:

- with 1.16 for this loop in the same run: no branches for other forms, 1.11;
  the local derivatives inside the loop and in place, 1.11 to 1.15;
- with 1.14 for the loop without branches, on a busier machine: the same inside
  the loop as plain formulas, 1.22; $\tanh c_t$ computed again on the way back,
  1.15; in another run, 1.25 against 1.16, the units before the rows in memory.
"""

from typing import Any

import torch
from torch.autograd import Function

from pfs.nn.derivative import taken_once
from pfs.shapes import Tensor


class Unroll(Function):
    r"""All steps of one direction of one layer, forward and backward.

    $W x_t + b$ needs no state: it arrives here for all steps at once, and only
    what depends on $h_{t-1}$ is left to the loop:

    $$
    \begin{align}
    [z^i, z^f, z^g, z^o] &= W x_t + b + U h_{t-1} \tag{1} \\
    i_t &= \sigma(z^i + p^i \odot c_{t-1}),\;
    f_t = \sigma(z^f + p^f \odot c_{t-1}) \tag{2} \\
    c_t &= f_t \odot c_{t-1} + i_t \odot g_t,\quad g_t = \tanh z^g \tag{4} \\
    o_t &= \sigma(z^o + p^o \odot c_t) \tag{5} \\
    h_t &= R \, (o_t \odot \tanh c_t) \tag{6}
    \end{align}
    $$

    The numbers are those of `LSTMCell`; here (2) is its (2) and (3) in one go.
    Without peepholes $p = 0$, without a projection $R = I$, without a forget
    gate $f_t = 1$. Backward, with $\bar h_t$ and $\bar c_t$ all the error that
    reaches $h_t$ and $c_t$, and $\delta = \partial L / \partial z$:

    $$
    \begin{align}
    \bar h_t &= \partial L / \partial h_t + U^\top \delta_{t+1} \tag{7} \\
    \delta^o_t &= R^\top \bar h_t \odot \tanh c_t \odot o_t (1 - o_t) \tag{8} \\
    \bar c_t &= \partial L / \partial c_t + \bar c_{t+1} \odot f_{t+1}
    + p^i \odot \delta^i_{t+1} + p^f \odot \delta^f_{t+1} \tag{9} \\
    &\quad + R^\top \bar h_t \odot o_t (1 - \tanh^2 c_t)
    + p^o \odot \delta^o_t \tag{10} \\
    \delta^i_t &= \bar c_t \odot g_t \odot i_t (1 - i_t),\;
    \delta^f_t = \bar c_t \odot c_{t-1} \odot f_t (1 - f_t),\;
    \delta^g_t = \bar c_t \odot i_t (1 - g_t^2) \tag{11}
    \end{align}
    $$

    The weights get $\partial L / \partial U = \sum_t \delta_t h_{t-1}^\top$,
    and in the same way those of $R$ and $p$.
    """

    # --8<-- [start:unroll]
    @staticmethod
    def forward(
        ctx: Any,
        drive: Tensor,
        h0: Tensor,
        c0: Tensor,
        U: Tensor,
        R: Tensor | None,
        p: Tensor | None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Turn `drive` = $W x_t + b$ (time, batch, gates) into the states."""
        time, units = len(drive), c0.shape[-1]
        gates = drive  # in its place: nothing else reads it
        h, c = (x.new_empty(time + 1, *x.shape) for x in (h0, c0))
        h[0], c[0] = h0, c0
        tanh_c = torch.empty_like(c[1:])
        U_T = U.T.contiguous()
        peeps = [] if p is None else list(p.split(units))
        for t, z in enumerate(gates.unbind(0)):
            z.addmm_(h[t], U_T)  # (1)
            i, *f, g, o = z.split(units, -1)
            for gate, weight in zip((i, *f), peeps, strict=False):
                gate.addcmul_(weight, c[t])
            z[:, : -2 * units].sigmoid_()  # (2)
            g.tanh_()
            kept = torch.mul(f[0], c[t], out=c[t + 1]) if f else c[t]
            torch.addcmul(kept, i, g, out=c[t + 1])  # (4)
            if p is not None:
                o.addcmul_(peeps[-1], c[t + 1])
            o.sigmoid_()  # (5)
            said = torch.tanh(c[t + 1], out=tanh_c[t])
            if R is None:
                torch.mul(o, said, out=h[t + 1])  # (6)
            else:
                torch.mm(o * said, R.T, out=h[t + 1])
        ctx.mark_dirty(drive)
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(gates, h, c, tanh_c, U, R, p)
        return h[1:], c[1:], gates

    @staticmethod
    @taken_once
    def backward(
        ctx: Any, dL_dh: Tensor | None, dL_dc: Tensor | None, _: None
    ) -> tuple[Tensor | None, ...]:
        """Walk back through time with $delta_t$."""
        gates, h, c, tanh_c, U, R, p = ctx.saved_tensors
        units = c.shape[-1]
        delta, slope = _slopes(gates, c, tanh_c)
        d_i, *d_f, _, d_o = delta.split(units, -1)
        d_ifg = delta[..., :-units].unflatten(-1, (-1, units))
        peeps = [] if p is None else list(p.split(units))
        f = gates.split(units, -1)[1:-2]
        dh, dc = torch.zeros_like(h[0]), torch.zeros_like(c[0])
        errors = torch.empty_like(h[1:]) if R is not None else None
        for t in reversed(range(len(gates))):
            if dL_dh is not None:
                dh += dL_dh[t]  # (7)
            if errors is not None:
                errors[t] = dh
                dh = dh @ R
            d_o[t].mul_(dh)  # (8)
            dc.addcmul_(dh, slope[t])  # (10)
            if dL_dc is not None:
                dc += dL_dc[t]
            if p is not None:
                dc.addcmul_(peeps[-1], d_o[t])
            d_ifg[t].mul_(dc[:, None])  # (11)
            for gate in f:
                dc.mul_(gate[t])  # (9)
            for weight, d in zip(peeps, (d_i, *d_f), strict=False):
                dc.addcmul_(weight, d[t])
            dh = delta[t] @ U
        dU = delta.flatten(0, 1).T @ h[:-1].flatten(0, 1)
        dR = None if errors is None else _of_projection(errors, gates, tanh_c)
        dp = None if p is None else _of_peepholes(delta, c)
        return delta, dh, dc, dU, dR, dp

    # --8<-- [end:unroll]


def _slopes(gates: Tensor, c: Tensor, tanh_c: Tensor) -> tuple[Tensor, Tensor]:
    """Return the local derivatives of all steps: by $z$, and of $h$ by $c$."""
    i, *_, g, o = gates.split(c.shape[-1], -1)
    delta = gates - gates * gates  # of every sigmoid
    d_i, *d_f, d_g, d_o = delta.split(c.shape[-1], -1)
    d_i.mul_(g)
    for d in d_f:
        d.mul_(c[:-1])
    d_g.copy_(i).addcmul_(i * g, g, value=-1)
    d_o.mul_(tanh_c)
    return delta, o - o * tanh_c * tanh_c


def _of_projection(errors: Tensor, gates: Tensor, tanh_c: Tensor) -> Tensor:
    """Return the gradient of the projection."""
    said = gates[..., -tanh_c.shape[-1] :] * tanh_c
    return errors.flatten(0, 1).T @ said.flatten(0, 1)


def _of_peepholes(delta: Tensor, c: Tensor) -> Tensor:
    """Return the gradient of the peepholes: old cell for i and f, new for o."""
    *before, _, after = delta.split(c.shape[-1], -1)
    parts = [(d * c[:-1]).sum((0, 1)) for d in before]
    return torch.cat([*parts, (after * c[1:]).sum((0, 1))])
