"""A restock on the real stack with the template's roles, with many requests while the stock changes."""

import itertools
from typing import Any

import pytest

from tests.e2e.support.roles import journey_with_roles
from tests.stack.journey import Journey, at_once, eventually, ledger_of
from tributary.domain.product import product_digest
from tributary.ledger.catalogue import back_in_stock, products
from tributary.ledger.customers import customers
from tributary.ledger.store import table

pytestmark = pytest.mark.slow

PLACE = product_digest("sequenzy", "tea")


def test_waiting_customers_are_notified_once_under_concurrent_changes() -> None:
    with journey_with_roles() as journey:
        _stock(journey, False)
        _wait(journey, "ada")
        _checkout(journey)
        _stock(journey, True)
        eventually(lambda: len(_notified(journey)) == 1)

        _stock(journey, False)
        steps = itertools.chain.from_iterable((f"c{number}", number % 2 == 0) for number in range(6))
        at_once(4, lambda step: _wait(journey, step) if isinstance(step, str) else _stock(journey, step), steps)
        _stock(journey, False)
        _stock(journey, True)
        eventually(lambda: _waiting(journey) == 0 and len(_notified(journey)) >= 7)

        shown = [it["sk"] for it in _notified(journey)]
        assert len(shown) == len(set(shown))
        assert {it["customerId"] for it in _notified(journey)} == _customers(journey)
        assert [it["productId"] for it in _call(journey, "GET", "products").json()["products"]] == ["tea"]
        assert _call(journey, "DELETE", "products/tea").status_code == 200
        assert _call(journey, "GET", "products/tea").status_code == 404
        assert (
            journey.ok("PUT", "/settings", {"netRefunds": True})
            == journey.ok("GET", "/settings")
            == {"netRefunds": True, "minimumPayout": {}, "payoutMethod": "manual"}
        )


def _stock(journey: Journey, in_stock: bool) -> None:
    product = {"productId": "tea", "title": "Tea", "inStock": in_stock}
    assert _call(journey, "POST", "products", {"products": [product]}).status_code == 200


def _wait(journey: Journey, name: str) -> None:
    body = {"productId": "tea", "customer": {"email": f"{name}@example.com"}}
    assert _call(journey, "POST", "back-in-stock", body).status_code == 202


def _checkout(journey: Journey) -> None:
    body = {"checkoutId": "c-1", "customer": {"email": "ada@example.com"}}
    assert _call(journey, "POST", "checkouts", body).status_code == 202


def _notified(journey: Journey) -> list[Any]:
    with ledger_of(journey.stack):
        return table.query(products.pk(journey.organization, PLACE), "told#")


def _waiting(journey: Journey) -> int:
    with ledger_of(journey.stack):
        return len(table.query(products.pk(journey.organization, PLACE), f"{back_in_stock.WAITING}#"))


def _customers(journey: Journey) -> set[int]:
    names = ["ada", *(f"c{number}" for number in range(6))]
    with ledger_of(journey.stack):
        found = [customers.find(journey.organization, "email", f"{name}@example.com") for name in names]
    return {it["listed"]["id"] for it in found if it}


def _call(journey: Journey, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {journey.keys['admin']}"}
    return journey.http.request(method, f"{journey.stack.root_url}/api/v1/{path}", json=body, headers=headers)
