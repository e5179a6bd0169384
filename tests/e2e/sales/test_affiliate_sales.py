"""Growi's dialect on the real stack."""

from typing import Any

from tests.stack.journey import Journey, at_once, at_rest

ORDER = {"order_id": "G-1004", "total": 10000, "currency": "usd"}


def post(journey: Journey, body: Any) -> Any:
    headers = {"Authorization": f"Bearer {journey.keys['events']}"}
    return journey.http.post(f"{journey.stack.root_url}/api/public/v1/affiliate_sales", json=body, headers=headers)


def test_an_order_posted_by_sixteen_threads_is_one_sale_and_each_answer_has_its_earnings(journey: Journey) -> None:
    program = journey.program()
    ids = {"growi_user_id": journey.collaborator(program), "growi_campaign_id": program}
    buyer = {"customer_email": "buyer@example.com"}

    answers = at_once(16, lambda _: post(journey, ORDER | ids | buyer), range(16))
    at_rest(journey.stack)

    assert {answer.status_code for answer in answers} == {201}
    ((sale),) = {str(answer.json()["data"]["id"]) for answer in answers}
    assert {answer.json()["data"]["commission"] for answer in answers} == {1000}
    (transaction,) = journey.listed("transactions")
    assert str(transaction["id"]) == sale
    assert [award.value for award in journey.owed(transaction["id"]).values()] == [1000]
