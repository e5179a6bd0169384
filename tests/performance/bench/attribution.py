"""Pure attribution among many candidates of fifty programs in ten groups; the time per candidate must not grow with
their number."""

import statistics
import time

from tests.performance.bench.row import Row
from tests.unit.builders import catalogue, engagement, opportunity, program, transaction
from tributary.domain.attribution import decide
from tributary.domain.transaction import Line

_GROUPS = range(1, 11)
_CATALOGUE = catalogue(
    *(program(number, group_id=_GROUPS[number % 10]) for number in range(1, 51)),
    sorters=dict.fromkeys(_GROUPS, "newestBindingWins"),
)
_FEW, _MANY = 200, 1600
_RUNS = 15
_SALE = transaction(*[Line(f"Widget {number}", 100 + number) for number in range(10)])


def rows() -> list[Row]:
    many, few = _per_candidate(_MANY), _per_candidate(_FEW)
    return [Row(f"attribution per candidate: {_MANY} of them | {_FEW}", many, few, "µs", 1.5)]


def _per_candidate(candidates: int) -> float:
    """Time per candidate, with more candidates than an opportunity keeps alive, to show the growth."""
    held = opportunity(*(engagement(number, number % 50 + 1, number) for number in range(1, candidates + 1)))
    active = range(1, candidates + 1)
    times = []
    for _ in range(_RUNS):
        start = time.process_time()
        decision = decide(_SALE, held, _CATALOGUE, active)
        times.append((time.process_time() - start) / candidates * 1e6)
    assert len(decision.awards) == len(_GROUPS)
    return statistics.median(times)
