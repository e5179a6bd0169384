"""Payouts that people move, payees who change and debits that wait, at the moments when a batch is made or fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest

from tests.stack.exchange import Item
from tests.stack.house import House
from tests.stack.scenarios.paid import batch, generate, owe, paid_by, payouts, people, require_agreement
from tributary.domain import times
from tributary.ledger.payouts import claims, fulfillments

NEXT_YEAR = times.later(times.now(), days=365)


@contextmanager
def dying_after(count: int) -> Iterator[None]:
    """A batch of two obligations per claim whose maker dies after so many claims."""
    real, made = claims._transact, list[int]()

    def transact(*args: object) -> None:
        if len(made) == count:
            raise RuntimeError("died")
        made.append(1)
        real(*args)  # type: ignore[arg-type]

    with (
        mock.patch.object(claims, "_transact", transact),
        mock.patch.object(claims, "MOST", 2),
        mock.patch.object(fulfillments, "LEASE_SECONDS", 0),
    ):
        yield


@pytest.fixture
def half_made(house: House) -> Item:
    """The payout of a batch that has claimed debits of 9.80 so far, and still has 15.00 to claim."""
    owe(house, house.collaborator_id, 1500, -500, -480)
    with dying_after(1):
        assert house.post("/fulfillments/generate", {}).status == 500
    (payout,) = payouts(house)
    assert payout["value"] == -980
    return payout


def mark(house: House, payout: Item, action: str = "markPaid") -> Item:
    return dict(house.post("/payouts/bulk", {"action": action, "ids": [payout["id"]]}).json)


def fail(house: House) -> None:
    house.post("/fulfillments/bulk", {"action": "fail", "ids": [batch(house)["id"]]})


def test_a_payout_is_neither_paid_nor_exported_while_its_batch_is_made(house: House, half_made: Item):
    refused = {"id": half_made["id"], "reason": "generating"}
    rows = [{"payoutId": half_made["id"], "status": "paid"}]

    assert mark(house, half_made)["skipped"] == [refused]
    assert house.post("/payouts/results", {"rows": rows}).json["skipped"] == [refused]
    exported = house.post("/payouts/export", {"ids": [half_made["id"]]}).json
    assert (exported["exported"], exported["marked"], exported["skipped"]) == (0, 0, [refused])
    house.deliver()

    assert [it["value"] for it in payouts(house)] == [520]
    assert mark(house, half_made)["affected"] == 1
    require_agreement(house)


def test_a_batch_that_finds_nothing_more_to_claim_cancels_what_a_crash_left(house: House, half_made: Item):
    (rest,) = [it["id"] for it in house.get("/obligations").json if it["value"] == 1500]
    assert house.delete(f"/obligations/{rest}").status == 200
    house.deliver()

    assert (batch(house)["status"], batch(house)["reason"]) == ("failed", "nothing_left_to_pay")
    assert [it["status"] for it in payouts(house)] == ["cancelled"]
    assert sorted(house.owed()) == [("cancelled", 1500), ("pending", -500), ("pending", -480)]
    require_agreement(house)
    assert house.changes_of_repeats() == 0


def test_a_retry_while_a_batch_is_half_made_is_refused_and_finishes_it(house: House, half_made: Item):
    again = house.post("/fulfillments/generate", {})
    house.deliver()

    assert (again.status, again.error["context"]) == (409, {"fulfillmentId": half_made["fulfillmentId"]})
    assert [(it["value"], it["status"]) for it in payouts(house)] == [(520, "unpaid")]
    require_agreement(house)


def test_a_batch_that_its_maker_left_is_handed_to_one_worker_however_often_it_is_asked_for(
    house: House, half_made: Item
):
    (before,) = house.ledger("fulfillment")
    with mock.patch.object(fulfillments, "_PATIENCE_SECONDS", 0):
        assert house.post("/fulfillments/generate", {}).status == 409
    for _ in range(3):
        assert house.post("/fulfillments/generate", {}).status == 409

    (after,) = house.ledger("fulfillment")
    assert after["attempt"] == before["attempt"] + 1


def test_a_batch_has_one_worker_at_a_time(house: House, half_made: Item):
    number = half_made["fulfillmentId"]
    with house._environment("settle_payouts"), mock.patch.object(fulfillments, "_LOOKS", (0,)):
        assert fulfillments.take_over("demo", number)
        with pytest.raises(fulfillments.StillMade):
            fulfillments.take_over("demo", number)

        later = times.later(times.now(), seconds=61)
        with mock.patch.object(times, "now", return_value=later):
            assert fulfillments.take_over("demo", number)


def test_a_worker_that_loses_the_lease_to_another_at_the_last_moment_makes_nothing(house: House, half_made: Item):
    number = half_made["fulfillmentId"]
    with house._environment("settle_payouts"), mock.patch.object(fulfillments, "_LOOKS", (0,)):
        taken = lambda: fulfillments.take_over("demo", number)  # noqa: E731
        with house.meanwhile("UpdateItem", taken), pytest.raises(fulfillments.StillMade):
            fulfillments.take_over("demo", number)


@pytest.mark.parametrize(("debit", "paid"), [(0, [12]), (-3, [9]), (-8, [4])])
def test_a_half_made_payout_goes_by_its_whole_when_it_goes_on(house: House, debit: int, paid: list[int]):
    house.put("/settings", {"minimumPayout": {"USD": 10 if debit != -8 else 0}})
    owe(house, house.collaborator_id, *[2] * 6)
    with dying_after(2):
        house.post("/fulfillments/generate", {})
    if debit:
        owe(house, house.collaborator_id, debit, first=50)
    house.deliver()

    live = [it["value"] for it in payouts(house) if it["status"] == "unpaid"]
    assert live == [value for value in paid if value >= 10 or debit == -8]
    require_agreement(house)
    assert house.changes_of_repeats() == 0


def test_a_half_made_payout_of_a_payee_who_is_no_longer_paid_is_cancelled(house: House):
    anna = people(house, 1)[0]
    owe(house, anna, *[2] * 6)
    with dying_after(2):
        house.post("/fulfillments/generate", {})
    house.put(f"/collaborators/{anna}", {"status": "inactive"})
    house.deliver()

    assert [(it["status"], it["reason"]) for it in payouts(house)] == [("cancelled", "collaborator_not_active")]
    assert house.owed() == [("pending", 2)] * 6
    require_agreement(house)


def test_an_obligation_that_is_due_later_just_before_its_claim_waits(house: House):
    first, _ = owe(house, house.collaborator_id, 500, 700)
    later = {"dueAt": NEXT_YEAR}

    with house.meanwhile("TransactWriteItems", lambda: house.put(f"/obligations/{first}", later), after=1):
        generate(house)

    assert [it["value"] for it in payouts(house)] == [700]
    require_agreement(house)


def test_an_export_of_a_batch_that_fails_meanwhile_has_none_of_its_payouts(house: House):
    owe(house, house.collaborator_id, 500)
    generate(house)
    (payout,) = payouts(house)

    with house.meanwhile("TransactWriteItems", lambda: fail(house)):
        told = house.post("/payouts/export", {"ids": [payout["id"]]}).json

    refused = {"id": payout["id"], "reason": "fulfillment_failed"}
    assert (told["exported"], told["marked"], told["skipped"]) == (0, 0, [refused])
    assert str(payout["id"]) not in told["csv"]


def test_files_of_a_batch_that_fails_meanwhile_are_not_made(house: House):
    owe(house, house.collaborator_id, 500)
    with paid_by("external"):
        generate(house)
    path, day = f"/fulfillments/{batch(house)['id']}/files", {"executionDate": times.now()[:10]}

    with house.meanwhile("TransactWriteItems", lambda: fail(house)):
        refused = house.post(path, day)

    assert (refused.status, refused.error["context"]) == (409, {"status": "failed"})
    assert house.get(path).json == []


def test_a_payout_marked_at_the_moment_of_the_last_claim_is_marked_at_its_whole(house: House):
    owe(house, house.collaborator_id, 500)
    skipped: list[Item] = []

    def mark_it() -> None:
        skipped.append(mark(house, payouts(house)[0])["skipped"][0])

    with house.meanwhile("UpdateItem", mark_it):
        generate(house)

    assert skipped[0]["reason"] == "generating"
    assert mark(house, payouts(house)[0])["affected"] == 1


def test_a_payout_of_a_failed_batch_is_paid_or_not_for_good(house: House):
    anna, ben = people(house, 2)
    owe(house, anna, 500)
    owe(house, ben, 700)
    generate(house)
    paid, unpaid = payouts(house)
    mark(house, paid)
    fail(house)

    reason = {"reason": "fulfillment_failed"}
    assert mark(house, unpaid)["skipped"] == [{"id": unpaid["id"]} | reason]
    exported = house.post("/payouts/export", {"ids": [paid["id"], unpaid["id"]]}).json
    assert (exported["exported"], exported["skipped"]) == (1, [{"id": unpaid["id"]} | reason])
    house.deliver()

    assert mark(house, paid, "markUnpaid")["skipped"] == [{"id": paid["id"]} | reason]
    assert {it["status"] for it in payouts(house)} == {"paid", "cancelled"}
    require_agreement(house)


def test_a_batch_that_fails_at_the_moment_of_a_mark_leaves_no_unpaid_payout(house: House):
    owe(house, house.collaborator_id, 500)
    generate(house)
    (payout,) = payouts(house)
    mark(house, payout)

    def fail_and_settle() -> None:
        fail(house)
        house.deliver()

    with house.meanwhile("TransactWriteItems", fail_and_settle):
        told = mark(house, payout, "markUnpaid")

    assert told["skipped"] == [{"id": payout["id"], "reason": "fulfillment_failed"}]
    assert payouts(house)[0]["status"] == "paid"
    require_agreement(house)


# payees of a preview


@pytest.mark.parametrize("change", [{"status": "inactive"}, {"status": "rejected"}])
def test_a_preview_is_refused_once_a_payee_is_no_longer_paid(house: House, change: Item):
    anna, ben = people(house, 2)
    (first,) = owe(house, anna, 500)
    owe(house, ben, 700)
    preview = house.post("/fulfillments/preview", {}).json["previewId"]
    assert house.put(f"/collaborators/{anna}", change).status == 200

    refused = generate(house, previewId=preview)

    assert (refused.status, refused.error["context"]["obligationIds"]) == (409, [first])
    assert house.owed() == [("pending", 500), ("pending", 700)]
    require_agreement(house)


def test_a_preview_is_refused_once_a_payee_has_no_method(house: House):
    owed = owe(house, house.collaborator_id, 500)
    preview = house.post("/fulfillments/preview", {}).json["previewId"]
    house.put("/settings", {"payoutMethod": "none"})

    refused = generate(house, previewId=preview)

    assert (refused.status, refused.error["context"]["obligationIds"]) == (409, owed)
    assert house.owed() == [("pending", 500)]


def test_a_previewed_payout_goes_by_the_method_of_its_batch(house: House):
    owe(house, house.collaborator_id, 500)
    preview = house.post("/fulfillments/preview", {}).json["previewId"]
    method = {"type": "external", "account": "A-1"}
    path = f"/collaborators/{house.collaborator_id}/payout-settings"
    assert house.put(path, {"method": method}).status == 200

    assert generate(house, previewId=preview).status == 201

    assert [it["method"] for it in payouts(house)] == ["external"]


# debits


def test_a_due_debit_and_a_held_credit_are_both_left_out(house: House):
    owe(house, house.collaborator_id, -500)
    house.post("/obligations", {"collaboratorId": house.collaborator_id, "value": 800, "dueAt": NEXT_YEAR})

    left = house.post("/fulfillments/preview", {}).json["leftOut"]

    assert [(it["value"], it["reason"]) for it in left] == [(-500, "net_not_positive"), (800, "held")]


def test_a_debit_waits_for_its_day_like_a_credit(house: House):
    body = {"collaboratorId": house.collaborator_id, "value": -300, "dueAt": NEXT_YEAR}
    debit = house.post("/obligations", body).json["id"]
    (left,) = house.post("/fulfillments/preview", {}).json["leftOut"]
    assert (left["value"], left["reason"]) == (-300, "held")
    (credit,) = owe(house, house.collaborator_id, 500)

    generate(house)
    assert [it["value"] for it in payouts(house)] == [500]
    owe(house, house.collaborator_id, 400)
    named = [it["id"] for it in house.get("/obligations").json if it["status"] == "pending"]
    assert (debit in named, credit in named) == (True, False)

    generate(house, obligationIds=named)
    assert [it["value"] for it in payouts(house)] == [500, 100]
    require_agreement(house)
