"""A point of sale's purchases and returns, each recorded once; a purchase is also a sale."""

import json
from typing import Any

import pytest

from local.seed import ORGANIZATION
from tests.stack.exchange import Answer
from tests.stack.house import House
from tests.stack.scenarios.point_of_sale import (
    BUYER,
    EXAMPLE,
    STORE,
    event,
    issues,
    line,
    profile,
    push,
    read,
    store,
    totals,
)
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import table

RETURNED = {"external_id": "TICKET-2:RETURN", "type": "RETURN", "total_amount_cents": 2500}


def recorded(house: House, external_id: str = "TICKET-2026-04-25-001234:PURCHASE") -> Any:
    (found,) = [it for it in house.ledger("sales-event") if it["listed"]["externalId"] == external_id]
    return found


def sold(house: House) -> Any:
    (found,) = house.ledger("transaction")
    return found


def number_of(house: House, external_id: str = "TICKET-2026-04-25-001234:PURCHASE") -> int:
    return sum(it["listed"]["externalId"] == external_id for it in house.ledger("sales-event"))


def test_a_blank_sku_and_a_blank_buyer_count_as_absent(house: House) -> None:
    store(house)
    blank = {"external_id": "", "product": {"external_id": " ", "name": ""}}
    answer = push(house, event(profile_id="", source=" ", line_items=[line(**blank)]))

    assert answer.status == 201, answer.text
    assert (answer.json["profile_id"], answer.json["source"]) == (None, "noticia")
    assert sold(house)["reported"]["lines"][0]["name"] == "Item"
    assert issues(push(house, event(external_id=""))) == {"external_id": "external_id is required."}


# idempotency


def test_the_documented_example_is_stored_and_answered_with_an_id(house: House) -> None:
    answer = push(house)

    shown = answer.json
    assert answer.status == 201
    assert shown["id"].startswith("evt_")
    assert shown["store_id"].startswith("store_")
    assert (shown["store_external_id"], shown["occurred_at"]) == (STORE, "2026-04-25T12:32:00.000Z")
    assert shown["profile_id"].startswith("prof_")
    sent = json.loads(EXAMPLE)
    same = sent.keys() - {"store_id", "occurred_at", "profile_id"}
    assert {name: shown[name] for name in same} == {name: sent[name] for name in same}


def test_a_repeat_is_200_with_the_first_record_and_writes_nothing(house: House) -> None:
    first = push(house)
    with house.requests_made() as made:
        again = push(house)
        other = push(house, event(total_amount_cents=1, profile_id="crm-other", store_id="nowhere"))

    assert (again.status, other.status) == (200, 200)
    assert first.text == again.text == other.text
    assert not made.writes
    assert len(house.ledger("transaction")) == 1


def test_without_an_external_id_each_event_is_new_and_another_sale(house: House) -> None:
    one, two = (push(house, event(external_id=...)).json for _ in range(2))

    assert one["id"] != two["id"]
    assert one["external_id"] is two["external_id"] is None
    named = {it["reported"]["externalId"] for it in house.ledger("transaction")}
    assert named == {one["id"], two["id"]}


def test_a_repeat_by_idempotency_key_is_marked_and_another_body_is_refused(house: House) -> None:
    headers = {"Idempotency-Key": "7f1c0b9e-2a4d-4c8e-9b1a-3e5f6a7b8c9d"}

    first, again = (push(house, headers=headers) for _ in range(2))
    other = push(house, event(total_amount_cents=1), headers=headers)

    assert (first.status, again.status, again.text) == (201, 201, first.text)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status, other.json["code"]) == (409, "IDEMPOTENCY_CONFLICT")


def test_a_refused_event_does_not_use_up_its_idempotency_key(house: House) -> None:
    headers = {"Idempotency-Key": "one"}

    assert push(house, event(currency="JPY"), headers=headers).status == 422
    assert push(house, headers=headers).status == 201


# the ledger


def test_a_purchase_is_a_sale_of_its_buyer_but_a_return_is_not(house: House) -> None:
    push(house)
    push(house, event(**RETURNED))

    (customer,) = house.ledger("customer")
    sale = transaction_items.of_item(sold(house)).sale
    assert (sale.source, sale.external_id, sale.total) == ("noticia", "TICKET-2026-04-25-001234:PURCHASE", 12500)
    assert (sale.currency, sale.occurred_at) == ("EUR", "2026-04-25T12:32:00.000Z")
    assert sale.customer_id == customer["listed"]["id"]
    assert [(it.name, it.value, it.quantity, it.type) for it in sale.lines] == [
        ("White T-shirt M", 5000, 2, "product"),
        ("Tote bag", 2500, 1, "product"),
    ]
    assert sale.lines[0].attributes == {
        "externalId": "LINE-001", "sku": "SKU-12345", "categories": '["Menswear"]',
    }  # fmt: skip
    assert recorded(house)["transactionId"] == sold(house)["listed"]["id"]
    assert recorded(house, "TICKET-2:RETURN")["transactionId"] is None


def test_a_return_changes_neither_sales_nor_obligations(house: House) -> None:
    house.sale("TICKET-2", source="noticia", currency="USD")
    house.deliver()
    before = (sold(house), house.conversions(), house.owed())
    assert before[2] == [("pending", 500)]

    push(house, event(**{**RETURNED, "external_id": "TICKET-2"}, currency="USD"))
    house.deliver()

    assert (sold(house), house.conversions(), house.owed()) == before


@pytest.mark.parametrize(
    ("total", "lines", "details"),
    [
        (1000, [line(3, 1000)], [(333, 2, "product"), (334, 1, "product")]),
        (900, [line(3, 1000)], [(333, 2, "product"), (334, 1, "product"), (-100, 1, "discount")]),
        (1100, [line(2, 1000)], [(500, 2, "product"), (100, 1, "fee")]),
        (1, [line(7, 0)], [(0, 7, "product"), (1, 1, "fee")]),
        (1000, [line(4, 1000, unit_price_cents=300)], [(250, 4, "product")]),
    ],
)
def test_the_details_add_up_to_the_amount_paid(house: House, total: int, lines: list[Any], details: list[Any]) -> None:
    push(house, event(total_amount_cents=total, line_items=lines))

    sale = transaction_items.of_item(sold(house))
    assert [(it.value, it.quantity, it.type) for it in sale.sale.lines] == details
    assert sale.total_value == sale.sale.total == total


def test_totals_net_purchases_and_returns_and_count_only_purchases_as_orders(house: House) -> None:
    push(house, event(external_id="1"))
    push(house, event(external_id="2", total_amount_cents=500))
    push(house, event(external_id="3", currency="CHF"))
    push(house, event(**RETURNED))
    house.deliver(lambda messages: messages * 2)

    assert totals(house) == [("CHF", 1, 12500, 0, 12500), ("EUR", 2, 13000, 2500, 10500)]


def test_a_return_is_counted_once_despite_repeated_announcements(house: House) -> None:
    push(house, event(**RETURNED))
    house.deliver()
    ((counted),) = [it for it in house.handled if it.detail_type == "ReturnRecorded"]

    with house.requests_made() as made:
        assert house.consume(counted)

    assert (made.counts, made.writes) == ({"GetItem": 1, "BatchGetItem": 1}, 0)
    assert totals(house) == [("EUR", 0, 0, 2500, -2500)]


def test_a_sale_already_reported_in_another_dialect_stays_unchanged(house: House) -> None:
    house.sale("SHARED", source="noticia", total=1, items=[])

    answer = push(house, event(external_id="SHARED"))

    assert answer.status == 201
    assert transaction_items.of_item(sold(house)).sale.total == 100
    assert recorded(house, "SHARED")["transactionId"] == sold(house)["listed"]["id"]


# atomicity


@pytest.mark.parametrize("kind", ["PURCHASE", "RETURN"])
def test_a_crash_at_the_write_leaves_nothing_and_a_retry_succeeds(house: House, kind: str) -> None:
    profile(house)

    def die() -> None:
        raise MemoryError

    operation = "TransactWriteItems" if kind == "PURCHASE" else "PutItem"
    with house.meanwhile(operation, die):
        failed = push(house, event(type=kind))
    left = (number_of(house), len(house.ledger("transaction")))
    healed = push(house, event(type=kind))

    assert (failed.status, left, healed.status) == (500, (0, 0), 201)


def test_a_crash_after_a_light_profile_was_created_leaves_no_second_one(house: House) -> None:
    def die() -> None:
        raise MemoryError

    with house.meanwhile("TransactWriteItems", lambda: None):
        push(house, event(external_id="first", profile_id="crm-a"))
    with house.meanwhile("PutItem", die):
        assert push(house, event(type="RETURN", profile_id="crm-b")).status == 500
    assert push(house, event(type="RETURN", profile_id="crm-b")).status == 201
    assert len(house.ledger("customer")) == 2


def test_a_write_whose_answer_was_lost_still_counts_as_new(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    written = table.transact

    def applied_and_lost(actions: Any) -> None:
        written(actions)
        monkeypatch.setattr(table, "transact", written)
        written(actions)

    monkeypatch.setattr(table, "transact", applied_and_lost)

    assert push(house, event(profile_id=...)).status == 201
    assert push(house, event(profile_id=...)).status == 200


def test_an_event_written_between_read_and_write_makes_this_one_a_repeat(house: House) -> None:
    answers: list[Answer] = []
    with house.meanwhile("TransactWriteItems", lambda: answers.append(push(house, event(profile_id=...)))):
        answers.append(push(house, event(profile_id=..., total_amount_cents=1)))

    assert [it.status for it in answers] == [201, 200]
    assert answers[0].text == answers[1].text
    assert (number_of(house), len(house.ledger("transaction"))) == (1, 1)


def test_a_purchase_with_a_taken_id_gets_the_next(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tributary.domain.ids.BITS", 2)

    answers = [push(house, event(external_id=name, profile_id=...)).status for name in "abc"]

    assert answers == [201, 201, 201]
    assert len(house.ledger("transaction")) == 3
    assert push(house, event(external_id="b", profile_id=...)).status == 200


# stores and profiles


def test_an_unknown_store_is_404_and_nothing_is_stored(house: House) -> None:
    before = house.ledger()

    answer = push(house, event(store_id="tokyo-1"))

    assert (answer.status, answer.json["code"]) == (404, "NOT_FOUND")
    assert house.ledger() == before
    store(house, "tokyo-1")
    assert push(house, event(store_id="tokyo-1")).status == 201


def test_store_and_profile_are_named_by_either_id_in_either_spelling(house: House) -> None:
    own_store, own_profile = store(house).json["id"], profile(house).json["id"]

    answers = [
        push(house, event(external_id=None, **names, **dict.fromkeys(("store_id", "profile_id") - names.keys(), ...)))
        for names in (
            {"store": STORE, "profile": BUYER},
            {"store_id": own_store, "profile_id": own_profile},
            {"storeId": own_store, "profileId": BUYER},
            {"store": own_store, "profile": own_profile},
        )
    ]

    assert {it.status for it in answers} == {201}
    assert {(it.json["store_id"], it.json["profile_id"]) for it in answers} == {(own_store, own_profile)}


@pytest.mark.parametrize("twice", [{"store": STORE}, {"storeId": STORE}, {"profile": BUYER}, {"profileId": BUYER}])
def test_a_reference_given_in_two_spellings_is_refused(house: House, twice: dict[str, str]) -> None:
    (said,) = issues(push(house, event(**twice))).values()
    assert said.endswith("in both spellings.")


def test_the_whole_example_in_camel_case_is_the_same_event(house: House) -> None:
    body = EXAMPLE
    for name in ("external_id", "occurred_at", "store_id", "profile_id", "total_amount_cents", "total_discount_cents"):
        head, *rest = name.split("_")
        body = body.replace(f'"{name}"', f'"{head}{"".join(part.title() for part in rest)}"')
    body = body.replace("line_items", "lineItems").replace("total_price_cents", "totalPriceCents")

    shown, snake = push(house, body).json, push(house).json

    assert shown == snake
    assert "total_price_cents" in shown["line_items"][0]


def test_an_unknown_crm_id_creates_a_light_profile_completed_later(house: House) -> None:
    bought = push(house).json
    light = read(house, f"/profiles/{BUYER}", "admin").json
    house.deliver()
    completed = profile(house, first_name="Ada", email="ada@example.com").json

    assert (light["id"], light["external_id"], light["email"]) == (bought["profile_id"], BUYER, None)
    assert (completed["id"], completed["first_name"]) == (light["id"], "Ada")
    assert completed["totals"] == read(house, f"/profiles/{light['id']}", "admin").json["totals"] != []
    found = read(house, "/sales-events", profile_id=BUYER).json["data"]
    assert [it["id"] for it in found] == [bought["id"]]


@pytest.mark.parametrize("unknown", ["prof_1", "prof_x", "prof_", "prof_99999999999999999999"])
def test_an_unknown_own_id_of_a_profile_is_422_and_nothing_is_stored(house: House, unknown: str) -> None:
    before = house.ledger()

    assert issues(push(house, event(profile_id=unknown))) == {"profile_id": "profile_id is no profile that is known."}
    assert house.ledger() == before


def test_an_erased_profile_is_no_longer_found_by_its_own_id(house: House) -> None:
    own = profile(house).json["id"]
    house.delete(f"/customers/{own.removeprefix('prof_')}")

    assert issues(push(house, event(profile_id=own)))
    assert push(house).json["profile_id"] != own


def test_a_sale_without_a_profile_has_no_customer(house: House) -> None:
    answer = push(house, event(profile_id=...))

    assert (answer.status, answer.json["profile_id"]) == (201, None)
    assert house.ledger("customer") == []


# validation

_WRONG = ["x", 1, 1.5, True, None, [], {}, "", " ", -1]
_TAKEN: dict[str, list[Any]] = {
    "external_id": ["x", None],
    "type": [],
    "occurred_at": [],
    "store_id": [],
    "currency": [],
    "profile_id": ["x", None, "", " "],
    "total_amount_cents": [1],
    "total_discount_cents": [1],
    "total_tax_cents": [1, None],
    "source": ["x", None, "", " "],
    "line_items": [],
    "payments": [[], None],
    "loyalty": [{}, None],
    "metadata": [{}, None],
}
_TAKEN_OF_LINES: dict[str, list[Any]] = {
    "external_id": ["x", None, "", " "],
    "quantity": [1, 1.5],
    "unit_price_cents": [1, 1.5, None],
    "total_price_cents": [1],
    "tax_cents": [1, None],
    "product": [{}, None],
}


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other


@pytest.mark.parametrize("name", _TAKEN)
def test_each_member_accepts_its_own_type_only(house: House, name: str) -> None:
    for value in _WRONG:
        answer = push(house, event(**{"external_id": None, name: value}))
        known = name == "store_id" and value == "x"
        expected = 404 if known else 201 if any(same(value, it) for it in _TAKEN[name]) else 422
        assert (answer.status, value) == (expected, value), answer.text
        if expected == 422:
            assert all(path.startswith(name) for path in issues(answer)), answer.text


@pytest.mark.parametrize("name", _TAKEN_OF_LINES)
def test_each_member_of_a_line_accepts_its_own_type_only(house: House, name: str) -> None:
    for value in _WRONG:
        answer = push(house, event(external_id=None, line_items=[line(**{name: value})]))
        expected = 201 if any(same(value, it) for it in _TAKEN_OF_LINES[name]) else 422
        assert (answer.status, value) == (expected, value), answer.text
        if expected == 422:
            assert all(path.startswith(f"line_items[0].{name}") for path in issues(answer)), answer.text


def test_the_required_members_suffice_and_each_is_required(house: House) -> None:
    least = {"type": "RETURN", "occurred_at": "2026-04-25T14:32:00Z", "store": STORE, "currency": "GBP"}
    least |= {"total_amount_cents": 1, "total_discount_cents": 0, "line_items": [line(1, 1)]}

    assert push(house, least).json["source"] == "noticia"
    for name in least:
        without = {it: value for it, value in least.items() if it != name}
        assert issues(push(house, without)).keys() == {"store_id" if name == "store" else name}
    for name in ("quantity", "total_price_cents"):
        lines = [{it: value for it, value in line().items() if it != name}]
        assert issues(push(house, least | {"line_items": lines})).keys() == {f"line_items[0].{name}"}


@pytest.mark.parametrize("currency", ["EUR", "GBP", "USD", "CHF"])
def test_four_currencies_are_accepted(house: House, currency: str) -> None:
    assert push(house, event(currency=currency)).json["currency"] == currency


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "JPY"},
        {"currency": "eur"},
        {"type": "REFUND"},
        {"total_amount_cents": 0, "type": "RETURN"},
        {"total_discount_cents": -1},
        {"total_amount_cents": 2**53},
        {"line_items": [line(1, 2**53 - 1)] * 2},
        {"line_items": [line()] * 500},
        {"occurred_at": "2026-04-25T14:32:00"},
        {"occurred_at": "2026-04-25"},
        {"occurred_at": "2999-04-25T14:32:00Z"},
        {"external_id": "ntca_1"},
        {"external_id": "x" * 256},
        {"metadata": {"deep": json.loads("[" * 25 + "]" * 25)}},
        {"metadata": {"bad": "\ud800"}},
    ],
)
def test_values_out_of_bounds_are_refused_and_nothing_is_stored(house: House, wrong: dict[str, Any]) -> None:
    before = house.ledger()

    assert len(issues(push(house, event(**wrong)))) == 1
    assert house.ledger() == before


# properties


def with_properties(text: str) -> str:
    return EXAMPLE.replace('{ "category": "Menswear", "size": "M", "color": "white" }', text)


def test_properties_come_back_with_the_same_values_and_types(house: House) -> None:
    text = (
        '{"a":1,"b":1.0,"c":1.50,"d":true,"e":false,"f":"1","g":0.1,"h":123456789012345678901234567890,'
        '"i":0.30000000000000004,"j":"é\\u0000\\"","k":-0.0,"l":1e+400,"camelCase":"x","snake_case":"y","":""}'
    )
    push(house, with_properties(text))

    shown = push(house).text
    kept = shown.split('"properties":', 1)[1].split("}", 1)[0] + "}"
    assert kept == text.replace("1e+400", "1E+400")
    assert read(house, "/sales-events/TICKET-2026-04-25-001234:PURCHASE").text == shown


@pytest.mark.parametrize(("count", "status"), [(50, 201), (51, 422)])
def test_there_are_at_most_fifty_properties(house: House, count: int, status: int) -> None:
    assert push(house, with_properties(json.dumps({f"k{n}": n for n in range(count)}))).status == status


@pytest.mark.parametrize(("letter", "bytes_each"), [("x", 1), ("é", 2), ("😀", 4)])
def test_properties_have_at_most_4096_bytes_as_json(house: House, letter: str, bytes_each: int) -> None:
    room = 4096 - len('{"k":""}')
    fits = letter * (room // bytes_each) + "x" * (room % bytes_each)

    assert push(house, with_properties(json.dumps({"k": fits + "x"}))).status == 422
    assert push(house, with_properties(json.dumps({"k": fits}, indent=4))).status == 201


@pytest.mark.parametrize("value", ["null", "[]", "{}", "[1]"])
def test_properties_are_scalars(house: House, value: str) -> None:
    refused = issues(push(house, with_properties(f'{{"a": {value}}}')))
    assert refused.keys() == {"line_items[0].product.properties"}


def test_free_form_members_come_back_unchanged(house: House) -> None:
    free = '{"deep":{"list":[1,1.10,null,{"a":true}]}}'
    body = EXAMPLE[:-1] + f',"metadata":{free},"loyalty":{free},"payments":[{free}]}}'

    shown = push(house, body).text

    assert shown.count(free) == 3


def test_an_event_too_large_for_an_item_is_413(house: House) -> None:
    big = line(product={"properties": {"a": "x" * 4000}})

    answer = push(house, event(line_items=[big] * 120, profile_id=...))

    assert (answer.status, answer.json["code"]) == (413, "TOO_LARGE")
    assert number_of(house) == 0


# reading


def test_events_are_listed_newest_first_page_by_page(house: House) -> None:
    ids = [push(house, event(external_id=str(n), profile_id=...)).json["id"] for n in range(7)]
    found, cursor = [], {}
    while cursor is not None:
        page = read(house, "/sales-events", limit=3, **cursor).json
        found += [it["id"] for it in page["data"] if it["id"] in ids]
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else None

    assert sorted(found) == sorted(ids)
    moments = [it["created_at"] for it in read(house, "/sales-events").json["data"]]
    assert moments == sorted(moments, reverse=True)


def test_events_are_found_by_type_store_and_profile(house: House) -> None:
    own = store(house, "other").json["id"]
    one = push(house, event(external_id="1")).json
    two = push(house, event(external_id="2", type="RETURN", store_id="other", profile_id="crm-b")).json

    def found(**query: str) -> set[str]:
        return {it["external_id"] for it in read(house, "/sales-events", **query).json["data"]} & {"1", "2"}

    assert found() == {"1", "2"}
    assert found(type="RETURN") == found(store_id="other") == found(store_id=own) == {"2"}
    assert found(profile_id=BUYER) == found(profile_id=one["profile_id"]) == found(store_id=STORE) == {"1"}
    assert found(profile_id=two["profile_id"], type="PURCHASE") == found(profile_id="nobody") == set()
    with house.requests_made() as made:
        found(profile_id=one["profile_id"])
    assert made.counts == {"Query": 1}


@pytest.mark.parametrize("name", ["type", "store_id", "profile_id"])
def test_an_empty_filter_finds_nothing_rather_than_everything(house: House, name: str) -> None:
    push(house)

    assert read(house, "/sales-events", **{name: ""}).json == {"data": [], "next_cursor": None}


@pytest.mark.parametrize("query", [{"limit": "x"}, {"limit": "0"}, {"limit": "101"}, {"cursor": "x"}])
def test_an_impossible_page_is_422(house: House, query: dict[str, str]) -> None:
    assert issues(read(house, "/sales-events", **query)).keys() == query.keys()


def test_a_cursor_is_valid_for_its_query_only(house: House) -> None:
    for name in "ab":
        push(house, event(external_id=name))
    cursor = read(house, "/sales-events", limit=1).json["next_cursor"]

    assert issues(read(house, "/sales-events", cursor=cursor, type="RETURN")).keys() == {"cursor"}


def test_an_event_is_read_by_its_id_and_its_external_id(house: House) -> None:
    answer = push(house)

    for name in (answer.json["id"], answer.json["external_id"]):
        assert read(house, f"/sales-events/{name}").text == answer.text
    for name in ("evt_0", "evt_" + "0" * 32, "nothing"):
        assert read(house, f"/sales-events/{name}").status == 404


# permissions


def test_a_key_bound_to_another_source_is_refused(house: House) -> None:
    bound = house.new_key("event:*", source="shopify")
    own = house.new_key("event:*", source="noticia")

    assert [push(house, key=key).status for key in (bound, own)] == [403, 201]
    assert [read(house, "/sales-events", key=key).status for key in (bound, own)] == [403, 200]


def test_an_organization_sees_none_of_anothers(house: House) -> None:
    stranger = house.new_key("admin", organization="stranger")
    ours = push(house).json

    assert push(house, key=stranger).status == 404
    house.post("/stores", {"external_id": STORE}, key=stranger, base="/v1")
    theirs = push(house, key=stranger)
    assert (theirs.status, theirs.json["id"] == ours["id"]) == (201, False)
    assert read(house, f"/sales-events/{ours['id']}", stranger).status == 404
    assert [it["id"] for it in read(house, "/sales-events", stranger).json["data"]] == [theirs.json["id"]]
    assert issues(push(house, event(external_id=None, profile_id=ours["profile_id"]), key=stranger))


# costs


def test_requests_are_counted(house: House) -> None:
    profile(house)
    push(house, event(external_id="warm"))

    def counts(**members: Any) -> dict[str, int]:
        with house.requests_made() as made:
            push(house, event(**members))
        return made.counts

    anonymous = {"BatchGetItem": 1, "TransactWriteItems": 1}
    own = read(house, f"/profiles/{BUYER}", "admin").json["id"]
    assert counts(external_id="1") == {**anonymous, "GetItem": 1}  # looks for their opportunity
    assert counts(external_id="2", profile_id=...) == counts(external_id="6", profile_id=own) == anonymous
    assert counts(external_id="1") == {"BatchGetItem": 1}
    assert counts(external_id="3", type="RETURN") == {"BatchGetItem": 1, "PutItem": 1}
    light = counts(external_id="4", profile_id="crm-new")
    assert light == {"BatchGetItem": 2, "TransactWriteItems": 2}
    assert counts(external_id="5", store_id="nowhere") == {"BatchGetItem": 1}
    with house.requests_made() as made:
        read(house, "/sales-events/1")
    assert made.counts == {"GetItem": 1}


def test_its_key_is_that_of_its_organization(house: House) -> None:
    push(house)
    assert all(it["pk"].startswith(f"{ORGANIZATION}#") for it in house.ledger("sales-event"))
