"""Batches: their arguments, previews of several pages, states, crashes on the way, and the requests that they cost."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest

from tests.stack.exchange import Answer, Item
from tests.stack.house import House
from tests.stack.scenarios.paid import balances, batch, generate, owe, payouts, people, require_agreement
from tributary.api.siren.owed import payouts as calls
from tributary.domain import times
from tributary.ledger.payouts import claims, fulfillments, previews, selection


@contextmanager
def no_time_left() -> Iterator[None]:
    """Requests that leave all but the first page to a worker, a group per page, with leases that are over at once."""
    with (
        mock.patch.object(calls, "time_left", return_value=lambda: False),
        mock.patch.object(selection, "PAGE", 1),
        mock.patch.object(fulfillments, "LEASE_SECONDS", 0),
    ):
        yield


@contextmanager
def crash_after_claims() -> Iterator[None]:
    """A request that dies after its claims, before it has noted how far it came."""
    with (
        mock.patch.object(fulfillments, "_save", side_effect=RuntimeError("died")),
        mock.patch.object(fulfillments, "LEASE_SECONDS", 0),
    ):
        yield


# arguments


def paid_to(house: House, **arguments: Any) -> set[tuple[int, int]]:
    answer = generate(house, **arguments)
    assert answer.status == 201, answer.text
    return {(it["collaboratorId"], it["value"]) for it in payouts(house)}


def test_a_batch_pays_only_the_named_obligations_also_before_they_are_due(house: House):
    anna = house.new_collaborator()
    first, _ = owe(house, anna, 500, 700)
    house.put(f"/obligations/{first}", {"dueAt": "2100-01-01T00:00:00Z"})

    assert paid_to(house, obligationIds=[first]) == {(anna, 500)}
    require_agreement(house)


def test_a_batch_pays_only_the_named_collaborators_in_the_named_currency(house: House):
    anna, ben = people(house, 2)
    owe(house, anna, 500)
    owe(house, anna, 900, currency="EUR", first=5)
    owe(house, ben, 700)

    assert paid_to(house, collaboratorIds=[anna], currency="eur") == {(anna, 900)}
    assert (batch(house)["currency"], batch(house)["totalValue"]) == ("EUR", 900)
    require_agreement(house)


def test_a_batch_leaves_out_the_excluded_collaborators(house: House):
    anna, ben = people(house, 2)
    owe(house, anna, 500)
    owe(house, ben, 700)

    assert paid_to(house, excludeCollaboratorIds=[anna]) == {(ben, 700)}


def test_a_batch_pays_only_what_was_earned_before_the_cutoff_and_keeps_back_all_that_is_negative(house: House):
    anna = house.new_collaborator()
    owe(house, anna, 500, 700, -100)

    assert paid_to(house, cutoff="2026-01-01T00:00:00.002Z") == {(anna, 400)}
    assert balances(house) == {anna: 1100}


def test_a_final_payout_ignores_the_minimum(house: House):
    house.put("/settings", {"minimumPayout": {"USD": 1500}})
    anna = house.new_collaborator()
    owe(house, anna, 500)
    assert generate(house).status == 409

    assert paid_to(house, ignoreMinimum=True) == {(anna, 500)}


def test_a_batch_of_several_currencies_has_totals_of_each(house: House):
    anna = house.new_collaborator()
    owe(house, anna, 500)
    owe(house, anna, 900, currency="EUR", first=5)

    generate(house)

    made = batch(house)
    assert (made["totals"], made["totalValue"], made["currency"]) == ({"USD": 500, "EUR": 900}, None, None)
    require_agreement(house)


def test_collaborators_without_a_method_wait_if_the_organization_has_no_default(house: House):
    assert house.put("/settings", {"payoutMethod": "none"}).json["payoutMethod"] is None
    owe(house, house.collaborator_id, 500)

    (left_out,) = house.post("/fulfillments/preview", {}).json["leftOut"]
    assert left_out["reason"] == "no_method"
    house.put("/settings", {"payoutMethod": "manual"})

    generate(house)
    assert [(it["method"], it["value"]) for it in payouts(house)] == [("manual", 500)]


def test_an_inactive_collaborator_is_paid_once_active_again(house: House):
    anna = house.new_collaborator()
    owe(house, anna, 500)
    house.put(f"/collaborators/{anna}", {"status": "inactive"})
    (left_out,) = house.post("/fulfillments/preview", {}).json["leftOut"]
    assert left_out["reason"] == "collaborator_not_active"

    house.put(f"/collaborators/{anna}", {"status": "active"})

    assert paid_to(house) == {(anna, 500)}


@pytest.mark.parametrize("path", ["/fulfillments/preview", "/fulfillments/generate"])
@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({"obligationIds": []}, {"obligationIds": "LENGTH"}),
        ({"collaboratorIds": list(range(1, 502))}, {"collaboratorIds": "LENGTH"}),
        ({"excludeCollaboratorIds": list(range(1, 502))}, {"excludeCollaboratorIds": "LENGTH"}),
        ({"currency": "XXQ", "cutoff": "soon"}, {"currency": "ENUM", "cutoff": "FORMAT"}),
        ({"ignoreMinimum": "yes"}, {"ignoreMinimum": "TYPE"}),
        ({"obligationIds": [1], "collaboratorIds": [2]}, {"collaboratorIds": "UNKNOWN"}),
        ({"previewId": 1, "currency": "USD"}, {"currency": "UNKNOWN"}),
        ({"previewId": 0}, {"previewId": "MIN"}),
    ],
)
def test_arguments_that_are_wrong_or_exclude_each_other_are_refused(
    house: House, path: str, body: Item, failures: dict[str, str]
):
    owe(house, house.collaborator_id, 500)

    refused = house.post(path, body)

    assert (refused.status, refused.failures) == (422, failures)
    assert house.ledger("fulfillment") == []


# previews


def test_a_preview_writes_nothing_but_itself(house: House):
    owe(house, house.collaborator_id, 500)
    before = {entity: house.ledger(entity) for entity in ("obligation", "payout", "fulfillment")}

    house.post("/fulfillments/preview", {})

    assert {entity: house.ledger(entity) for entity in before} == before


def test_a_large_preview_comes_page_by_page_and_is_paid_as_a_whole(house: House):
    owing = people(house, 3)
    for collaborator in owing:
        owe(house, collaborator, 500, 600)
    with mock.patch.object(selection, "PAGE", 1), mock.patch.object(previews, "_MOST", 2):
        pages = [house.post("/fulfillments/preview", {}).json]
        early = house.post("/fulfillments/generate", {"previewId": pages[0]["previewId"]})
        while not pages[-1]["complete"]:
            pages.append(house.post("/fulfillments/preview", {"previewId": pages[0]["previewId"]}).json)

    assert (early.status, early.error["context"]) == (409, {"previewId": pages[0]["previewId"]})
    shown = [it for page in pages for it in page["payouts"]]
    assert sorted(it["collaboratorId"] for it in shown) == sorted(owing)
    assert len(pages) > len(owing)
    generate(house, previewId=pages[0]["previewId"])
    assert [it["value"] for it in payouts(house)] == [1100] * 3
    require_agreement(house)


def test_a_group_larger_than_a_row_of_a_preview_becomes_one_payout(house: House):
    owe(house, house.collaborator_id, *[100] * 5)
    with mock.patch.object(previews, "_ROW", 2):
        shown = house.post("/fulfillments/preview", {}).json

    generate(house, previewId=shown["previewId"])

    assert [(it["value"], it["obligationCount"]) for it in payouts(house)] == [(500, 5)]
    require_agreement(house)


def test_a_preview_goes_on_once_per_page(house: House):
    for collaborator in people(house, 2):
        owe(house, collaborator, 500)
    with mock.patch.object(selection, "PAGE", 1), mock.patch.object(previews, "_MOST", 1):
        preview = house.post("/fulfillments/preview", {}).json["previewId"]
        others: list[Answer] = []

        def go_on() -> None:
            others.append(house.post("/fulfillments/preview", {"previewId": preview}))

        with house.meanwhile("UpdateItem", go_on):
            slower = house.post("/fulfillments/preview", {"previewId": preview})

    assert (others[0].status, slower.status) == (409, 200)
    assert others[0].error["context"] == {"previewId": preview}


def test_a_preview_is_valid_for_a_day_and_for_its_organization(house: House):
    owe(house, house.collaborator_id, 500)
    shown = house.post("/fulfillments/preview", {}).json
    asked = {"previewId": shown["previewId"]}
    stranger = house.new_key("admin", organization="stranger")

    assert house.post("/fulfillments/generate", asked, key=stranger).status == 404
    with mock.patch.object(times, "now", return_value=times.later(times.now(), hours=25)):
        late = [house.post(path, asked) for path in ("/fulfillments/generate", "/fulfillments/preview")]

    assert [(it.status, it.error["context"]) for it in late] == [(404, asked)] * 2


def test_a_preview_with_nothing_to_pay_makes_no_batch(house: House):
    shown = house.post("/fulfillments/preview", {}).json

    assert (shown["payouts"], shown["leftOut"], shown["complete"]) == ([], [], True)
    assert generate(house, previewId=shown["previewId"]).status == 409
    assert house.ledger("fulfillment") == []


# a batch under way


def test_a_batch_too_large_for_its_request_is_finished_by_a_worker(house: House):
    for collaborator in people(house, 3):
        owe(house, collaborator, 500)
    with no_time_left():
        answer = house.post("/fulfillments/generate", {})
        assert (answer.json["status"], answer.json["generating"], answer.json["payoutCount"]) == ("processing", True, 1)
        house.deliver()

    assert (batch(house)["status"], batch(house)["payoutCount"]) == ("pending", 3)
    require_agreement(house)
    assert house.changes_of_repeats() == 0


def test_a_batch_whose_request_died_is_finished_by_a_worker(house: House):
    for collaborator in people(house, 2):
        owe(house, collaborator, *[10] * 5)
    with crash_after_claims(), mock.patch.object(claims, "MOST", 2):
        assert house.post("/fulfillments/generate", {}).status == 500
    house.deliver()

    assert batch(house)["status"] == "pending"
    assert [(it["value"], it["obligationCount"]) for it in payouts(house)] == [(50, 5)] * 2
    require_agreement(house)
    assert house.changes_of_repeats() == 0


def test_a_batch_is_finished_though_a_payout_of_it_failed_meanwhile(house: House):
    anna = house.new_collaborator()
    owe(house, anna, 500)
    with crash_after_claims():
        house.post("/fulfillments/generate", {})
    (payout,) = payouts(house)
    house.post("/payouts/results", {"rows": [{"payoutId": payout["id"], "status": "failed"}]})
    owe(house, anna, 70, first=50)

    house.deliver(lambda messages: messages[::-1])

    assert not batch(house)["generating"]
    assert payouts(house)[0]["value"] == 500
    require_agreement(house)
    generate(house)
    assert sum(it["value"] for it in payouts(house) if it["status"] in ("paid", "unpaid")) == 570
    require_agreement(house)


def test_a_batch_failed_while_it_is_made_keeps_nothing(house: House):
    for collaborator in people(house, 3):
        owe(house, collaborator, 500)
    with no_time_left():
        number = house.post("/fulfillments/generate", {}).json["id"]
        assert house.post("/fulfillments/bulk", {"action": "complete", "ids": [number]}).json["skipped"] == [
            {"id": number, "reason": "generating"}
        ]
        house.post("/fulfillments/bulk", {"action": "fail", "ids": [number]})
        house.deliver()

    assert batch(house)["status"] == "failed"
    assert house.owed() == [("pending", 500)] * 3
    require_agreement(house)


@pytest.mark.parametrize("deleted", [False, True])
def test_a_batch_stopped_before_it_is_handed_over_is_no_error(house: House, deleted: bool):
    for collaborator in people(house, 2):
        owe(house, collaborator, 500)

    def stop() -> bool:
        path = f"/fulfillments/{batch(house)['id']}"
        assert house.delete(path).status == 200
        if deleted:
            house.deliver()
            assert house.delete(path).status == 204
        return False

    with no_time_left(), mock.patch.object(calls, "time_left", return_value=stop):
        answer = house.post("/fulfillments/generate", {})
    house.deliver()

    assert answer.status == (409 if deleted else 201)
    assert house.owed() == [("pending", 500)] * 2
    require_agreement(house)


def test_a_group_that_changes_leave_below_the_minimum_waits(house: House):
    house.put("/settings", {"minimumPayout": {"USD": 1000}})
    first, _ = owe(house, house.collaborator_id, 900, 200)

    with house.meanwhile("TransactWriteItems", lambda: house.delete(f"/obligations/{first}"), after=1):
        answer = generate(house)

    assert answer.status == 201
    assert (batch(house)["totalValue"], batch(house)["leftOut"]) == (0, 1)
    assert [it["status"] for it in payouts(house)] == ["cancelled"]
    assert house.owed() == [("cancelled", 900), ("pending", 200)]
    require_agreement(house)


def test_one_batch_is_made_at_a_time(house: House):
    owe(house, house.collaborator_id, 500, -200)
    others: list[Answer] = []

    with house.meanwhile(
        "TransactWriteItems", lambda: others.append(house.post("/fulfillments/generate", {})), after=1
    ):
        first = house.post("/fulfillments/generate", {})

    assert (first.status, first.json["status"]) == (201, "pending")
    assert (others[0].status, others[0].error["context"]) == (409, {"fulfillmentId": first.json["id"]})
    assert [it["value"] for it in payouts(house)] == [300]
    require_agreement(house)


def test_of_two_batches_that_begin_at_once_one_is_refused(house: House):
    owe(house, house.collaborator_id, 500, -200)
    others: list[Answer] = []

    with house.meanwhile("TransactWriteItems", lambda: others.append(house.post("/fulfillments/generate", {}))):
        second = house.post("/fulfillments/generate", {})

    assert (others[0].status, second.status) == (201, 409)
    assert [it["value"] for it in payouts(house)] == [300]
    require_agreement(house)


# states


def test_a_batch_is_moved_by_its_allowed_steps_only(house: House):
    owe(house, house.collaborator_id, 500)
    generate(house)
    path = f"/fulfillments/{batch(house)['id']}"

    assert house.put(path, {"status": "processing"}).json["status"] == "processing"
    assert house.put(path, {"status": "processing"}).status == 200
    assert house.put(path, {"status": "complete"}).json["status"] == "complete"
    for status in ("processing", "failed"):
        refused = house.put(path, {"status": status})
        assert (refused.status, refused.error["context"]) == (409, {"status": "complete"})
    assert house.delete(path).status == 409
    assert house.put(path, {"status": "pending"}).failures == {"status": "ENUM"}
    require_agreement(house)


def test_a_batch_is_failed_then_gone_and_its_payouts_stay(house: House):
    owe(house, house.collaborator_id, 500)
    generate(house)
    path = f"/fulfillments/{batch(house)['id']}"

    assert house.delete(path).json["status"] == "failed"
    assert house.delete(path).status == 409
    house.deliver()
    assert house.delete(path).status == 204

    assert (house.get(path).status, house.delete(path).status) == (404, 404)
    assert house.get("/fulfillments").json == []
    assert [it["status"] for it in payouts(house)] == ["cancelled"]
    assert generate(house).status == 201
    require_agreement(house)


def test_a_failed_batch_keeps_the_payouts_that_were_paid(house: House):
    anna, ben = people(house, 2)
    owe(house, anna, 500)
    owe(house, ben, 700)
    generate(house)
    paid = next(it for it in payouts(house) if it["collaboratorId"] == anna)
    house.post("/payouts/bulk", {"action": "markPaid", "ids": [paid["id"]]})

    path = f"/fulfillments/{batch(house)['id']}"
    house.delete(path)
    house.deliver()

    assert {it["collaboratorId"]: it["status"] for it in payouts(house)} == {anna: "paid", ben: "cancelled"}
    assert (batch(house)["payoutCount"], batch(house)["totalValue"]) == (1, 500)
    assert (house.delete(path).status, house.owed()) == (409, [("complete", 500), ("pending", 700)])
    require_agreement(house)


@pytest.mark.parametrize(
    ("body", "failures"),
    [
        ({}, {"action": "REQUIRED", "ids": "REQUIRED"}),
        ({"action": "pay", "ids": [1]}, {"action": "ENUM"}),
        ({"action": "fail", "ids": list(range(1, 502))}, {"ids": "LENGTH"}),
    ],
)
def test_a_bulk_call_that_says_too_little_or_wrong_is_refused(house: House, body: Item, failures: dict[str, str]):
    refused = house.post("/fulfillments/bulk", body)

    assert (refused.status, refused.failures) == (422, failures)


# requests


@pytest.mark.parametrize("counts", [(3,), (98, 99), (1, 100, 250)])
def test_a_batch_costs_a_transaction_per_98_obligations_of_a_collaborator(house: House, counts: tuple[int, ...]):
    for collaborator, count in zip(people(house, len(counts)), counts, strict=True):
        owe(house, collaborator, *[10] * count)

    with house.requests_made() as asked:
        assert house.post("/fulfillments/generate", {}).status == 201

    begins = 1
    assert asked.counts["TransactWriteItems"] == begins + sum(math.ceil(count / 98) for count in counts)
    assert asked.counts["TransactWriteItems"] <= begins + math.ceil(sum(counts) / 98) + len(counts)
    others = {name: count for name, count in asked.counts.items() if name != "TransactWriteItems"}
    assert sum(others.values()) <= 32
    require_agreement(house)


def test_a_preview_costs_no_more_requests_for_more_obligations(house: House):
    for collaborator in people(house, 5):
        owe(house, collaborator, *[10] * 40)
    house.post("/fulfillments/preview", {})  # from here on the process has cached the programs

    with house.requests_made() as asked:
        house.post("/fulfillments/preview", {})

    assert asked.counts == {"BatchGetItem": 1, "GetItem": 2, "PutItem": 2, "Query": 8, "UpdateItem": 1}


def test_a_failed_payout_is_released_by_a_transaction_per_forty_obligations(house: House):
    owe(house, house.collaborator_id, *[10] * 90)
    generate(house)
    house.post("/payouts/results", {"rows": [{"payoutId": payouts(house)[0]["id"], "status": "failed"}]})

    with house.requests_made() as asked:
        house.deliver()

    assert asked.counts["TransactWriteItems"] == math.ceil(90 / 40)
    assert house.owed() == [("pending", 10)] * 90
    require_agreement(house)
