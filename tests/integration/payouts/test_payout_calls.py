"""Calls about payouts: marks, results, export, lists, scopes and keys."""

import csv
import io

import pytest

from tests.stack.exchange import Answer, Item
from tests.stack.house import House
from tests.stack.scenarios.paid import batch, generate, owe, payouts, people, require_agreement


def paid_out(house: House, *values: int) -> list[Item]:
    """A batch of a payout for each value, each of a collaborator of its own; in this order."""
    owing = people(house, len(values))
    for collaborator, value in zip(owing, values, strict=True):
        owe(house, collaborator, value)
    assert generate(house).status == 201
    return sorted(payouts(house), key=lambda it: owing.index(it["collaboratorId"]))


def read(house: House, payout: Item) -> Item:
    return dict(house.get(f"/payouts/{payout['id']}").json)


def mark(house: House, action: str, *made: Item, **members: str) -> Answer:
    return house.post("/payouts/bulk", {"action": action, "ids": [it["id"] for it in made], **members})


def told(house: House, payout: Item, status: str, **members: str) -> Answer:
    return house.post("/payouts/results", {"rows": [{"payoutId": payout["id"], "status": status, **members}]})


# marks and results


def test_a_payout_is_paid_with_its_reference_and_reopened_without(house: House):
    (made,) = paid_out(house, 500)

    assert mark(house, "markPaid", made, reference="T-1").json == {"success": True, "affected": 1, "skipped": []}
    paid = read(house, made)
    assert (paid["status"], paid["reference"]) == ("paid", "T-1")
    assert paid["datePaid"] >= made["dateCreated"]
    mark(house, "markUnpaid", made)

    reopened = read(house, made)
    assert (reopened["status"], reopened["reference"], reopened["datePaid"]) == ("unpaid", None, None)
    require_agreement(house)


def test_marks_touch_the_named_payouts_only_and_name_what_they_skip(house: House):
    first, second = paid_out(house, 500, 700)
    mark(house, "markPaid", first)

    answer = house.post("/payouts/bulk", {"action": "markPaid", "ids": [first["id"], 404]})

    assert answer.json["affected"] == 0
    assert answer.json["skipped"] == [
        {"id": first["id"], "reason": "already_so"},
        {"id": 404, "reason": "not_found"},
    ]
    assert read(house, second)["status"] == "unpaid"


@pytest.mark.parametrize("paid_first", [False, True])
def test_a_payout_that_came_back_has_failed_for_good(house: House, paid_first: bool):
    (made,) = paid_out(house, 500)
    if paid_first:
        told(house, made, "paid", reference="T-1")

    assert told(house, made, "failed", reason="account closed").json["affected"] == 1
    assert told(house, made, "failed", reason="again").json["skipped"] == [{"id": made["id"], "reason": "already_so"}]
    assert told(house, made, "paid").json["skipped"] == [{"id": made["id"], "reason": "failed"}]
    assert mark(house, "markUnpaid", made).json["skipped"] == [{"id": made["id"], "reason": "failed"}]
    house.deliver()

    assert (read(house, made)["status"], read(house, made)["reason"]) == ("failed", "account closed")
    assert (batch(house)["payoutCount"], batch(house)["totalValue"]) == (0, 0)
    assert house.owed() == [("pending", 500)]
    require_agreement(house)
    assert house.changes_of_repeats() == 0


def test_two_answers_about_one_payout_are_refused(house: House):
    (made,) = paid_out(house, 500)
    rows = [{"payoutId": made["id"], "status": status} for status in ("paid", "failed")]

    refused = house.post("/payouts/results", {"rows": rows})

    assert (refused.status, refused.failures) == (422, {"rows[1].payoutId": "UNKNOWN"})
    assert read(house, made)["status"] == "unpaid"


@pytest.mark.parametrize(
    ("path", "body", "failures"),
    [
        ("/payouts/bulk", {}, {"action": "REQUIRED", "ids": "REQUIRED"}),
        ("/payouts/bulk", {"action": "pay", "ids": [1]}, {"action": "ENUM"}),
        ("/payouts/bulk", {"action": "markPaid", "ids": []}, {"ids": "LENGTH"}),
        ("/payouts/bulk", {"action": "markPaid", "ids": list(range(1, 502))}, {"ids": "LENGTH"}),
        ("/payouts/bulk", {"action": "markPaid", "ids": [1], "reference": "x" * 256}, {"reference": "LENGTH"}),
        ("/payouts/export", {}, {"ids": "REQUIRED"}),
        ("/payouts/export", {"ids": [1], "markAsPaid": "no"}, {"markAsPaid": "TYPE"}),
        ("/payouts/export", {"ids": list(range(1, 502))}, {"ids": "LENGTH"}),
        ("/payouts/results", {"rows": []}, {"rows": "LENGTH"}),
        ("/payouts/results", {"rows": [{}]}, {"rows[0].payoutId": "REQUIRED", "rows[0].status": "REQUIRED"}),
        ("/payouts/results", {"rows": [{"payoutId": 1, "status": "lost"}]}, {"rows[0].status": "ENUM"}),
        ("/payouts/results", {"rows": [{"payoutId": 1, "status": "paid"}] * 501}, {"rows": "LENGTH"}),
    ],
)
def test_a_call_that_says_too_little_or_wrong_is_refused(house: House, path: str, body: Item, failures: dict[str, str]):
    refused = house.post(path, body)

    assert refused.status == 422
    assert {field: kind for field, kind in refused.failures.items() if field in failures} == failures


# export


def exported(house: House, made: list[Item], **members: bool) -> tuple[Item, list[dict[str, str]]]:
    answer = house.post("/payouts/export", {"ids": [it["id"] for it in made], **members})
    assert answer.status == 200, answer.text
    return answer.json, list(csv.DictReader(io.StringIO(answer.json["csv"])))


def test_an_export_marks_just_what_it_exported(house: House):
    first, second = paid_out(house, 500, 123456)

    answer, rows = exported(house, [second])

    assert rows == [
        {
            "Payout ID": f"P{second['id']}",
            "Collaborator Email": "",
            "Collaborator Name": "Another",
            "Collaborator ID": f"C{second['collaboratorId']}",
            "Currency": "USD",
            "Value": "1234.56",
        }
    ]
    assert (answer["exported"], answer["marked"], answer["skipped"], answer["paidBefore"]) == (1, 1, [], [])
    assert (read(house, first)["status"], read(house, second)["status"]) == ("unpaid", "paid")


def test_an_export_marks_nothing_unless_wanted_and_may_be_repeated(house: House):
    made = paid_out(house, 500)

    once, again = (exported(house, made, markAsPaid=False) for _ in range(2))

    assert once == again
    assert (once[0]["marked"], read(house, made[0])["status"]) == (0, "unpaid")


def test_an_export_leaves_out_what_is_no_longer_live_and_says_so(house: House):
    first, second = paid_out(house, 500, 700)
    told(house, first, "failed")

    answer = house.post("/payouts/export", {"ids": [first["id"], second["id"], 404, second["id"]]}).json

    assert (answer["exported"], answer["marked"]) == (1, 1)
    assert answer["skipped"] == [{"id": first["id"], "reason": "failed"}, {"id": 404, "reason": "not_found"}]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum", "\t=1"])
def test_a_name_is_no_formula_in_the_peoples_file(house: House, name: str):
    owe(house, house.new_collaborator(fullName=f"{name}x", email="anna@example.com"), 500)
    generate(house)

    (row,) = exported(house, payouts(house))[1]

    assert row["Collaborator Name"].lstrip().startswith("'")
    assert row["Collaborator Email"] == "anna@example.com"


# lists


def test_payouts_are_listed_by_batch_collaborator_currency_and_status(house: House):
    first, second = paid_out(house, 500, 700)
    owe(house, first["collaboratorId"], 900, currency="EUR", first=5)
    generate(house)
    mark(house, "markPaid", second)

    def listed(**filters: object) -> list[int]:
        return sorted(it["value"] for it in house.get("/payouts", **filters).json)

    assert listed(fulfillmentId=first["fulfillmentId"]) == [500, 700]
    assert listed(collaboratorId=first["collaboratorId"]) == [500, 900]
    assert listed(currency="EUR") == [900]
    assert listed(status="paid") == [700]
    assert listed(status="lost") == listed(fulfillmentId=404) == []
    assert listed(fulfillmentId=first["fulfillmentId"], status="unpaid") == [500]
    values = [it["value"] for it in house.get("/payouts", orderBy="value", order="ASC").json]
    assert values == [500, 700, 900]
    assert [it["payoutCount"] for it in house.get("/fulfillments", status="pending").json] == [1, 2]


def test_the_obligations_of_a_payout_are_listed(house: House):
    (made,) = paid_out(house, 500)
    owe(house, house.collaborator_id, 700)

    (owed,) = house.get("/obligations", payoutId=made["id"]).json

    assert (owed["value"], owed["status"]) == (500, "complete")


@pytest.mark.parametrize(
    ("query", "failures"),
    [
        ({"number": "0"}, {"number": "MIN"}),
        ({"number": "201"}, {"number": "MAX"}),
        ({"from": "soon", "to": "late"}, {"from": "FORMAT", "to": "FORMAT"}),
        ({"cursor": "e30"}, {"cursor": "FORMAT"}),
    ],
)
def test_a_statement_of_no_period_is_refused(house: House, query: dict[str, str], failures: dict[str, str]):
    refused = house.get(f"/collaborators/{house.collaborator_id}/statement", **query)

    assert (refused.status, refused.failures) == (422, failures)


# keys

READS = (
    "/fulfillments",
    "/fulfillments/1",
    "/payouts",
    "/payouts/1",
    "/proofs",
    "/proofs/1",
    "/collaborators/88/statement",
)
WRITES = (
    ("POST", "/fulfillments/preview", {}),
    ("POST", "/fulfillments/generate", {}),
    ("POST", "/fulfillments/bulk", {"action": "fail", "ids": [1]}),
    ("PUT", "/fulfillments/1", {"status": "failed"}),
    ("DELETE", "/fulfillments/1", None),
    ("POST", "/payouts/bulk", {"action": "markPaid", "ids": [1]}),
    ("POST", "/payouts/export", {"ids": [1]}),
    ("POST", "/payouts/results", {"rows": [{"payoutId": 1, "status": "paid"}]}),
    ("POST", "/obligations", {"collaboratorId": 88, "value": 1}),
    ("PUT", "/obligations/1", {"value": 1}),
    ("DELETE", "/obligations/1", None),
)


@pytest.mark.parametrize("path", READS)
def test_payouts_are_read_with_their_scope_only_and_by_no_key_of_a_source(house: House, path: str):
    other = house.new_key("ledger:obligations:read", "event:*")
    bound = house.new_key("ledger:payouts:read", source="shopify")
    own = house.new_key("ledger:payouts:read")

    assert house.get(path, key=other).error["code"] == "missing_scope"
    assert (house.get(path, key=bound).status, house.get(path, key=bound).error["code"]) == (
        403,
        "store_key_not_allowed",
    )
    assert house.get(path, key=own).status == (404 if path.endswith("/1") else 200)


@pytest.mark.parametrize(("method", "path", "body"), WRITES, ids=lambda it: it if isinstance(it, str) else "")
def test_payouts_are_changed_by_admins_of_the_whole_organization_only(
    house: House, method: str, path: str, body: Item | None
):
    bound = house.new_key("admin", source="shopify")

    with house.requests_made() as asked:
        refused = [house.call(method, path, body, key=key) for key in ("reader", bound)]

    assert [(it.status, it.error["code"]) for it in refused] == [(403, "missing_scope"), (403, "store_key_not_allowed")]
    assert not asked.writes


def test_batches_and_payouts_of_another_organization_are_not_found(house: House):
    (made,) = paid_out(house, 500)
    stranger = house.new_key("admin", organization="stranger")
    number = made["fulfillmentId"]

    for path in (f"/payouts/{made['id']}", f"/fulfillments/{number}"):
        assert house.get(path, key=stranger).status == 404
    assert house.put(f"/fulfillments/{number}", {"status": "failed"}, key=stranger).status == 404
    assert house.delete(f"/fulfillments/{number}", key=stranger).status == 404
    calls = {
        "/payouts/bulk": {"action": "markPaid", "ids": [made["id"]]},
        "/payouts/results": {"rows": [{"payoutId": made["id"], "status": "failed"}]},
        "/payouts/export": {"ids": [made["id"]]},
    }
    for path, body in calls.items():
        skipped = house.post(path, body, key=stranger).json["skipped"]
        assert skipped == [{"id": made["id"], "reason": "not_found"}]
    moved = house.post("/fulfillments/bulk", {"action": "fail", "ids": [number]}, key=stranger)
    assert moved.json["skipped"] == [{"id": number, "reason": "not_found"}]
    assert (read(house, made)["status"], batch(house)["status"]) == ("unpaid", "pending")


@pytest.mark.parametrize(
    "path",
    [
        "/obligations/bulk",
        "/fulfillments/preview",
        "/fulfillments/generate",
        "/fulfillments/bulk",
        "/payouts/bulk",
        "/payouts/export",
        "/payouts/results",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_words_of_the_surface_are_no_ids(house: House, path: str, method: str):
    answer = house.call(method, path, {"status": "failed"} if method == "PUT" else None)

    assert (answer.status, answer.headers["Allow"]) == (405, "POST, OPTIONS")


def test_a_reason_told_by_hand_is_kept_without_bank_data(house: House):
    (made,) = paid_out(house, 500)

    told(house, made, "failed", reason="AC04 DE89 3704 0044 0532 0130 00 of anna@example.com closed")

    assert read(house, made)["reason"] == "AC04 [account] of [address] closed"


def test_an_export_names_a_deleted_collaborator_as_deleted(house: House):
    (made,) = paid_out(house, 500)
    house.delete(f"/collaborators/{made['collaboratorId']}")

    (row,) = csv.DictReader(io.StringIO(house.post("/payouts/export", {"ids": [made["id"]]}).json["csv"]))

    assert "<deleted>" in row.values()


def test_an_export_names_what_was_paid_before(house: House):
    first, second = paid_out(house, 500, 700)
    mark(house, "markPaid", first)

    answer, rows = exported(house, [first, second])

    assert (answer["exported"], answer["marked"], answer["paidBefore"]) == (2, 1, [first["id"]])
    assert exported(house, [first, second])[0]["paidBefore"] == [first["id"], second["id"]]
    assert len(rows) == 2
