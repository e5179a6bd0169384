"""Orders on the real stack with the template's roles: pushed in the wrong order, repeated, and read back."""

from typing import Any

import pytest

from tests.e2e.support.roles import journey_with_roles
from tests.stack.journey import Journey, eventually

pytestmark = pytest.mark.slow

ORDER = {"orderId": "1004", "totalCents": 4999, "currency": "USD", "customer": {"email": "ada@example.com"}}


def test_a_refund_and_a_cancellation_that_precede_their_order_apply_once_it_is_placed() -> None:
    with journey_with_roles() as journey:
        early = [_push(journey, status="refunded", refundAmountCents=999, customerTotals={"ordersCount": 3})]
        eventually(lambda: _read(journey, f"jobs/{early[0]}")["job"]["state"] == "waiting")
        placed = _push(journey, status="placed")
        assert _push(journey, status="placed") == placed
        eventually(lambda: _read(journey, f"jobs/{early[0]}")["job"]["state"] == "done")
        early.append(_push(journey, status="cancelled"))
        eventually(lambda: _read(journey, "orders/1004")["order"]["transaction"]["status"] == "cancelled")

        (row,) = eventually(lambda: _whole(_read(journey, "subscribers/ada@example.com")["subscriber"]["totals"]))
        assert (row["totalSpent"], row["refundedTotal"], row["netSpent"]) == (4999, 4999, 0)
        assert len(_read(journey, "orders/1004")["order"]["jobs"]) == 3


def _whole(totals: list[Any]) -> list[Any]:
    return [row for row in totals if row["refundedTotal"] == 4999]


def _push(journey: Journey, **members: Any) -> str:
    answer = _call(journey, "POST", "orders", {**ORDER, **members})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["jobId"])


def _read(journey: Journey, path: str) -> Any:
    answer = _call(journey, "GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def _call(journey: Journey, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {journey.keys['admin']}"}
    return journey.http.request(method, f"{journey.stack.root_url}/api/v1/{path}", json=body, headers=headers)
