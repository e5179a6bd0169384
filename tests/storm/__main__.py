"""make storm: every storm at full strength; the exit code is 0 if all claims held. SEED=… selects another seed."""

import functools
import os
import sys
import time
from collections.abc import Callable

from tests.stack.dialects import DIALECTS
from tests.storm.storms import (
    affiliate_changes,
    colliding_ids,
    concurrent_edits,
    concurrent_purchases,
    duplicates,
    edits_and_withdrawals,
    failing_calls,
    failing_payments,
    partial_refunds,
    payouts,
    reordered_history,
    reordered_reports,
    throttled_calls,
    unreadable_records,
    webhook_deliveries,
)
from tests.storm.verdict import Verdict
from tributary.telemetry import logger

STORMS: tuple[Callable[[int], Verdict], ...] = (
    lambda seed: duplicates.over_http(seed, of_each=100, most=8),
    lambda seed: duplicates.in_process(seed, of_each=2000, most=8, dialects=["siren"]),
    lambda seed: duplicates.in_process(seed, of_each=200, most=8, dialects=sorted(DIALECTS.keys() - {"siren"})),
    lambda seed: colliding_ids.storm(seed, shops=20),
    lambda seed: partial_refunds.storm(seed, sales=20, refunds=20),
    lambda seed: concurrent_purchases.storm(seed, events=60),
    lambda seed: affiliate_changes.storm(seed, sales=8, changes=40),
    lambda seed: failing_calls.storm(seed, of_each=20),
    lambda seed: throttled_calls.storm(seed, of_each=20),
    lambda seed: unreadable_records.storm(seed, of_each=12),
    lambda seed: reordered_history.small(seed, most=120, refunded=True),
    lambda seed: reordered_history.small(seed, most=120, refunded=False),
    lambda seed: reordered_history.large(seed, sales=40, orders=3),
    lambda seed: edits_and_withdrawals.orders(seed, sales=30, most=10),
    lambda seed: edits_and_withdrawals.faults(seed, sales=30),
    lambda seed: concurrent_edits.storm(seed, sales=60),
    lambda seed: payouts.storm(seed, sales=1000, affiliates=40, moves=600),
    lambda seed: failing_payments.storm(seed, moves=600),
    lambda seed: webhook_deliveries.storm(seed, subscribers=200, events=2000),
    *(functools.partial(reordered_reports.storm, name=name, orders=20, permutations=120) for name in DIALECTS),
)


def main() -> int:
    logger.setLevel("CRITICAL")
    seed, broken = int(os.environ.get("SEED", "20261121")), 0
    for storm in STORMS:
        started = time.monotonic()
        verdict = storm(seed)
        broken += len(verdict.broken)
        print(f"{verdict}\n  took    {time.monotonic() - started:.0f} s", flush=True)
    return 1 if broken else 0


sys.exit(main())
