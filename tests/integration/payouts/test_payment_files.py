"""Payout methods, the accounts that pay, and bank files, over HTTP, through the real functions."""

import csv
import hashlib
import io
import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from tests.stack.exchange import Answer
from tests.stack.house import House
from tests.stack.scenarios.paid import generate, payouts
from tests.stack.scenarios.past import line, sold
from tributary.domain import times

IBAN, OTHER_IBAN = "DE89370400440532013000", "NL91ABNA0417164300"
SEPA = {"type": "sepa", "iban": IBAN, "accountHolder": "Änne Łukasz"}
PAYER = {"sepa": {"name": "Tributary Shop", "iban": OTHER_IBAN}}
DAY = {"executionDate": times.later(times.now(), days=5)[:10]}


def affiliate(house: House, method: dict[str, Any] | None = None, units: str = "USD") -> int:
    """A collaborator with a sale of 100.00 and a payout method."""
    anna = house.new_collaborator(house.new_program(units=units), fullName="=1+1")
    sold(house, house.new_visit(anna), line(100), external_id=f"ORD-{anna}", currency=units)
    if method:
        assert set_method(house, anna, method).status == 200
    return anna


def set_method(house: House, collaborator_id: int, method: dict[str, Any] | None, **more: Any) -> Answer:
    return house.put(f"/collaborators/{collaborator_id}/payout-settings", {"method": method, **more})


def files(house: House, batch: Answer, **body: Any) -> Answer:
    return house.post(f"/fulfillments/{batch.json['id']}/files", DAY | body)


def download(house: House, batch: Answer, name: str) -> Answer:
    return house.get(f"/fulfillments/{batch.json['id']}/files/{name}")


def test_a_method_is_shown_by_its_last_four_characters_only(house: House):
    anna = affiliate(house)

    told = set_method(house, anna, SEPA).json

    assert told["method"] == {"type": "sepa", "last4": "3000"}
    assert house.get(f"/collaborators/{anna}/payout-settings").json == told


def test_a_change_of_the_minimum_keeps_the_method_and_the_other_way_round(house: House):
    anna = affiliate(house)
    set_method(house, anna, SEPA, minimumPayout={"EUR": 500})
    path = f"/collaborators/{anna}/payout-settings"

    assert house.put(path, {"minimumPayout": {"USD": 700}}).json["method"] == {"type": "sepa", "last4": "3000"}
    assert house.put(path, {"method": None}).json["minimumPayout"] == {"USD": 700}
    assert house.put(path, {}).json == {"collaboratorId": anna, "method": None, "minimumPayout": {"USD": 700}}


def test_an_empty_body_removes_no_account(house: House):
    house.put("/payer", PAYER)

    refused = house.put("/payer", {})

    assert (refused.status, refused.failures) == (422, {"sepa": "REQUIRED"})
    assert house.get("/payer").json["sepa"]["last4"] == "4300"
    assert house.put("/payer", {"sepa": None}).json == {"sepa": None, "ach": None, "wise": None}


def test_bank_data_is_in_no_item_event_answer_or_list(house: House):
    anna = affiliate(house, SEPA, "EUR")
    house.put("/payer", PAYER)
    batch = generate(house)
    files(house, batch)
    house.deliver()

    everything = json.dumps([house.ledger(), house.on_the_bus, [it.body for it in house.handled]], default=str)
    answers = [house.get(path).text for path in ("/payouts", "/fulfillments", "/collaborators", "/payer")]
    answers += [house.get(f"/collaborators/{anna}").text, house.get(f"/fulfillments/{batch.json['id']}/files").text]
    for secret in (IBAN, OTHER_IBAN, "Änne", "Łukasz", "Lukasz"):
        assert secret not in everything
        assert all(secret not in answer for answer in answers)


def test_a_sealed_method_does_not_open_for_another_collaborator(house: House):
    anna, ben = affiliate(house, SEPA, "EUR"), affiliate(house, None, "EUR")
    house.put("/payer", PAYER)
    stolen = next(it for it in house.ledger("collaborator") if it["listed"]["id"] == anna)["payoutMethod"]
    from tests.stack.moto_stack import TABLE, client
    from tributary.ledger.store.values import encode

    item = next(it for it in house.ledger("collaborator") if it["listed"]["id"] == ben)
    client("dynamodb").update_item(
        TableName=TABLE,
        Key={"pk": {"S": item["pk"]}, "sk": {"S": item["sk"]}},
        UpdateExpression="SET payoutMethod = :stolen",
        ExpressionAttributeValues={":stolen": encode(stolen)},
    )
    batch = generate(house)

    assert files(house, batch).status == 500


def test_a_sepa_file_pays_each_payout_once_and_is_the_same_for_ever(house: House):
    affiliate(house, SEPA, "EUR")
    affiliate(house, SEPA | {"iban": OTHER_IBAN}, "EUR")
    house.put("/payer", PAYER)
    batch = generate(house)

    made = files(house, batch)
    (file,) = made.json["files"]
    first = download(house, batch, file["name"])
    for payout in payouts(house):
        house.post("/payouts/results", {"rows": [{"payoutId": payout["id"], "status": "failed"}]})
    house.deliver()
    set_method(house, payouts(house)[0]["collaboratorId"], {"type": "manual"})
    second = download(house, batch, file["name"])

    assert (made.status, made.json["refused"], made.json["byHand"]) == (201, [], [])
    assert (file["rows"], file["total"], file["controlSum"]) == (2, 2000, "20.00")
    assert first.text == second.text
    assert hashlib.sha256(first.text.encode()).hexdigest() == file["sha256"]
    tree = ET.fromstring(first.text)
    sums = [it.text for it in tree.iter() if it.tag.endswith("CtrlSum")]
    assert set(sums) == {"20.00"}
    assert files(house, batch).json == made.json


def test_files_need_an_account_to_pay_from(house: House):
    affiliate(house, SEPA, "EUR")
    batch = generate(house)

    refused = files(house, batch)
    house.put("/payer", PAYER)

    assert refused.status == 409
    assert refused.error["context"]["payoutIds"] == [payouts(house)[0]["id"]]
    assert files(house, batch).status == 201


@pytest.mark.parametrize(("days", "type_"), [(-2, "MIN"), (368, "MAX")])
def test_files_of_a_date_that_no_bank_takes_are_refused(house: House, days: int, type_: str):
    affiliate(house, SEPA, "EUR")
    house.put("/payer", PAYER)
    batch = generate(house)

    refused = files(house, batch, executionDate=times.later(times.now(), days=days)[:10])

    assert (refused.status, refused.failures) == (422, {"executionDate": type_})
    assert files(house, batch).status == 201


def test_payouts_paid_before_the_files_are_named_and_in_none(house: House):
    affiliate(house, SEPA, "EUR")
    affiliate(house, SEPA, "EUR")
    house.put("/payer", PAYER)
    batch = generate(house)
    first, second = (it["id"] for it in payouts(house))
    house.post("/payouts/bulk", {"action": "markPaid", "ids": [first]})

    made = files(house, batch).json
    house.post("/payouts/bulk", {"action": "markUnpaid", "ids": [first]})

    assert (made["paidBefore"], [it["rows"] for it in made["files"]]) == ([first], [1])
    assert files(house, batch).json == made
    assert f"P{second}" in download(house, batch, made["files"][0]["name"]).text


def test_files_of_another_date_are_refused(house: House):
    affiliate(house, SEPA, "EUR")
    house.put("/payer", PAYER)
    batch = generate(house)
    files(house, batch)

    assert files(house, batch, executionDate=times.now()[:10]).status == 409


def test_a_change_of_the_method_does_not_redirect_a_batch_under_way(house: House):
    anna = affiliate(house, SEPA, "EUR")
    house.put("/payer", PAYER)
    batch = generate(house)

    set_method(house, anna, SEPA | {"iban": OTHER_IBAN})
    (file,) = files(house, batch).json["files"]

    assert IBAN in download(house, batch, file["name"]).text


def test_payouts_without_a_method_are_paid_by_hand(house: House):
    affiliate(house)
    batch = generate(house)

    made = files(house, batch).json

    assert (made["files"], made["byHand"]) == ([], [payouts(house)[0]["id"]])


def test_without_a_default_method_nobody_without_one_is_paid(house: House):
    house.put("/settings", {"payoutMethod": "none"})
    anna = affiliate(house)

    (left,) = house.post("/fulfillments/preview", {}).json["leftOut"]

    assert (left["collaboratorId"], left["reason"]) == (anna, "no_method")


def test_a_collaborators_own_minimum_holds_instead_of_the_organizations(house: House):
    house.put("/settings", {"minimumPayout": {"USD": 5000}})
    anna = affiliate(house)
    set_method(house, anna, None, minimumPayout={"USD": 1000})

    assert generate(house).status == 201


@pytest.mark.parametrize(
    ("method", "field"),
    [
        ({"type": "sepa", "iban": "DE89370400440532013001", "accountHolder": "A"}, "method.iban"),
        ({"type": "ach", "routing": "123456789", "account": "1234", "accountType": "checking"}, "method.routing"),
        ({"type": "cheque"}, "method.type"),
        ({}, "method.type"),
    ],
)
def test_a_wrong_method_is_refused_by_its_field_and_never_repeated(house: House, method: dict[str, Any], field: str):
    refused = set_method(house, house.collaborator_id, method)

    assert refused.status == 422
    assert field in [it["field"] for it in refused.error["context"]["failedValidations"]]
    assert "DE89370400440532013001" not in refused.text


def test_names_are_harmless_in_the_csv_for_people(house: House):
    affiliate(house)
    generate(house)
    ids = [it["id"] for it in payouts(house)]

    told = house.post("/payouts/export", {"ids": ids, "markAsPaid": False}).json

    header, row = csv.reader(io.StringIO(told["csv"]))
    assert header[0] == "Payout ID"
    assert row[2] == "'=1+1"
    assert (told["exported"], told["marked"]) == (1, 0)


def test_an_export_marks_exactly_what_it_exported(house: House):
    affiliate(house)
    affiliate(house)
    generate(house)
    one, other = (it["id"] for it in payouts(house))

    told = house.post("/payouts/export", {"ids": [one, 12345]}).json

    assert (told["exported"], told["marked"], told["skipped"]) == (1, 1, [{"id": 12345, "reason": "not_found"}])
    assert {it["id"]: it["status"] for it in payouts(house)} == {one: "paid", other: "unpaid"}


def pain002(*rows: tuple[int, str], message: str = "") -> str:
    """A status report on these payouts, or on a whole message."""
    transfers = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>P{payout}</OrgnlEndToEndId><TxSts>{status}</TxSts></TxInfAndSts>"
        for payout, status in rows
    )
    whole = f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId></OrgnlGrpInfAndSts>"
    payment = f"<OrgnlPmtInfAndSts>{transfers}</OrgnlPmtInfAndSts>"
    inner = f"<CstmrPmtStsRpt>{whole}{payment}</CstmrPmtStsRpt>"
    return f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">{inner}</Document>'


def test_a_banks_report_marks_what_was_paid_and_releases_what_came_back(house: House):
    affiliate(house, SEPA, "EUR")
    affiliate(house, SEPA, "EUR")
    affiliate(house, SEPA, "EUR")
    house.put("/payer", PAYER)
    batch = generate(house)
    files(house, batch)
    one, two, three = (it["id"] for it in payouts(house))
    body = {"format": "pain.002", "content": pain002((one, "ACSC"), (two, "RJCT"), (three, "PDNG"))}
    path = f"/fulfillments/{batch.json['id']}/results"

    told = house.post(path, body).json
    house.deliver()
    again = house.post(path, body).json

    assert (told["affected"], told["waiting"], told["errors"]) == (2, [three], [])
    assert {it["id"]: it["status"] for it in payouts(house)} == {one: "paid", two: "failed", three: "unpaid"}
    assert again["affected"] == 0
    assert ("pending", 1000) in house.owed()


def test_a_report_about_another_batch_changes_nothing(house: House):
    affiliate(house)
    first = generate(house)
    affiliate(house)
    second = generate(house)
    (payout,) = (it for it in payouts(house) if it["fulfillmentId"] == first.json["id"])

    body = {"format": "pain.002", "content": pain002((payout["id"], "ACSC"))}
    told = house.post(f"/fulfillments/{second.json['id']}/results", body).json

    assert (told["affected"], told["skipped"]) == (0, [{"id": payout["id"], "reason": "not_found"}])


@pytest.mark.parametrize("content", ["<not xml", "a;b", "<!DOCTYPE a><Document/>"])
def test_a_report_that_cannot_be_read_says_so(house: House, content: str):
    affiliate(house)
    batch = generate(house)

    told = house.post(f"/fulfillments/{batch.json['id']}/results", {"format": "pain.002", "content": content}).json

    assert told["affected"] == 0
    assert told["errors"]
