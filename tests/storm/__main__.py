"""make storm: every storm at full strength; the exit code says whether all held.

SEED=… for others than the usual one."""

import functools
import os
import sys
import time
from collections.abc import Callable

from tests.integration.swift_moto import tables_kept_cheaply
from tests.storm import amended, conflicts, duplicates, faults, few_ids, order, parts, poison, sales_events, told
from tests.storm.dialects import DIALECTS
from tests.storm.verdict import Verdict
from tributary.telemetry import logger

STORMS: tuple[Callable[[int], Verdict], ...] = (
    lambda seed: duplicates.over_http(seed, of_each=100, most=8),
    lambda seed: duplicates.in_process(seed, of_each=2000, most=8, dialects=["siren"]),
    lambda seed: duplicates.in_process(seed, of_each=200, most=8, dialects=sorted(DIALECTS.keys() - {"siren"})),
    lambda seed: few_ids.storm(seed, shops=20),
    lambda seed: parts.storm(seed, sales=20, refunds=20),
    lambda seed: sales_events.storm(seed, events=60),
    lambda seed: amended.storm(seed, sales=8, changes=40),
    lambda seed: faults.storm(seed, of_each=20),
    lambda seed: conflicts.storm(seed, of_each=20),
    lambda seed: poison.storm(seed, of_each=12),
    lambda seed: order.small(seed, most=120, refunded=True),
    lambda seed: order.small(seed, most=120, refunded=False),
    lambda seed: order.large(seed, sales=40, orders=3),
    *(functools.partial(told.storm, name=name, orders=20, permutations=120) for name in DIALECTS),
)


def main() -> int:
    logger.setLevel("CRITICAL")
    seed, broken = int(os.environ.get("SEED", "20261121")), 0
    for storm in STORMS:
        started = time.monotonic()
        with tables_kept_cheaply():
            verdict = storm(seed)
        broken += len(verdict.broken)
        print(f"{verdict}\n  took    {time.monotonic() - started:.0f} s", flush=True)
    return 1 if broken else 0


sys.exit(main())
