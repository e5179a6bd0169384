"""Each measure of `make bench` still runs: the code it times moves, and few people run it."""

import pytest

from tests.performance.bench import attribution, cold_start, pages, warm

FEW = {
    cold_start: {"_RUNS": 1},
    warm: {"_CALLS": 1, "_WARMING": 0},
    attribution: {"_RUNS": 1},
    pages: {"_FEW": 60, "_MANY": 70},
}


@pytest.mark.xdist_group("stacks")
@pytest.mark.parametrize("measure", FEW, ids=lambda it: it.__name__.rpartition(".")[2])
def test_a_measure_runs(measure, monkeypatch):
    for name, value in FEW[measure].items():
        monkeypatch.setattr(measure, name, value)

    assert all(row.ours > 0 for row in measure.rows())
