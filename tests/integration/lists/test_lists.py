"""Lists: pages, order, fields, filters, cursors; the same for every resource."""

import base64
import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.stack.exchange import Answer
from tests.stack.house import House, in_process
from tributary.api.lists import query as list_query
from tributary.api.lists import room as answer_room
from tributary.api.lists.resource import Resource
from tributary.api.siren import resources
from tributary.domain.transaction import Sale
from tributary.ledger.sales import closing, transactions

COUNT = 37


def moment(number: int) -> str:
    """A moment such that three sales fall on each hour, twenty-four on each day."""
    return f"2026-01-0{1 + number // 24}T{number % 24 // 3:02d}:00:00.000Z"


@pytest.fixture(scope="module")
def shop() -> Iterator[House]:
    """A shop with sales of two sources, some of them refunded; nothing here changes them."""
    with in_process() as house:
        with house._environment("report_sale"):
            for number in range(COUNT):
                source = "shopify" if number % 2 else "wc"
                sale = Sale(source, f"ORD-{number:02d}", 4218, 100 * number, "USD", moment(number))
                transactions.record("demo", sale, moment(number))
                if number % 10 == 3:
                    closing.refund("demo", source, f"ORD-{number:02d}")
        yield house


def orders(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.text
    return [record["sourceId"] for record in answer.json]


def ask(shop: House, **query: Any) -> Answer:
    return shop.get("/transactions", key="reader", **{"fields": "sourceId", **query})


@pytest.fixture(scope="module")
def newest_first(shop: House) -> list[str]:
    found = orders(ask(shop, number=200))
    assert sorted(found) == [f"ORD-{number:02d}" for number in range(COUNT)]
    return found


def test_the_default_page_is_the_newest_ten(shop: House, newest_first: list[str]):
    assert orders(ask(shop)) == newest_first[:10]
    assert newest_first[0] == "ORD-36"
    assert orders(ask(shop, order="asc", number=200)) == newest_first[::-1]


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ({"number": 5}, 0, 5),
        ({"number": 5, "offset": 7}, 7, 12),
        ({"offset": 30}, 30, 37),
        ({"page": 1}, 0, 10),
        ({"page": 2}, 10, 20),
        ({"page": 2, "perPage": 7}, 7, 14),
        ({"perPage": 7}, 0, 7),
        ({"number": 3, "page": 5, "perPage": 2}, 0, 3),
        ({"offset": 2, "page": 5, "perPage": 2}, 2, 12),
        ({"number": 200}, 0, 37),
    ],
)
def test_a_page_is_named_by_number_and_offset_before_page_and_per_page(
    shop: House, newest_first: list[str], query: dict[str, int], start: int, end: int
):
    assert orders(ask(shop, **query)) == newest_first[start:end]


def test_pages_without_a_size_join_as_each_version_of_the_client_asks_for_them(shop: House, newest_first: list[str]):
    by_page = [orders(ask(shop, page=page)) for page in (2, 3, 4)]
    by_offset = [orders(ask(shop, number=10, offset=offset)) for offset in (10, 20, 30)]

    first = orders(ask(shop))
    assert [*first, *chain(*by_page)] == [*first, *chain(*by_offset)] == newest_first


def test_a_page_beyond_the_end_is_empty_and_has_the_count(shop: House):
    answer = ask(shop, offset=100)

    assert answer.json == []
    assert answer.headers["x-siren-estimated-count"] == str(COUNT)


def test_the_last_page_has_the_exact_count_and_exposes_its_header(shop: House):
    answer = ask(shop, offset=30, number=20)

    assert answer.headers["x-siren-estimated-count"] == str(COUNT)
    assert "x-siren-estimated-count" in answer.headers["Access-Control-Expose-Headers"]
    assert "Link" not in answer.headers


@pytest.mark.parametrize(
    "query", [{"number": 5}, {"number": 7, "order": "ASC"}, {"number": 1, "source": "wc"}, {"page": 1, "perPage": 4}]
)
def test_cursors_visit_every_record_once_in_order(shop: House, query: dict[str, Any]):
    narrowed = {name: value for name, value in query.items() if name in ("order", "source")}
    whole = orders(ask(shop, **{"number": 200} | narrowed))

    assert walked(shop, **query) == whole


def walked(shop: House, **query: Any) -> list[str]:
    """All records that a client sees by following links until the list ends."""
    answer = ask(shop, **query)
    found = orders(answer)
    while link := answer.headers.get("Link"):
        answer = shop.get("/transactions", key="reader", **next_query(link))
        found += orders(answer)
    return found


def test_an_offset_beyond_one_requests_reach_carries_over_to_the_next(shop: House, monkeypatch: pytest.MonkeyPatch):
    refunded = orders(ask(shop, status="refunded"))
    monkeypatch.setattr("tributary.ledger.store.lists.MAX_EXAMINED", 9)

    assert len(refunded) == 4
    for offset in range(5):
        assert walked(shop, status="refunded", number=1, offset=offset) == refunded[offset:]


def next_query(link: str) -> dict[str, str]:
    found = re.fullmatch(r'<\?(.+)>; rel="next"', link)
    assert found, link
    return dict(parse_qsl(found[1]))


@pytest.mark.parametrize(
    "other", [{"order": "ASC"}, {"status": "complete"}, {"dateFrom": "2026-01-01"}, {"source": "wc"}]
)
def test_a_cursor_is_valid_for_its_own_query_only(shop: House, other: dict[str, str]):
    cursor = next_query(ask(shop).headers["Link"])["cursor"]

    assert ask(shop, cursor=cursor).status == 200
    assert ask(shop, cursor=cursor, **other).failures == {"cursor": "FORMAT"}


def test_a_cursor_is_valid_in_its_own_organization_and_list_only(shop: House):
    cursor = next_query(ask(shop).headers["Link"])["cursor"]
    theirs = shop.new_key("admin", organization="other")

    assert shop.get("/transactions", key=theirs, cursor=cursor).failures == {"cursor": "FORMAT"}
    assert shop.get("/conversions", cursor=cursor).failures == {"cursor": "FORMAT"}


@pytest.mark.parametrize("cursor", ["x", "....", "W10", "bnVsbA", "W1tbW1tb" * 800, "ü", "WyIiLCAiIl0"])
def test_an_invalid_cursor_is_reported(shop: House, cursor: str):
    assert ask(shop, cursor=cursor).failures == {"cursor": "FORMAT"}


def test_a_tampered_cursor_is_reported(shop: House):
    cursor = next_query(ask(shop).headers["Link"])["cursor"]
    owner, after = json.loads(base64.urlsafe_b64decode(cursor + "=="))
    tokens = [[owner, it] for it in ("", "x" * 2000, "\ud800")]
    tokens += [[owner, after, *it] for it in ([-1], [10_001], ["1"], [True], [None], [1, 1])]
    altered = [base64.urlsafe_b64encode(json.dumps(it).encode()).decode() for it in tokens]

    answers = [ask(shop, cursor=it) for it in altered]

    assert [it.failures for it in answers] == [{"cursor": "FORMAT"}] * len(tokens)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "refunded"}, ["ORD-33", "ORD-23", "ORD-13", "ORD-03"]),
        ({"status": "nonsense"}, []),
        ({"sourceId": "ORD-07"}, ["ORD-07"]),
        ({"source": "wc", "sourceId": "ORD-07"}, []),
        ({"source": "shopify_order", "sourceId": "ORD-07"}, ["ORD-07"]),
        ({"status": "refunded", "number": 1, "offset": 2}, ["ORD-13"]),
        ({"unknown": "ignored", "sourceId": "ORD-01"}, ["ORD-01"]),
    ],
)
def test_filters_find_matching_records(shop: House, query: dict[str, Any], found: list[str]):
    assert orders(ask(shop, **query)) == found


@pytest.mark.parametrize(
    ("start", "end", "numbers"),
    [
        ("2026-01-02", None, range(24, 37)),
        (None, "2026-01-02", range(24)),
        (moment(3), moment(6), range(3, 6)),
        ("2026-01-01T02:00:00+01:00", "2026-01-01T03:00:00+01:00", range(3, 6)),
        ("2026-01-01T02:00:00 01:00", "2026-01-01T03:00:00 01:00", range(3, 6)),
        ("2027-01-01", None, ()),
        ("0001-01-01", "9999-12-31", range(37)),
        ("2026-01-02", "2026-01-01", ()),
    ],
)
def test_dates_are_from_inclusive_to_exclusive(shop: House, start: str | None, end: str | None, numbers: Any):
    query = {name: value for name, value in (("dateFrom", start), ("dateTo", end)) if value}

    found = {int(it.removeprefix("ORD-")) for it in orders(ask(shop, number=200, **query))}

    assert found == set(numbers)


def test_fields_selects_exactly_the_named_fields(shop: House):
    assert ask(shop, number=1, fields="totalValue,status").json == [{"totalValue": 3600, "status": "complete"}]
    assert list(shop.get("/transactions", key="reader", number=1).json[0]) == ["id", "status", "dateCreated"]
    extended = shop.get("/transactions", key="reader", number=1, include="extended").json[0]
    assert {"details", "detailCount", "totalValue", "totalQuantity", "currency", "source", "sourceId"} < set(extended)


def test_fields_take_precedence_over_include(shop: House):
    assert ask(shop, number=1, fields="id", include="extended").json[0].keys() == {"id"}


@pytest.mark.parametrize(
    ("query", "failures"),
    [
        ({"number": 0, "offset": -1}, {"number": "MIN", "offset": "MIN"}),
        (
            {"number": "x", "offset": "1.5", "page": "", "perPage": "--5"},
            dict.fromkeys(("number", "offset", "page", "perPage"), "TYPE"),
        ),
        ({"page": 0, "perPage": 0}, {"page": "MIN", "perPage": "MIN"}),
        ({"offset": 10001}, {"offset": "MAX"}),
        ({"page": 1002}, {"page": "MAX"}),
        ({"fields": "id,nothing"}, {"fields": "ENUM"}),
        ({"orderBy": "mood", "order": "up"}, {"orderBy": "ENUM", "order": "ENUM"}),
        ({"dateFrom": "soon", "dateTo": "2026-13-01"}, {"dateFrom": "FORMAT", "dateTo": "FORMAT"}),
        ({"propertyId": 5}, {"propertyId": "UNKNOWN"}),
        ({"status[]": "refunded", "fields[0]": "id"}, {"status[]": "UNKNOWN", "fields[0]": "UNKNOWN"}),
        ({"number": 201, "perPage": 500}, {"number": "MAX", "perPage": "MAX"}),
        ({"collaboratorId": 88, "email": ""}, {"collaboratorId": "UNKNOWN", "email": "UNKNOWN"}),
    ],
)
def test_all_failures_of_a_list_request_are_reported_together(shop: House, query: Any, failures: dict[str, str]):
    answer = shop.get("/transactions", key="reader", **query)

    assert (answer.status, answer.failures) == (422, failures)


@pytest.mark.parametrize(
    "path",
    [
        "/siren/v1/conversions",
        "/api/v1/products",
        "/v1/sales-events",
        "/v1/stores",
        "/api/public/v1/affiliate_sales",
    ],
)
def test_a_parameter_in_brackets_is_refused_by_name_in_every_dialect(shop: House, path: str):
    answer = shop.get(path, base="", **{"status[]": ""})

    assert answer.status in (400, 422)
    assert "status[]" in answer.text


def test_a_walk_by_pages_above_the_limit_is_refused_with_the_limit(shop: House):
    answer = shop.get("/transactions", key="reader", page=1, perPage=500)

    assert (answer.status, answer.error["message"]) == (422, "perPage must be at most 200.")


def test_a_filter_of_another_list_is_known_to_every_list():
    known = {name for it in vars(resources).values() if isinstance(it, Resource) for name in it.filters}

    assert known == list_query.FILTERS


def test_an_unknown_field_is_reported_with_the_known_ones(shop: House):
    answer = ask(shop, fields="nothing")

    assert all(name in answer.error["message"] for name in ("totalValue", "details", "sourceId"))


def test_a_page_too_large_for_an_answer_is_refused_with_the_possible_size(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    for number in range(4):
        house.sale(str(number), items=[{"name": "\u00e9" * 50, "amount": 1}] * 3)
    monkeypatch.setattr(answer_room, "MAX_ANSWER", 5000)

    whole, paged = (house.get("/transactions", fields="details", **it) for it in ({"number": 4}, {"perPage": 4}))

    assert [(it.status, it.failures) for it in (whole, paged)] == [(422, {"number": "MAX"}), (422, {"perPage": "MAX"})]
    room = whole.error["context"]["failedValidations"][0]["context"]["max"]
    assert (room, len(house.get("/transactions", fields="details", number=room).json)) == (3, 3)
    assert len(house.get("/transactions", number=4).json) == 4


def test_cursors_visit_a_waiting_refund_even_if_it_is_applied_meanwhile(house: House):
    (waiting,) = house.get("/refunds").json
    house.sale()
    house.refund(refundId="newer")
    first = house.get("/refunds", number=1)
    house.sale(waiting["sourceId"], source=waiting["source"].removesuffix("_order"))
    house.deliver()

    rest = house.get("/refunds", **next_query(first.headers["Link"])).json

    assert [it["refundId"] for it in first.json] == ["newer"]
    kept = ("id", "status", "dateCreated")
    assert [[it[name] for name in kept] for it in rest] == [[waiting["id"], "applied", waiting["dateCreated"]]]
