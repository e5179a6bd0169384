"""make storm: every storm at full strength; the exit code says whether all held.

SEED=… for others than the usual one."""

import os
import sys
import time
from collections.abc import Callable

from tests.integration.swift_moto import tables_kept_cheaply
from tests.storm import conflicts, duplicates, faults, few_ids, order, parts, poison
from tests.storm.verdict import Verdict
from tributary.telemetry import logger

STORMS: tuple[Callable[[int], Verdict], ...] = (
    lambda seed: duplicates.over_http(seed, sales=400, most=8),
    lambda seed: duplicates.in_process(seed, sales=2000, most=8),
    lambda seed: few_ids.storm(seed, shops=20),
    lambda seed: parts.storm(seed, sales=20, refunds=20),
    lambda seed: faults.storm(seed, sales=80),
    lambda seed: conflicts.storm(seed, sales=80),
    lambda seed: poison.storm(seed, sales=50),
    lambda seed: order.small(seed, most=120, refunded=True),
    lambda seed: order.small(seed, most=120, refunded=False),
    lambda seed: order.large(seed, sales=40, orders=3),
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
