"""The storms, small."""

from collections.abc import Iterator

import pytest

from tests.integration.harness import forget_clients
from tests.storm import conflicts, duplicates, faults, few_ids, order, parts, poison
from tests.storm.verdict import Verdict

SEEDS = pytest.mark.parametrize("seed", [1])


@pytest.fixture(scope="module", autouse=True)
def _clients() -> Iterator[None]:
    forget_clients()
    yield
    forget_clients()


def held(verdict: Verdict) -> bool:
    assert verdict.held
    assert not verdict.broken, str(verdict)
    return True


@SEEDS
def test_nothing_is_lost_and_nothing_twice_where_every_call_may_fail(seed: int):
    verdict = faults.storm(seed, sales=8)

    assert held(verdict)
    assert verdict.thrown["call that failed"]
    assert verdict.thrown["call that was applied and timed out"]


@SEEDS
def test_no_client_sees_throttling_and_conflicts(seed: int):
    verdict = conflicts.storm(seed, sales=8)

    assert held(verdict)
    assert verdict.thrown["TransactionConflictException"]
    assert verdict.thrown["TransactionCanceledException"]


def test_what_nobody_can_read_is_set_aside_and_the_rest_passes():
    assert held(poison.storm(seed=1, sales=8))


def test_a_refunded_sale_is_the_same_ledger_in_whatever_order():
    """Of this seed the refund comes before the attribution, after it, and after the approval."""
    assert held(order.small(seed=8, most=4, refunded=True))


def test_many_sales_are_the_same_ledger_in_whatever_order():
    assert held(order.large(seed=1, sales=2, orders=2))


def test_a_sale_that_many_threads_report_is_recorded_once():
    verdict = duplicates.in_process(seed=1, sales=60, most=8)

    assert held(verdict)
    assert verdict.thrown["repeat among them"]


def test_of_no_sale_more_is_given_back_than_it_cost():
    assert held(parts.storm(seed=1, sales=2, refunds=20))


def test_sales_that_want_the_same_id_have_each_its_own():
    verdict = few_ids.storm(seed=1, shops=2)

    assert held(verdict)
    assert verdict.thrown["sale whose own id another had"]
