from torch.nn import functional

from pfs.homework.battery import Battery, run_module


def adapt(Linear):
    def run(x, weight=None, bias=None):
        if weight is None:
            own = Linear(x.shape[-1], 5).named_parameters()
            return sorted(name for name, p in own if p.requires_grad)
        outputs, inputs = weight.shape
        if bias is None:
            linear = Linear(inputs, outputs, bias=False)
            return run_module(linear, {"weight": weight}, x)
        linear = Linear(inputs, outputs)
        return run_module(linear, {"weight": weight, "bias": bias}, x)

    return run


def case(draw, batch, inputs, outputs):
    return (
        draw.normal(*batch, inputs),
        draw.normal(outputs, inputs),
        draw.normal(outputs),
    )


def cases(draw):
    yield case(draw, (2,), 3, 5)
    yield case(draw, (2,), 3, 5)[:2]
    yield case(draw, (2, 3), 5, 7)
    yield case(draw, (), 3, 2)
    yield case(draw, (4,), 4, 4)
    yield case(draw, (1,), 1, 1)
    yield case(draw, (3, 3), 3, 3)[:2]
    yield case(draw, (2, 1, 3), 2, 2)


def edges(draw):
    yield case(draw, (0,), 3, 5)
    yield case(draw, (2, 0), 3, 5)
    x, weight, bias = case(draw, (2,), 3, 5)
    yield 1e6 * x, weight, bias


def learned(linear, draw):
    return linear(draw.normal(2, 3)) == ["bias", "weight"]


CHECK = Battery(
    cases,
    oracle=functional.linear,
    adapt=adapt,
    edges=edges,
    invariants={"learned": learned},
    forbid=("linear", "torch.nn.modules.linear", "pfs.nn.linear"),
)
