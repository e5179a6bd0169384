"""Many rows in one request: each is answered like the single call, independently of the others."""

import json
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from botocore.exceptions import ClientError

from tests.stack.exchange import Answer
from tests.stack.house import House, in_process
from tests.stack.ledger_comparison import without_circumstances
from tests.stack.scenarios.point_of_sale import event, store
from tests.stack.scenarios.shop import order
from tributary.api.batches import rows
from tributary.api.http import failures
from tributary.ledger.store import table

NDJSON = {"content-type": "application/x-ndjson"}


def sale(external_id: Any = "ORD-1", **members: Any) -> dict[str, Any]:
    """A sale of the demo visit, at a fixed moment."""
    body = {"source": "shopify", "externalId": external_id, "total": "49.99", "trackingId": 4218}
    return {name: value for name, value in (body | members).items() if value is not ...}


def anonymous(external_id: str = "T-1", **members: Any) -> dict[str, Any]:
    """A row without customer, since a new customer would get a random id."""
    return event(external_id=external_id, profile_id=..., **members)


class Dialect:
    """A dialect's single and batch calls, and a row for them."""

    def __init__(self, name: str, base: str, path: str, one: Callable[..., Any], prefer: bool = False) -> None:
        self.name, self.base, self.path, self.one = name, base, path, one
        self.headers = {"Prefer": "return=representation"} if prefer else {}

    def single(self, house: House, row: Any, key: str = "admin") -> Answer:
        return house.post(self.path, row, key=key, base=self.base, headers=self.headers)

    def batch(self, house: House, rows: Any, key: str = "admin", headers: Any = None, **query: Any) -> Answer:
        return house.post(f"{self.path}/batch", rows, key=key, base=self.base, headers=headers, **query)


SIREN = Dialect("siren", "/siren/v1", "/event/sale", sale, prefer=True)
SEQUENZY = Dialect("sequenzy", "/api/v1", "/orders", order)
NOTICIA = Dialect("noticia", "/v1", "/sales-events", anonymous)
EACH = pytest.mark.parametrize("dialect", [pytest.param(it, id=it.name) for it in (SIREN, SEQUENZY, NOTICIA)])


def good_bad_and_repeated(dialect: Dialect) -> list[Any]:
    first, second = dialect.one("A-1"), dialect.one("A-2")
    return [first, {}, second, first, 42, [], dialect.one("A-3", currency="ZZZ"), None, second]


def statuses(answer: Answer) -> list[int]:
    return [result["status"] for result in answer.json["results"]]


def counts(answer: Answer) -> tuple[int, ...]:
    return tuple(answer.json[name] for name in ("received", "created", "repeated", "failed"))


def ledger(house: House) -> list[Any]:
    return [without_circumstances(item) for item in house.ledger()]


@pytest.fixture
def shop(house: House) -> House:
    store(house)
    return house


def outcome_in_a_stack_of_its_own(dialect: Dialect, send: Callable[[House], Any]) -> tuple[Any, list[Any]]:
    """The answers and the resulting items, in a stack of its own; a customer's id is random."""
    with in_process() as house, mock.patch("tributary.domain.times.now", return_value="2026-11-21T12:00:00.000Z"):
        store(house)
        answered = send(house)
        became = [it for it in ledger(house) if it["entity"] in ("transaction", "order-notice", "sales-event")]
        return answered, [it | {"customerId": None} for it in became]


@EACH
def test_each_row_is_answered_like_the_single_call_to_the_byte(dialect: Dialect) -> None:
    rows = good_bad_and_repeated(dialect)

    together, ours = outcome_in_a_stack_of_its_own(dialect, lambda house: dialect.batch(house, rows))
    alone, theirs = outcome_in_a_stack_of_its_own(
        dialect, lambda house: [dialect.single(house, json.dumps(row)) for row in rows]
    )

    assert together.status == (202 if dialect is SEQUENZY else 200)
    assert [it["index"] for it in together.json["results"]] == list(range(len(rows)))
    assert statuses(together) == [it.status for it in alone]
    assert [it.text for it in alone if f'"body":{it.text}}}' not in together.text] == []
    assert [it["body"] for it in together.json["results"]] == [it.json for it in alone]
    assert ours == theirs
    assert counts(together) == (9, 2, 2, 5)


@EACH
def test_lines_are_answered_like_an_array(shop: House, dialect: Dialect) -> None:
    rows = good_bad_and_repeated(dialect)
    lines = "\n\n" + " \r\n".join(json.dumps(row) for row in rows) + "\n\n"

    array = dialect.batch(shop, rows)
    as_lines = dialect.batch(shop, lines, headers=NDJSON)
    in_base64 = dialect.batch(shop, lines.encode(), headers={"content-type": "Application/X-NDJSON; charset=utf-8"})

    assert as_lines.text == in_base64.text
    assert counts(as_lines) == (9, 0, 4, 5)
    assert [it["body"] for it in as_lines.json["results"] if it["status"] >= 400] == [
        it["body"] for it in array.json["results"] if it["status"] >= 400
    ]


def test_a_line_that_is_not_json_fails_only_its_row(house: House) -> None:
    broken = ['{"source": ', '{"total": NaN}', '{"a": 1, "a": 2}', "\ufeff{}", "[" * 5000, '{"total": 1e999999999999}']
    lines = [json.dumps(sale("ORD-1")), *broken, json.dumps(sale("ORD-2"))]

    answer = SIREN.batch(house, "\n".join(lines), headers=NDJSON)

    assert statuses(answer) == [200, 422, 422, 422, 422, 422, 422, 200]
    (failed,) = answer.json["results"][1]["body"]["error"]["context"]["failedValidations"]
    assert (failed["field"], failed["type"]) == ("body", "FORMAT")


@EACH
@pytest.mark.parametrize(
    ("body", "headers"),
    [([], {}), ("", {}), ("\n \n", NDJSON), ({}, {}), ("42", {}), ("[1", {}), ('[{"a": NaN}]', {}), ([{}] * 501, {}),
     ("{}\n" * 501, NDJSON)],
)  # fmt: skip
def test_an_invalid_batch_is_refused_as_a_whole_and_writes_nothing(
    house: House, dialect: Dialect, body: Any, headers: Any
) -> None:
    with house.requests_made() as made:
        answer = dialect.batch(house, body, headers=headers)

    assert answer.status == 422
    assert "body" in answer.text
    assert not made.writes


def test_all_failures_of_a_batch_are_reported_together(house: House) -> None:
    answer = SIREN.batch(house, [], automations="no")

    assert answer.failures == {"body": "LENGTH", "automations": "ENUM"}


@pytest.mark.parametrize("given", ["", "False", "0", "true,false"])
def test_automations_is_true_or_false_and_nothing_else(house: House, given: str) -> None:
    assert SIREN.batch(house, [sale()], automations=given).failures == {"automations": "ENUM"}
    assert house.ledger("transaction") == []


def test_a_batch_has_the_body_limit_and_the_media_types_of_the_documents(house: House) -> None:
    large = SIREN.batch(house, [sale(note="x" * 1_000_001)])
    typed = SIREN.batch(house, [sale()], headers={"content-type": "text/csv"})

    assert (large.status, typed.status) == (413, 415)
    assert "application/x-ndjson" in typed.error["message"]


def test_rows_of_another_source_or_without_the_scope_are_refused_singly(house: House) -> None:
    bound, sells = house.new_key("event:*", source="shopify"), house.new_key("event:sale")

    sales = SIREN.batch(house, [sale(), sale(source="other")], key=bound)
    found = SEQUENZY.batch(house, [order(), order(status="refunded"), order(status="cancelled")], key=sells)

    assert statuses(sales) == [200, 403]
    assert statuses(found) == [202, 403, 403]
    assert sales.json["results"][1]["body"]["error"]["code"] == "store_key_not_allowed"


def test_an_unknown_store_is_404_for_its_row(shop: House) -> None:
    answer = NOTICIA.batch(shop, [event(external_id="a"), event(external_id="b", store_id="nowhere")])

    assert statuses(answer) == [201, 404]


def test_a_repeat_with_other_content_names_the_differences(house: House) -> None:
    answer = SIREN.batch(house, [sale(), sale(total=1)])

    assert [it["headers"] for it in answer.json["results"]] == [
        {"X-Siren-OID": "4218"},
        {"X-Siren-OID": "4218", "Idempotency-Hit": "true", "Idempotency-Differs": "total"},
    ]


# failures on our side


def refusing(code: str) -> Any:
    def put_new(item: Any) -> None:
        if item["reported"]["externalId"] == "ORD-2":
            raise ClientError({"Error": {"Code": code}}, "PutItem")
        kept(item)

    kept = table.put_new
    return mock.patch.object(table, "put_new", put_new)


@pytest.mark.parametrize(("code", "status"), [("ThrottlingException", 429), ("AccessDeniedException", 500)])
def test_a_server_failure_affects_only_its_row_and_is_marked_for_retry(house: House, code: str, status: int) -> None:
    rows, once = [sale(f"ORD-{n}") for n in (1, 2, 3)], {"Idempotency-Key": "import-1"}
    with refusing(code):
        answer = SIREN.batch(house, rows, headers=once)
    again = SIREN.batch(house, rows, headers=once)

    assert statuses(answer) == [200, status, 200]
    assert answer.headers["Retry-After"] == "1"
    assert counts(answer) == (3, 2, 0, 1)
    assert counts(again) == (3, 1, 2, 0)
    assert "Idempotent-Replayed" not in again.headers


def test_a_throttled_row_says_when_to_retry(house: House) -> None:
    with refusing("ThrottlingException"):
        answer = SIREN.batch(house, [sale("ORD-2")])

    (result,) = answer.json["results"]
    assert result["headers"] == {"Retry-After": "2"}
    assert (result["body"]["error"]["code"], result["body"]["error"]["context"]) == ("rate_limited", {"retryAfter": 2})


@EACH
def test_rows_without_time_left_are_not_started_and_marked_for_retry(
    shop: House, dialect: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "_NOT_BEGUN_SECONDS", 1000)
    before = ledger(shop)

    answer = dialect.batch(shop, [dialect.one("A-1"), {}])

    assert statuses(answer) == [503, 422]
    assert ledger(shop) == before
    assert answer.headers["Retry-After"] == "1"


def test_rows_with_very_many_failures_show_a_thousand_in_total_and_one_each(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [sale(items=[{}] * 600) for _ in range(4)]

    answer = SIREN.batch(house, rows)

    shown = [len(it["body"]["error"]["context"]["failedValidations"]) for it in answer.json["results"]]
    assert shown == [600, failures.MAX_SHOWN - 600, 1, 1]


def test_rows_with_answers_too_large_for_lambda_are_done_and_answered_without_a_body(shop: House) -> None:
    """A short row may repeat an event of hundreds of KB, and five hundred rows may."""
    large = anonymous("A-1", payments=[{"note": "x" * 4000}] * 50)
    NOTICIA.single(shop, large)

    answer = NOTICIA.batch(shop, [*[anonymous("A-1")] * 30, anonymous("A-2"), {}])

    shown = [it["body"] is not None for it in answer.json["results"]]
    assert (statuses(answer), counts(answer)) == ([*[200] * 30, 201, 422], (32, 1, 30, 1))
    assert shown == [*[True] * 19, *[False] * 11, True, True]
    assert len(json.dumps(answer.text)) < 6_000_000


# repeats and costs


@EACH
def test_a_batch_with_an_idempotency_key_is_answered_once(shop: House, dialect: Dialect) -> None:
    first, again = (dialect.batch(shop, [dialect.one()], headers={"Idempotency-Key": "k"}) for _ in range(2))

    assert (again.status, again.text) == (first.status, first.text)
    assert again.headers["Idempotent-Replayed"] == "true"


ROWS = 7


@pytest.mark.parametrize(
    ("dialect", "first", "repeated"),
    [
        pytest.param(SIREN, {"PutItem": ROWS}, {"PutItem": ROWS}, id="siren"),
        pytest.param(
            SEQUENZY,
            {"GetItem": ROWS, "BatchGetItem": ROWS, "TransactWriteItems": ROWS, "PutItem": ROWS},
            {"GetItem": ROWS},
            id="sequenzy",
        ),
        pytest.param(NOTICIA, {"BatchGetItem": ROWS, "TransactWriteItems": ROWS}, {"BatchGetItem": ROWS}, id="noticia"),
    ],
)
def test_a_row_costs_as_much_as_the_single_call_and_the_key_is_read_once(
    shop: House, dialect: Dialect, first: Any, repeated: Any
) -> None:
    """Each order has its own customer; the point of sale's buyers are anonymous."""
    rows = [dialect.one(f"A-{n}") for n in range(ROWS)]
    if dialect is SEQUENZY:
        rows = [row | {"customer": {"email": f"ada-{n}@example.com"}} for n, row in enumerate(rows)]
    with shop.requests_made() as made:
        dialect.batch(shop, rows)
    with shop.requests_made() as again:
        dialect.batch(shop, rows)

    assert made.counts == first
    assert again.counts == repeated


def test_a_known_customer_costs_one_more_read_and_no_write_unless_changed(house: House) -> None:
    SEQUENZY.batch(house, [order("o-1")])
    with house.requests_made() as made:
        SEQUENZY.batch(house, [order("o-2"), order("o-3")])

    assert made.counts == {"GetItem": 4, "BatchGetItem": 2, "PutItem": 2}


def test_a_return_costs_a_batch_get_and_a_put(shop: House) -> None:
    NOTICIA.batch(shop, [anonymous("a")])
    with shop.requests_made() as made:
        NOTICIA.batch(shop, [anonymous("b", type="RETURN"), anonymous("c", type="RETURN")])

    assert made.counts == {"BatchGetItem": 2, "PutItem": 2}


# history


def test_history_is_marked_in_its_events_and_decided_like_news(house: House) -> None:
    SIREN.batch(house, [sale("ORD-1")], automations="false")
    house.deliver()

    said = [json.loads(it.body)["detail"]["data"].get("automations") for it in house.handled if _is_sale(it)]
    assert said
    assert set(said) == {False}
    assert house.owed() == [("pending", 500)]


def test_a_batch_is_news_unless_marked_as_history(shop: House) -> None:
    for dialect in (SIREN, SEQUENZY, NOTICIA):
        dialect.batch(shop, [dialect.one("A-1")])
        dialect.batch(shop, [dialect.one("A-2")], automations="true")
    shop.deliver()

    assert shop.handled
    assert not [it.body for it in shop.handled if "automations" in it.body]


def test_an_order_of_history_and_its_sale_are_stored_as_history(house: House) -> None:
    SEQUENZY.batch(house, [order(properties={"automations": True})], automations="false")
    house.deliver()

    (notice,), (transaction,) = house.ledger("order-notice"), house.ledger("transaction")
    assert notice["automations"] is transaction["reported"]["automations"] is False
    found = [
        json.loads(it.body)["detail"]["data"] for it in house.handled if it.detail_type == "ecommerce.order_placed"
    ]
    assert {data["automations"] for data in found} == {False}


def test_a_property_of_that_name_is_ignored(house: House) -> None:
    SEQUENZY.single(house, order(properties={"automations": False, "note": "x"}))
    house.deliver()

    found = [
        json.loads(it.body)["detail"]["data"] for it in house.handled if it.detail_type == "ecommerce.order_placed"
    ]
    assert {(data["note"], "automations" in data) for data in found} == {("x", False)}


def test_a_purchase_and_a_return_of_history_are_marked_too(shop: House) -> None:
    rows = [event(external_id="a"), event(external_id="b", type="RETURN")]
    NOTICIA.batch(shop, rows, automations="false")
    shop.deliver()

    found = {it.detail_type: json.loads(it.body)["detail"]["data"].get("automations") for it in shop.handled}
    assert (found["SaleTriggered"], found["ReturnRecorded"]) == (False, False)


def test_a_sale_already_reported_stays_unchanged(house: House) -> None:
    house.sale("ORD-1")
    answer = SIREN.batch(house, [sale("ORD-1")], automations="false")

    assert counts(answer) == (1, 0, 1, 0)
    (transaction,) = house.ledger("transaction")
    assert "automations" not in transaction["reported"]


def _is_sale(message: Any) -> bool:
    return bool(message.detail_type == "SaleTriggered")
