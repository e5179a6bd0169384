"""A flip on the real stack with the template's roles, and many who ask while the stock changes."""

import itertools
from typing import Any

import pytest

from tests.e2e.journey import Way, at_once, eventually, ledger_of
from tests.e2e.roles import way_with_roles
from tributary.domain.product import product_digest
from tributary.ledger.catalogue import back_in_stock, products
from tributary.ledger.customers import customers
from tributary.ledger.store import table

pytestmark = pytest.mark.slow

PLACE = product_digest("sequenzy", "tea")


def test_who_waits_is_told_once_also_while_stock_and_wishes_change_at_once() -> None:
    with way_with_roles() as way:
        _stock(way, False)
        _wait(way, "ada")
        _checkout(way)
        _stock(way, True)
        eventually(lambda: len(_told(way)) == 1)

        _stock(way, False)
        steps = itertools.chain.from_iterable((f"c{number}", number % 2 == 0) for number in range(6))
        at_once(4, lambda step: _wait(way, step) if isinstance(step, str) else _stock(way, step), steps)
        _stock(way, False)
        _stock(way, True)
        eventually(lambda: _waiting(way) == 0 and len(_told(way)) >= 7)

        told = [it["sk"] for it in _told(way)]
        assert len(told) == len(set(told))
        assert {it["customerId"] for it in _told(way)} == _customers(way)
        assert [it["productId"] for it in _call(way, "GET", "products").json()["products"]] == ["tea"]
        assert _call(way, "DELETE", "products/tea").status_code == 200
        assert _call(way, "GET", "products/tea").status_code == 404
        assert way.ok("PUT", "/settings", {"netRefunds": True}) == way.ok("GET", "/settings") == {"netRefunds": True}


def _stock(way: Way, in_stock: bool) -> None:
    product = {"productId": "tea", "title": "Tea", "inStock": in_stock}
    assert _call(way, "POST", "products", {"products": [product]}).status_code == 200


def _wait(way: Way, name: str) -> None:
    body = {"productId": "tea", "customer": {"email": f"{name}@example.com"}}
    assert _call(way, "POST", "back-in-stock", body).status_code == 202


def _checkout(way: Way) -> None:
    body = {"checkoutId": "c-1", "customer": {"email": "ada@example.com"}}
    assert _call(way, "POST", "checkouts", body).status_code == 202


def _told(way: Way) -> list[Any]:
    with ledger_of(way.stack):
        return table.query(products.pk(way.organization, PLACE), "told#")


def _waiting(way: Way) -> int:
    with ledger_of(way.stack):
        return len(table.query(products.pk(way.organization, PLACE), f"{back_in_stock.WAITING}#"))


def _customers(way: Way) -> set[int]:
    names = ["ada", *(f"c{number}" for number in range(6))]
    with ledger_of(way.stack):
        found = [customers.find(way.organization, "email", f"{name}@example.com") for name in names]
    return {it["listed"]["id"] for it in found if it}


def _call(way: Way, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {way.keys['admin']}"}
    return way.http.request(method, f"{way.stack.root_url}/api/v1/{path}", json=body, headers=headers)
