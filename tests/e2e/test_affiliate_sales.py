"""Growi's dialect on the real stack."""

from typing import Any

from tests.e2e.journey import Way, at_once, at_rest

ORDER = {"order_id": "G-1004", "total": 10000, "currency": "usd"}


def post(way: Way, body: Any) -> Any:
    headers = {"Authorization": f"Bearer {way.keys['events']}"}
    return way.http.post(f"{way.stack.root_url}/api/public/v1/affiliate_sales", json=body, headers=headers)


def test_sixteen_threads_that_post_one_order_make_one_and_are_all_told_what_it_earns(way: Way) -> None:
    program = way.program()
    ids = {"growi_user_id": way.collaborator(program), "growi_campaign_id": program}
    buyer = {"customer_email": "buyer@example.com"}

    answers = at_once(16, lambda _: post(way, ORDER | ids | buyer), range(16))
    at_rest(way.stack)

    assert {answer.status_code for answer in answers} == {201}
    ((sale),) = {str(answer.json()["data"]["id"]) for answer in answers}
    assert {answer.json()["data"]["commission"] for answer in answers} == {1000}
    (transaction,) = way.listed("transactions")
    assert str(transaction["id"]) == sale
    assert [award.value for award in way.owed(transaction["id"]).values()] == [1000]
