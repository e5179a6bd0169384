"""Many clients at once: each sale counts once, each visit pays once, nobody is turned away."""

import random
import time
from statistics import quantiles
from typing import Any

import pytest

from tests.e2e.journey import Way, at_once, at_rest, eventually

SALES, POSTS, THREADS = 150, 500, 16


@pytest.mark.slow
def test_150_sales_in_500_shuffled_posts_from_16_threads(way: Way, capsys: pytest.CaptureFixture[str]) -> None:
    collaborator = way.house()
    visits = at_once(THREADS, lambda _: way.visit(collaborator), range(SALES))
    sales = [way.sale(visit, 10 + number / 100) for number, visit in enumerate(visits)]
    posts = sales + random.choices(sales, k=POSTS - SALES)
    random.shuffle(posts)

    def post(sale: Any) -> tuple[int, float]:
        started = time.perf_counter()
        answer = way.call("POST", "/event/sale", sale, "events")
        return answer.status_code, time.perf_counter() - started

    started = time.perf_counter()
    answers = at_once(THREADS, post, posts)
    seconds = time.perf_counter() - started
    eventually(lambda: len(way.everything("obligations")) == SALES)
    through = time.perf_counter() - started

    at_rest(way.stack)
    assert {status for status, _ in answers} == {200}
    assert [len(way.everything(name)) for name in ("transactions", "conversions", "obligations")] == [SALES] * 3
    owed = [obligation["value"] for obligation in way.everything("obligations")]
    assert sum(owed) == sum((1000 + number + 5) // 10 for number in range(SALES))
    p99 = quantiles((duration for _, duration in answers), n=100)[98]
    with capsys.disabled():
        print(f"\nstorm: {POSTS / seconds:.0f} posts/s, p99 {p99:.2f} s, all owed after {through:.1f} s")  # noqa: T201


def test_sixteen_threads_that_post_one_sale_make_one(way: Way) -> None:
    sale = way.sale(way.visit(way.house()))

    answers = at_once(16, lambda _: way.call("POST", "/event/sale", sale, "events"), range(16))

    assert {answer.status_code for answer in answers} == {200}
    assert sum("Idempotency-Hit" not in answer.headers for answer in answers) == 1
    (transaction,) = way.listed("transactions")
    assert [award.value for award in way.owed(transaction["id"]).values()] == [500]


def test_sixteen_visits_of_one_opportunity_at_once_are_one_engagement(way: Way) -> None:
    collaborator = way.house()
    opportunity = way.visit(way.house())

    assert set(at_once(16, lambda _: way.visit(collaborator, opportunity), range(16))) == {opportunity}

    scores = {
        it["collaboratorId"]: it["score"] for it in way.decision(way.post_sale(way.sale(opportunity)))["candidates"]
    }
    assert scores[collaborator] == 100
    assert len(scores) == 2


def test_visits_of_sixteen_collaborators_at_once_are_all_kept(way: Way) -> None:
    program = way.program()
    rivals = [way.collaborator(program) for _ in range(16)]
    opportunity = way.visit(rivals[0])

    at_once(16, lambda rival: way.visit(rival, opportunity), rivals)

    candidates = way.decision(way.post_sale(way.sale(opportunity)))["candidates"]
    assert {it["collaboratorId"] for it in candidates} == set(rivals)


def test_of_two_sales_that_race_for_one_visit_one_is_paid(way: Way) -> None:
    visit = way.visit(way.house())
    sales = [way.sale(visit), way.sale(visit)]

    at_once(32, lambda number: way.call("POST", "/event/sale", sales[number % 2], "events"), range(32))

    transactions = [it["id"] for it in way.listed("transactions")]
    reasons = sorted(way.decision(transaction)["reason"] for transaction in transactions)
    at_rest(way.stack)
    assert reasons == ["awarded", "visit_consumed"]
    assert [it["value"] for it in way.listed("obligations")] == [500]
