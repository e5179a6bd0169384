"""A shop that keeps its catalogue in the demo organization."""

from typing import Any

from tests.stack.exchange import Answer
from tests.stack.house import House
from tests.stack.scenarios.shop import ADA, BASE

TEA = {"productId": "tea", "title": "Green Tea", "priceCents": 990, "currency": "USD"}


def keep(house: House, *products: dict[str, Any], key: str = "admin") -> Answer:
    return house.post("/products", {"products": list(products)}, key=key, base=BASE)


def stock(house: House, in_stock: bool, product_id: str = "tea", **members: Any) -> None:
    """Send the unchanged product, in stock or not."""
    answer = keep(house, {"productId": product_id, "inStock": in_stock, **members})
    assert answer.status == 200, answer.text


def product(house: House, product_id: str = "tea") -> Any:
    return house.get(f"/products/{product_id}", base=BASE).json["product"]


def listed(house: House, **query: Any) -> tuple[list[str], Any]:
    """The ids of a page, and its paging."""
    answer = house.get("/products", base=BASE, **query)
    assert answer.status == 200, answer.text
    return [it["productId"] for it in answer.json["products"]], answer.json["pagination"]


def wait(house: House, product_id: str = "tea", email: str = ADA["email"], **members: Any) -> Answer:
    body = {"productId": product_id, "customer": {"email": email}, **members}
    return house.post("/back-in-stock", body, key="events", base=BASE)
