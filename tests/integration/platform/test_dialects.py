"""Keys and refusals in each dialect's own form, through a small app per dialect with real keys."""

import json
import subprocess
import sys
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.stack.house import House
from tests.stack.scenarios.dialect_shop import BUSY, OTHERS, STATUSES, Shop
from tests.template import ROOT
from tributary.api import unrouted
from tributary.api.http import dialect, requests
from tributary.domain import times
from tributary.ledger.organization import api_keys


@pytest.fixture(params=OTHERS)
def shop(request: pytest.FixtureRequest, house: House) -> Shop:
    return Shop(house, request.param)


@pytest.fixture
def noticia(house: House) -> Shop:
    return Shop(house, "noticia")


def test_a_good_request_is_answered(shop: Shop) -> None:
    camel, snake = (
        {"orderId": "a", "lineItems": [{"unitPrice": 1}]},
        {"order_id": "a", "line_items": [{"unit_price": 1}]},
    )

    answer = shop.post(camel if shop.name == "sequenzy" else snake)

    assert (answer.status, answer.json) == (201, snake)


def test_failed_checks_are_422_and_all_reported(house: House) -> None:
    wrong = {"line_items": [{}, {"unit_price": True}], "lineItems": [{}, {"unitPrice": True}]}
    camel, snake = ({name: wrong[name]} for name in ("lineItems", "line_items"))

    answers = {it: Shop(house, it).post(camel if it == "sequenzy" else snake) for it in OTHERS}
    sequenzy, noticia, growi = (answers[it] for it in ("sequenzy", "noticia", "growi"))

    assert {answer.status for answer in answers.values()} == {422}
    assert sequenzy.json == {
        "success": False,
        "error": "orderId is required. lineItems[0].unitPrice is required. lineItems[1].unitPrice must be an integer.",
        "issues": [
            {"path": "orderId", "message": "orderId is required."},
            {"path": "lineItems[0].unitPrice", "message": "lineItems[0].unitPrice is required."},
            {"path": "lineItems[1].unitPrice", "message": "lineItems[1].unitPrice must be an integer."},
        ],
    }
    assert (noticia.json["code"], noticia.json["requestId"]) == ("VALIDATION_FAILED", "request-1")
    paths = [issue["path"] for issue in noticia.json["issues"]]
    assert paths == ["order_id", "line_items[0].unit_price", "line_items[1].unit_price"]
    assert growi.json == {
        "error": "order_id: is required; line_items[0].unit_price: is required; "
        "line_items[1].unit_price: must be an integer"
    }


def test_noticia_accepts_either_spelling_reports_one_and_refuses_both_together(noticia: Shop) -> None:
    assert noticia.post({"orderId": "a", "line_items": None}).json == {"order_id": "a", "line_items": []}
    assert noticia.post({"orderId": 1}).json["issues"][0]["path"] == "order_id"

    both = noticia.post({"orderId": "a", "order_id": "b"})

    assert both.json["issues"] == [{"path": "body", "message": "body names order_id in both spellings."}]


@pytest.mark.parametrize("how", STATUSES)
def test_a_refusal_has_its_status_and_the_dialects_form(shop: Shop, how: str) -> None:
    status, error = STATUSES[how]

    answer = shop.post({}, f"/fails/{how}")

    assert answer.status == status
    assert answer.headers.get("Retry-After") == ("7" if status == 429 else None)
    assert (
        answer.json
        == {
            "sequenzy": {"success": False, "error": error.message},
            "noticia": {"code": error.code.upper(), "message": error.message, "requestId": "request-1"},
            "growi": {"error": error.message},
        }[shop.name]
    )


@pytest.mark.parametrize("how", BUSY)
def test_throttling_is_answered_with_a_time_to_retry(shop: Shop, how: str) -> None:
    answer = shop.post({}, f"/fails/{how}")

    assert (answer.status, answer.headers["Retry-After"]) == (429, "2")
    assert "Too many requests." in answer.text
    assert "secret" not in answer.text


def test_a_permanent_refusal_of_dynamodb_is_a_server_error(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BUSY, "denied", ClientError({"Error": {"Code": "AccessDeniedException"}}, "PutItem"))

    assert shop.post({}, "/fails/denied").status == 500


def test_unexpected_errors_and_malformed_json_are_reported_in_the_dialects_form(shop: Shop) -> None:
    unforeseen = shop.post({}, "/fails/unforeseen")
    xml = shop.post({}, **{"content-type": "text/xml"})
    nowhere = shop.post({}, "/nowhere")

    assert [it.status for it in (unforeseen, xml, nowhere)] == [500, 415, 404]
    assert all(("message" if shop.name == "noticia" else "error") in it.json for it in (unforeseen, xml, nowhere))
    assert "secret" not in unforeseen.text


@pytest.mark.parametrize("scopes", [["ledger:transactions:read"]])
def test_a_key_without_the_scope_is_403(shop: Shop, scopes: list[str]) -> None:
    assert shop.post({}, key=shop.house.new_key(*scopes)).status == 403


def test_a_missing_key_is_401_and_says_how_to_send_one(shop: Shop) -> None:
    answer = shop.post({}, key=None)

    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == ("ApiKey" if shop.name == "noticia" else "Bearer")


def test_noticia_distinguishes_the_reasons_of_a_401_with_one_read_each(
    noticia: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = noticia.house
    soon, in_a_moment = (times.later(times.now(), seconds=seconds) for seconds in (30, 31))
    revoked, expiring = house.new_key("event:*"), house.new_key("event:*", expires_at=soon)
    with house._environment("manage_api_keys"):
        [key_id] = {it["listed"]["id"] for it in house.ledger("api-key") if it["listed"]["keyPrefix"] == revoked[:16]}
        api_keys.revoke("demo", key_id)
    monkeypatch.setattr(requests.times, "now", lambda: in_a_moment)

    with house.requests_made() as made:
        codes = [noticia.post({}, key=key).json["code"] for key in (None, "sk_live_0", revoked, expiring)]

    assert codes == [f"AUTH_{reason}_API_KEY" for reason in ("MISSING", "INVALID", "REVOKED", "EXPIRED")]
    assert made.counts == {"GetItem": 3}


@pytest.mark.parametrize("name", OTHERS)
def test_the_default_route_answers_in_the_dialect_of_the_path(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    route = unrouted.ROUTES[0]._replace(path="/orders/{order}", dialect=name)
    monkeypatch.setattr(unrouted, "ROUTES", (route,))

    def call(method: str, path: str) -> Any:
        context = {"http": {"method": method}, "requestId": "request-1"}
        return unrouted.answer_unrouted({"rawPath": dialect.BASES[name] + path, "requestContext": context})

    nowhere, wrong, asked = call("GET", "/nothing"), call("GET", "/orders/a.b"), call("OPTIONS", "/orders/a.b")

    assert [it["statusCode"] for it in (nowhere, wrong, asked)] == [404, 405, 204]
    assert wrong["headers"]["Allow"] == asked["headers"]["Allow"] == "POST, OPTIONS"
    member = "message" if name == "noticia" else "error"
    assert json.loads(nowhere["body"])[member] == "There is nothing at this path."


def test_a_path_belongs_to_the_dialect_with_the_longest_base(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(dialect.BASES, "fifth", f"{dialect.BASES['siren']}/fifth")

    assert dialect.name_of(f"{dialect.BASES['fifth']}/orders") == "fifth"
    assert dialect.name_of(f"{dialect.BASES['siren']}/orders") == "siren"
    assert dialect.name_of("/nowhere") == "siren"


def test_a_handler_loads_its_own_dialect_only() -> None:
    command = [sys.executable, "-c", "import app, sys; print(*sys.modules)"]
    for function in ("report_sale", "answer_unrouted"):
        path = f"{ROOT / 'shared'}:{ROOT / 'functions' / function}"
        loaded = subprocess.run(command, env={"PYTHONPATH": path}, capture_output=True, text=True, check=True).stdout

        assert not [name for name in OTHERS if f"tributary.api.{name}.dialect" in loaded]
        assert "idempotency" not in loaded


def test_white_space_is_no_json_and_nothing_at_all_is_an_empty_object(house: House) -> None:
    blank = house.call("POST", "/fulfillments/preview", " \n", key="admin")
    nothing = house.call("POST", "/fulfillments/preview", "", key="admin")

    assert (blank.status, blank.failures) == (422, {"body": "FORMAT"})
    assert nothing.status == 200
