"""A shop that reports affiliate sales."""

from typing import Any

from tests.stack.exchange import Answer
from tests.stack.house import House

BASE, PATH = "/api/public/v1", "/affiliate_sales"


TAG = {"campaign_affiliate_id": "DEMO"}

ORDER = {"order_id": "G-1004", "total": 9999, "currency": "usd"}


def post(house: House, key: str = "events", headers: Any = None, **members: Any) -> Answer:
    body = {**ORDER, **TAG, **members}
    sent = {name: value for name, value in body.items() if value is not ...}
    return house.post(PATH, sent, key=key, base=BASE, headers=headers)


def made(house: House, **members: Any) -> Any:
    answer = post(house, **members)
    assert answer.status == 201, answer.text
    return answer.json["data"]


def explained(house: House, sale: Any) -> Any:
    return house.get(f"/transactions/{sale['id']}/attribution", key="reader").json


def listed(house: House, key: str = "reader", **query: Any) -> Any:
    answer = house.get(PATH, base=BASE, key=key, **query)
    assert answer.status == 200, answer.text
    return answer.json


def orders(house: House, **query: Any) -> list[str]:
    return [row["external_id"] for row in listed(house, **query)["data"]]
