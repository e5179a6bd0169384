"""Connections: made, read, changed and deleted by an admin; secrets are taken and never shown."""

from typing import Any

import pytest

from tests.stack.exchange import Answer
from tests.stack.house import House
from tests.stack.scenarios.hooks.hook_shop import ANOTHER, SECRET, connect, granted
from tributary.shops.vendors import OURS, VENDORS

STRIPE, SHOPIFY = "aws.partner/stripe.com/ed_1", "aws.partner/shopify.com/1/app"
DEFAULTS = {"clickNames": ["siren_oid"], "aliasNames": ["ref"], "eventSource": None}
MEMBERS = {
    "id", "vendor", "label", "source", "status", "url", "hasSecret", "settings", "dateCreated", "dateModified",
}  # fmt: skip


def make(house: House, **members: Any) -> Answer:
    return house.post("/connections", {"vendor": "stripe", "source": "shop-1", **members})


def change(house: House, connection: int, **members: Any) -> Answer:
    return house.call("PATCH", f"/connections/{connection}", members)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_connection_is_made_with_its_url_and_defaults(house: House, vendor: str) -> None:
    answer = make(house, vendor=vendor)

    made = answer.json
    assert answer.status == 201
    assert set(made) - {"secret"} == MEMBERS
    assert (made["vendor"], made["label"], made["source"], made["status"]) == (vendor, vendor, "shop-1", "active")
    assert made["settings"] == DEFAULTS
    assert f"/hooks/{made['id']}" in made["url"]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_secret_of_ours_is_made_and_shown_once_where_the_shop_takes_any(house: House, vendor: str) -> None:
    made = make(house, vendor=vendor).json

    assert made["hasSecret"] == ("secret" in made) == (vendor in OURS)
    shown = house.get(f"/connections/{made['id']}")
    assert set(shown.json) == MEMBERS
    assert made.get("secret", "not shown") not in shown.text


@pytest.mark.parametrize("vendor", [it for it in VENDORS if it != "gumroad"])
def test_a_given_secret_is_shown_nowhere(house: House, vendor: str) -> None:
    answers = [make(house, vendor=vendor, secret=SECRET)]
    number = answers[0].json["id"]

    answers += [change(house, number, secret=ANOTHER), house.get(f"/connections/{number}"), house.get("/connections")]
    answers += [house.delete(f"/connections/{number}")]

    assert [it.status for it in answers] == [201, 200, 200, 200, 200]
    assert not [it for it in answers if SECRET in it.text or ANOTHER in it.text or '"secret"' in it.text]


def test_connections_are_listed_by_vendor_and_status(house: House) -> None:
    made = {vendor: make(house, vendor=vendor).json["id"] for vendor in VENDORS}
    change(house, made["stripe"], status="paused")

    def ids(**query: str) -> list[int]:
        return [it["id"] for it in house.get("/connections", **query).json]

    assert set(ids()) == set(made.values())
    assert ids(vendor="paddle") == [made["paddle"]]
    assert ids(status="paused") == [made["stripe"]]


def test_members_change_by_themselves(house: House) -> None:
    granted(house, STRIPE)
    number = make(house, settings={"clickNames": ["click"], "eventSource": STRIPE}).json["id"]

    assert change(house, number, label="Our shop").json["label"] == "Our shop"
    changed = change(house, number, settings={"aliasNames": ["via", "by", "via"]}).json
    assert changed["settings"] == {"clickNames": ["click"], "aliasNames": ["via", "by"], "eventSource": STRIPE}
    changed = change(house, number, settings={"clickNames": None, "eventSource": None}).json
    assert changed["settings"] == DEFAULTS | {"aliasNames": ["via", "by"]}

    assert changed["label"] == "Our shop"
    assert change(house, number).json | {"dateModified": ""} == changed | {"dateModified": ""}


@pytest.mark.parametrize(
    ("members", "failures"),
    [
        ({"vendor": ..., "source": ...}, {"vendor": "REQUIRED", "source": "REQUIRED"}),
        ({"vendor": "bigcommerce", "source": ""}, {"vendor": "ENUM", "source": "REQUIRED"}),
        (
            {"vendor": 7, "source": "a b\x00", "label": [], "secret": "short", "settings": {"clickNames": "x"}},
            {"vendor", "source", "label", "secret", "settings.clickNames"},
        ),
        ({"secret": "with a space in it"}, {"secret": "FORMAT"}),
        ({"secret": "x" * 256}, {"secret": "FORMAT"}),
        ({"secret": "sécret-of-a-shop"}, {"secret": "FORMAT"}),
        ({"vendor": "gumroad", "secret": SECRET}, {"secret": "FORMAT"}),
        ({"settings": {"eventSource": "aws.partner/example.com/x"}}, {"settings.eventSource": "FORMAT"}),
        ({"settings": {"eventSource": SHOPIFY}}, {"settings.eventSource": "FORMAT"}),
        ({"vendor": "paddle", "settings": {"eventSource": STRIPE}}, {"settings.eventSource": "FORMAT"}),
        ({"settings": {"aliasNames": [f"n{number}" for number in range(11)]}}, {"settings.aliasNames": "LENGTH"}),
    ],
)
def test_all_faults_of_a_new_connection_are_told_at_once(house: House, members: Any, failures: Any) -> None:
    body = {"vendor": "stripe", "source": "shop-1", **members}
    before = house.ledger()

    answer = house.post("/connections", {name: value for name, value in body.items() if value is not ...})

    assert answer.status == 422
    assert (set(answer.failures) if isinstance(failures, set) else answer.failures) == failures
    assert house.ledger() == before


@pytest.mark.parametrize(
    ("members", "failures"),
    [
        ({"status": "off", "label": 7, "secret": "x"}, {"status", "label", "secret"}),
        ({"settings": {"eventSource": SHOPIFY}}, {"settings.eventSource"}),
        ({"settings": 7}, {"settings"}),
    ],
)
def test_all_faults_of_a_change_are_told_at_once_and_nothing_is_written(
    house: House, members: Any, failures: set[str]
) -> None:
    number = make(house).json["id"]
    before = house.ledger()

    answer = change(house, number, **members)

    assert (answer.status, set(answer.failures)) == (422, failures)
    assert house.ledger() == before


def test_the_vendor_and_source_of_a_connection_stay(house: House) -> None:
    made = make(house).json

    same = change(house, made["id"], vendor="stripe", source="shop-1", label="mine")
    refused = change(house, made["id"], vendor="paddle", source="another", label="theirs")

    assert (same.status, refused.status, refused.failures) == (200, 422, {"vendor": "ENUM", "source": "ENUM"})
    shown = house.get(f"/connections/{made['id']}").json
    assert (shown["vendor"], shown["source"]) == ("stripe", "shop-1")


@pytest.mark.parametrize("vendor", VENDORS)
def test_only_a_secret_of_ours_is_rotated_by_us(house: House, vendor: str) -> None:
    number = make(house, vendor=vendor).json["id"]

    answer = house.post(f"/connections/{number}/rotate")

    if vendor in OURS:
        assert (answer.status, len(answer.json["secret"])) == (200, 40)
    else:
        assert (answer.status, answer.failures) == (422, {"id": "FORMAT"})


def test_gumroads_secret_is_changed_by_a_rotation_only(house: House) -> None:
    number = make(house, vendor="gumroad").json["id"]

    assert change(house, number, secret=SECRET).failures == {"secret": "FORMAT"}


@pytest.mark.parametrize("named", ["1", "0", "x", "9" * 17])
def test_a_connection_that_is_not_there_is_404_to_every_call(house: House, named: str) -> None:
    path = f"/connections/{named}"
    list_of_orders = {"csv": "a,b,c", "columns": {"order": "a", "total": "b", "paidAt": "c"}}

    answers = [
        house.get(path),
        change(house, named, label="x"),  # type: ignore[arg-type]
        house.delete(path),
        house.post(f"{path}/rotate"),
        house.get(f"{path}/deliveries"),
        house.post(f"{path}/reconcile", list_of_orders),
    ]

    assert {it.status for it in answers} <= {404, 422}
    assert named != "1" or {it.status for it in answers} == {404}


def test_two_changes_at_the_same_moment_are_one_and_a_conflict(house: House) -> None:
    number = make(house, label="first").json["id"]
    answers: list[Answer] = []

    with house.meanwhile("TransactWriteItems", lambda: answers.append(change(house, number, label="second"))):
        answers.append(change(house, number, label="third"))

    assert [it.status for it in answers] == [200, 409]
    assert house.get(f"/connections/{number}").json["label"] == "second"


def test_a_deleted_connection_is_gone_and_its_sales_stay(house: House) -> None:
    shop = connect(house, "shopify")
    shop.tells("orders_paid_guest_click")

    assert house.delete(f"/connections/{shop.id}").status == 200

    assert house.get(f"/connections/{shop.id}").status == 404
    assert house.get("/connections").json == []
    assert len(house.get("/transactions").json) == 1


def test_every_change_is_in_the_audit_without_a_secret(house: House) -> None:
    number = make(house, secret=SECRET).json["id"]
    change(house, number, secret=ANOTHER, label="renamed")
    house.delete(f"/connections/{number}")
    house.deliver()

    shown = house.get("/audit", record="connection", number=10)

    assert sorted(it["action"] for it in shown.json) == ["changed", "created", "deleted"]
    assert SECRET not in shown.text
    assert ANOTHER not in shown.text


def test_a_url_is_that_under_which_the_caller_knows_the_api(house: House) -> None:
    headers = {"host": "hooks.example.com", "x-forwarded-proto": "https"}

    made = house.post("/connections", {"vendor": "stripe", "source": "s"}, headers=headers).json

    assert made["url"] == f"https://hooks.example.com/hooks/{made['id']}"
