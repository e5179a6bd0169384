"""Names, addresses and secrets of a shop are in no item, event, answer or line of the log."""

import json
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.stack.house import House
from tests.stack.scenarios.hooks.hook_shop import ANOTHER, SECRET, HookShop, connect, log_items, samples
from tributary.shops.vendors import VENDORS

#: Members about a buyer, of all vendors.
PERSONAL = re.compile(
    r"(first|last|full|user|customer|card)_?name|(^|_)e?mail($|_)|email|phone|address_?[12]|postcode|zip"
    r"|(^|_)ip($|_)|ip_address|browser_ip|user_agent|gifter"
)
SHORTEST = 5
PLANTED = {"email": "planted@example.com", "name": "Planted Buyer"}


def values(told: Any, name: str = "") -> Iterator[str]:
    """Texts of personal members at any depth."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield from values(value, str(key))
    elif isinstance(told, list):
        for value in told:
            yield from values(value, name)
    elif isinstance(told, str) and PERSONAL.search(name) and len(told) >= SHORTEST and not told.isdigit():
        yield told


def personal(shop: HookShop) -> set[str]:
    """Everything personal in the vendor's samples."""
    found = set(PLANTED.values()) if shop.vendor == "paddle" else set[str]()
    for sample in samples(shop.vendor):
        body = shop.body(sample)
        if body.startswith(b"{"):
            found |= set(values(json.loads(body)))
        else:
            found |= set(values(dict(parse_qsl(body.decode()))))
    return found


def planted(shop: HookShop) -> list[bytes]:
    """Paddle's deliveries name no buyer, but a shop may write anything into its own members."""
    if shop.vendor != "paddle":
        return []
    return [shop.changed("transaction_completed_jpy", data__custom_data=PLANTED)]


@pytest.mark.parametrize("vendor", VENDORS)
def test_nothing_of_a_buyer_and_no_secret_leaves_the_delivery(
    house: House, vendor: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shop = connect(house, vendor)
    secret = shop.path.rpartition("/")[2] if vendor == "gumroad" else SECRET
    sought = personal(shop)
    assert len(sought) >= 2, sought

    shop.tells(*samples(vendor), *planted(shop))
    refused = shop.send(samples(vendor)[0], secret=ANOTHER, path=f"/hooks/{shop.id}/{'x' * 43}"[:200])
    answers = [
        house.get("/connections").text,
        house.get(f"/connections/{shop.id}").text,
        house.get(f"/connections/{shop.id}/deliveries", number=100).text,
        house.get("/transactions", number=100, include="extended").text,
        house.get("/refunds", number=100).text,
        house.get("/audit", number=100).text,
        shop.change(label="renamed").text,
        refused.text,
    ]

    lines = [f"{it.getMessage()} {it.__dict__}" for it in caplog.records]
    everything = {
        "items": json.dumps([*house.ledger(), *log_items()], default=str),
        "events": json.dumps(house.on_the_bus, default=str),
        "answers": "\n".join(answers),
        "log": "\n".join(lines),
    }
    found = {(place, it) for place, text in everything.items() for it in {*sought, secret} if it in text}
    assert found == set()


@pytest.mark.parametrize("vendor", VENDORS)
def test_entries_of_the_log_hold_ids_outcomes_and_moments_only(house: House, vendor: str) -> None:
    shop = connect(house, vendor)

    shop.tells(*samples(vendor))

    for entry in shop.log(number=100):
        assert re.fullmatch(r"[\w./:-]{1,64}", entry["topic"])
        assert re.fullmatch(
            r"recorded(: waits for its order)?|repeat|(ignored|refused): [a-z /;:_A-Z]{1,80}", entry["outcome"]
        )
        for name in ("orderId", "refundId"):
            assert entry[name] is None or re.fullmatch(r"[\w/:=-]{1,64}", entry[name])


def test_a_topic_of_another_form_is_not_written_down(house: House) -> None:
    """Headers are not signed."""
    shop = connect(house, "shopify")

    shop.tells("orders_paid_guest_click", headers={"x-shopify-topic": "ada@example.com wrote <b>"})

    assert shop.log()[0]["topic"] == "unknown"


def test_a_refusal_names_a_member_and_not_its_value(house: House) -> None:
    shop = connect(house, "shopify")
    told = {"id": "ada@example.com" + "x" * 400, "currency": "ada@example.com", "total_price": "ada@example.com"}

    outcomes = [shop.tells(shop.changed("orders_paid_guest_click", **{name: value}))[0] for name, value in told.items()]

    assert outcomes == [
        "refused: id is no id",
        "refused: currency is no known currency",
        "refused: total_price is no number",
    ]
    assert not [it for it in outcomes if "ada" in it]
    assert "ada@" not in json.dumps(log_items(), default=str)
