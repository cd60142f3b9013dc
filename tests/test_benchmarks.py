"""The table of speeds: nothing is left out, and a part of it is not kept."""

import inspect

from benchmarks.__main__ import LAST, main
from benchmarks.cases import OURS, cases
from pfs.backend import fused


def test_every_layer_has_a_case():
    layers = {name for name, kind in OURS.items() if inspect.isclass(kind)}
    measured = {type(case.ours).__name__ for case in cases()}
    assert layers <= measured


def test_both_sides_of_a_case_compute_the_same():
    for case in cases():
        ours, theirs = dict(case.ours.named_parameters()), case.theirs
        for name, parameter in theirs.named_parameters():
            assert (parameter == ours[name]).all()


def test_a_part_is_printed_and_not_kept(capsys):
    before = LAST.read_bytes() if LAST.is_file() else None
    main(["RNN, 35 steps, relu", "--rounds", "2"])
    table = capsys.readouterr().out
    assert "with backward" in table
    assert "1 thread(s)" in table
    assert not fused()
    assert before == (LAST.read_bytes() if LAST.is_file() else None)
