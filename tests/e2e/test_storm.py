"""Many concurrent clients: each sale counts once, each visit pays once, and no request fails."""

import random
import time
from statistics import quantiles
from typing import Any

import pytest

from tests.stack.journey import Journey, at_once, at_rest, eventually

SALES, POSTS, THREADS = 150, 500, 16


@pytest.mark.slow
def test_150_sales_in_500_shuffled_posts_from_16_threads(journey: Journey, capsys: pytest.CaptureFixture[str]) -> None:
    collaborator = journey.house()
    visits = at_once(THREADS, lambda _: journey.visit(collaborator), range(SALES))
    sales = [journey.sale(visit, 10 + number / 100) for number, visit in enumerate(visits)]
    posts = sales + random.choices(sales, k=POSTS - SALES)
    random.shuffle(posts)

    def post(sale: Any) -> tuple[int, float]:
        started = time.perf_counter()
        answer = journey.call("POST", "/event/sale", sale, "events")
        return answer.status_code, time.perf_counter() - started

    started = time.perf_counter()
    answers = at_once(THREADS, post, posts)
    seconds = time.perf_counter() - started
    eventually(lambda: len(journey.everything("obligations")) == SALES)
    through = time.perf_counter() - started

    at_rest(journey.stack)
    assert {status for status, _ in answers} == {200}
    assert [len(journey.everything(name)) for name in ("transactions", "conversions", "obligations")] == [SALES] * 3
    owed = [obligation["value"] for obligation in journey.everything("obligations")]
    assert sum(owed) == sum((1000 + number + 5) // 10 for number in range(SALES))
    p99 = quantiles((duration for _, duration in answers), n=100)[98]
    with capsys.disabled():
        print(f"\nstorm: {POSTS / seconds:.0f} posts/s, p99 {p99:.2f} s, all owed after {through:.1f} s")  # noqa: T201


def test_a_sale_posted_by_sixteen_threads_is_one_sale(journey: Journey) -> None:
    sale = journey.sale(journey.visit(journey.house()))

    answers = at_once(16, lambda _: journey.call("POST", "/event/sale", sale, "events"), range(16))

    assert {answer.status_code for answer in answers} == {200}
    assert sum("Idempotency-Hit" not in answer.headers for answer in answers) == 1
    (transaction,) = journey.listed("transactions")
    assert [award.value for award in journey.owed(transaction["id"]).values()] == [500]


def test_sixteen_concurrent_visits_of_one_opportunity_are_one_engagement(journey: Journey) -> None:
    collaborator = journey.house()
    opportunity = journey.visit(journey.house())

    assert set(at_once(16, lambda _: journey.visit(collaborator, opportunity), range(16))) == {opportunity}

    scores = {
        it["collaboratorId"]: it["score"]
        for it in journey.decision(journey.post_sale(journey.sale(opportunity)))["candidates"]
    }
    assert scores[collaborator] == 100
    assert len(scores) == 2


def test_concurrent_visits_of_sixteen_collaborators_are_all_recorded(journey: Journey) -> None:
    program = journey.program()
    rivals = [journey.collaborator(program) for _ in range(16)]
    opportunity = journey.visit(rivals[0])

    at_once(16, lambda rival: journey.visit(rival, opportunity), rivals)

    candidates = journey.decision(journey.post_sale(journey.sale(opportunity)))["candidates"]
    assert {it["collaboratorId"] for it in candidates} == set(rivals)


def test_one_of_two_sales_that_race_for_a_visit_is_paid(journey: Journey) -> None:
    visit = journey.visit(journey.house())
    sales = [journey.sale(visit), journey.sale(visit)]

    at_once(32, lambda number: journey.call("POST", "/event/sale", sales[number % 2], "events"), range(32))

    transactions = [it["id"] for it in journey.listed("transactions")]
    reasons = sorted(journey.decision(transaction)["reason"] for transaction in transactions)
    at_rest(journey.stack)
    assert reasons == ["awarded", "visit_consumed"]
    assert [it["value"] for it in journey.listed("obligations")] == [500]
