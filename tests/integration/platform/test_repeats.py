"""`Idempotency-Key`: a POST repeated within a day gets the first answer and does not run again."""

import datetime
import json
from typing import Any
from unittest import mock

import pytest
from botocore.exceptions import ClientError

from tests.stack.exchange import Answer
from tests.stack.house import House
from tests.stack.moto_stack import client
from tests.stack.scenarios.dialect_shop import OTHERS, Shop
from tests.stack.wiring import load
from tributary.api.http import idempotency_key

KEY = {"Idempotency-Key": "4c1b-1"}
PROGRAM = {"incentiveType": "saleTransactionPercentage", "incentiveCalculation": {"transactionPercent": 10}}


def program(house: House, name: str = "Once", headers: Any = KEY, **options: Any) -> Answer:
    return house.post("/programs", PROGRAM | {"name": name}, headers=headers, **options)


def kept(house: House) -> list[dict[str, Any]]:
    return list(client("dynamodb").scan(TableName="IdempotencyTable")["Items"])


def names(house: House) -> list[str]:
    return sorted(item["listed"]["name"] for item in house.ledger("program"))


def test_a_repeat_gets_the_stored_answer_without_running(house: House) -> None:
    first = program(house)
    with house.requests_made() as made:
        second = program(house)

    assert (second.status, second.text) == (first.status, first.text) == (201, first.text)
    assert second.headers == {**first.headers, "Idempotent-Replayed": "true"}
    assert "Idempotent-Replayed" not in first.headers
    assert names(house).count("Once") == 1
    assert made.counts == {"PutItem": 1}  # the condition fails and returns the stored item


def test_the_first_request_costs_a_put_before_and_an_update_after(house: House) -> None:
    house.sale()
    with house.requests_made() as made:
        house.post("/event/sale", _sale("ORD-2"), key="events", headers=KEY)

    assert made.counts == {"PutItem": 2, "UpdateItem": 1}


def test_a_repeated_sale_has_the_first_answers_headers(house: House) -> None:
    first, second = (house.post("/event/sale", _sale("ORD-2"), key="events", headers=KEY) for _ in range(2))

    assert second.headers == {**first.headers, "Idempotent-Replayed": "true"}
    assert "Idempotency-Hit" not in second.headers


def test_the_same_path_under_the_wordpress_prefix_is_the_same_request(house: House) -> None:
    program(house)

    assert program(house, base="/wp-json/siren/v1").headers["Idempotent-Replayed"] == "true"


def test_the_same_key_with_another_body_or_query_is_a_conflict_and_changes_nothing(house: House) -> None:
    program(house)

    answers = [program(house, "Twice"), program(house, fields="id")]

    assert [(it.status, it.error["code"]) for it in answers] == [(409, "conflict")] * 2
    assert answers[0].error["context"] == {"header": "Idempotency-Key"}
    assert names(house).count("Once") == 1
    assert "Twice" not in names(house)


def test_another_api_key_organization_path_or_header_is_another_request(house: House) -> None:
    program(house)
    mine, theirs = house.new_key("admin"), house.new_key("admin", organization="stranger")

    others = [
        program(house, key=mine),
        program(house, key=theirs),
        program(house, headers={"Idempotency-Key": "4c1b-2"}),
        house.post("/program-groups", {"name": "Once", "programs": []}, headers=KEY),
    ]

    assert not [it for it in others if "Idempotent-Replayed" in it.headers or it.status != 201]


def test_a_repeat_needs_a_valid_key(house: House) -> None:
    program(house)

    assert program(house, key=None).status == program(house, key="sk_live_0").status == 401


def test_a_refusal_releases_the_key(house: House) -> None:
    assert program(house, name="").status == 422
    assert program(house, key=house.new_key("event:*")).status == 403
    assert kept(house) == []

    assert program(house).status == 201


def test_a_failure_releases_the_key(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with mock.patch.object(load("manage_programs").programs, "create", side_effect=RuntimeError):
        assert program(house).status == 500

    assert kept(house) == []
    assert program(house).status == 201


def test_a_request_still_in_progress_is_a_conflict(house: House) -> None:
    meanwhile: list[Answer] = []
    create = load("manage_programs").programs.create

    def slowly(*arguments: Any) -> Any:
        meanwhile.append(program(house))
        return create(*arguments)

    with mock.patch.object(load("manage_programs").programs, "create", slowly):
        assert program(house).status == 201

    assert [(it.status, it.error["code"]) for it in meanwhile] == [(409, "conflict")]


def test_a_request_whose_function_died_may_be_repeated_after_the_timeout(house: House) -> None:
    class Died(BaseException):
        pass

    with mock.patch.object(load("manage_programs").programs, "create", side_effect=Died), pytest.raises(Died):
        program(house)
    assert program(house).status == 409

    (left,) = kept(house)
    left["in_progress_expiration"]["N"] = str(int(left["in_progress_expiration"]["N"]) - 20_000)
    client("dynamodb").put_item(TableName="IdempotencyTable", Item=left)
    assert program(house).status == 201


def test_after_a_day_the_key_is_new_whether_or_not_dynamodb_has_swept_it(house: House) -> None:
    program(house)
    (stored,) = kept(house)
    in_a_day = datetime.datetime.now(datetime.UTC).timestamp() + idempotency_key.KEPT_SECONDS
    assert abs(int(stored["expiration"]["N"]) - in_a_day) < 60

    stored["expiration"]["N"] = str(int(stored["expiration"]["N"]) - idempotency_key.KEPT_SECONDS - 60)
    client("dynamodb").put_item(TableName="IdempotencyTable", Item=stored)

    assert "Idempotent-Replayed" not in program(house, "Later").headers
    assert names(house).count("Later") == 1


@pytest.mark.parametrize(
    ("header", "kind"), [("a" * 256, "LENGTH"), ("", "FORMAT"), ("ü", "FORMAT"), ("\x07", "FORMAT")]
)
def test_an_invalid_header_is_refused(house: House, header: str, kind: str) -> None:
    answer = program(house, headers={"Idempotency-Key": header})

    assert (answer.status, answer.failures) == (422, {"Idempotency-Key": kind})
    assert "Once" not in names(house)


def test_a_header_of_255_characters_is_accepted(house: House) -> None:
    assert program(house, headers={"Idempotency-Key": "a" * 255}).status == 201


def test_other_methods_ignore_it(house: House) -> None:
    with house.requests_made() as made:
        assert house.get("/programs", headers={"Idempotency-Key": ""}).status == 200

    assert not [it for _, it in made.made if it.get("TableName") == "IdempotencyTable"]


def test_creating_an_api_key_refuses_the_header_since_its_secret_is_not_stored(house: House) -> None:
    before = house.ledger("api-key")

    answer = house.post("/api-keys", {"label": "x", "scopes": ["admin"]}, headers=KEY)

    assert (answer.status, answer.failures) == (422, {"Idempotency-Key": "UNKNOWN"})
    assert house.ledger("api-key") == before
    assert kept(house) == []


def test_the_table_holds_neither_header_nor_body_nor_key(house: House) -> None:
    house.post("/event/sale", _sale("ORD-secret"), key="events", headers={"Idempotency-Key": "header-secret"})

    assert "secret" not in json.dumps(kept(house))
    assert house.keys["events"] not in json.dumps(kept(house))


def test_a_success_is_answered_even_if_it_could_not_be_stored(house: House) -> None:
    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "UpdateItem")

    with house._hooked("before-call.dynamodb.UpdateItem", refuse):
        assert house.post("/event/sale", _sale("ORD-2"), key="events", headers=KEY).status == 200


def test_a_refusal_is_answered_even_if_its_key_could_not_be_released(house: House) -> None:
    def refuse(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "InternalServerError"}}, "DeleteItem")

    with house._hooked("before-call.dynamodb.DeleteItem", refuse):
        assert house.post("/event/sale", {}, key="events", headers=KEY).status == 422


def test_a_throttled_table_of_repeats_is_429(house: House) -> None:
    def throttle(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "PutItem")

    with house._hooked("before-call.dynamodb.PutItem", throttle):
        answer = house.post("/event/sale", _sale("ORD-3"), key="events", headers=KEY)

    assert (answer.status, answer.headers["Retry-After"]) == (429, "2")
    assert house.ledger("transaction") == []


def test_an_answer_too_large_for_an_item_is_sent_but_not_stored(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency_key, "MAX_KEPT", 10)

    assert program(house).status == 201
    assert kept(house) == []


@pytest.mark.parametrize("name", OTHERS)
def test_every_dialect_replays_and_refuses_in_its_own_form(house: House, name: str) -> None:
    shop, body = Shop(house, name), {"orderId" if name == "sequenzy" else "order_id": "a"}

    first, again = (shop.post(body, **{"idempotency-key": "k"}) for _ in range(2))
    other, wrong = shop.post({}, **{"idempotency-key": "k"}), shop.post(body, **{"idempotency-key": "ü"})

    assert (again.status, again.text, again.headers["Idempotent-Replayed"]) == (201, first.text, "true")
    assert (other.status, wrong.status) == (409, 422)
    assert "Idempotency-Key" in wrong.text
    if name == "noticia":
        assert other.json["code"] == "IDEMPOTENCY_CONFLICT"
        assert shop.post({}, key=None, **{"idempotency-key": "k"}).json["code"] == "AUTH_MISSING_API_KEY"


def _sale(external_id: str) -> dict[str, Any]:
    return {"source": "shopify", "externalId": external_id, "total": 5, "trackingId": 4218}
