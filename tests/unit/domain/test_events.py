from typing import Any

import pytest

from tributary.domain.events import UnknownRecord, events_of

LISTED = {
    "transaction": {"id": 7, "status": "complete", "totalValue": 4999},
    "conversion": {
        "id": 8, "engagementId": 1, "transactionId": 7, "obligationId": 9, "type": "sale", "status": "approved",
        "programId": 1001, "collaboratorId": 88, "leadId": None, "value": 500, "currency": "USD",
    },
    "obligation": {
        "id": 9, "conversionId": 8, "transactionId": 7, "programId": 1001, "collaboratorId": 88, "status": "pending",
        "value": 500, "currency": "USD",
    },
    "opportunity": {"id": 4218, "userId": "u-7", "status": "active"},
    "engagement": {
        "id": 1, "opportunityId": 4218, "programId": 1001, "collaboratorId": 88, "score": 100, "status": "active",
    },
    "program-group": {"id": 3, "name": "One pays", "sorter": "newestBindingWins", "programs": [1001]},
    "program": {"id": 1001, "status": "active", "name": "Spring"},
    "webhook": {"id": 4001, "status": "active", "pausedReason": None},
    "collaborator": {"id": 88, "status": "active", "fullName": "Dana Demo", "email": "dana@example.com"},
}  # fmt: skip
REPORTED = {
    "source": "shopify", "externalId": "ORD-1004", "trackingId": 4218, "total": 4999, "currency": "USD",
    "occurredAt": "2026-01-01T00:00:00.000Z", "lines": [],
}  # fmt: skip
SILENT = [
    "decision", "programs-version", "alias", "email", "user", "organization", "api-key", "api-key-lookup",
    "api-key-count", "webhook-count", "event-source", "event-type", "source", "count",
]  # fmt: skip


def record(entity: str, version: int = 1, **listed: Any) -> dict[str, Any]:
    common = {"pk": f"demo#{entity}#1", "sk": entity, "organization": "demo", "entity": entity, "version": version}
    common |= {"changedAt": f"2026-01-0{version}T00:00:00.000Z", "trace": {"correlationId": "request-1"}}
    common |= {"reported": REPORTED} if entity == "transaction" else {}
    common |= {"epoch": 0, "engagements": [{"id": 1}]} if entity == "opportunity" else {}
    return common | {"listed": LISTED.get(entity, {}) | listed}


def types(old: Any, new: Any) -> list[str]:
    return [event.detail_type for event in events_of(old, new)]


def ids(old: Any, new: Any) -> list[str]:
    return [event.detail["metadata"]["id"] for event in events_of(old, new)]


@pytest.mark.parametrize(
    ("entity", "listed", "announced"),
    [
        ("transaction", {}, ["SaleTriggered", "TransactionCreated"]),
        ("transaction", {"status": "refunded"}, ["SaleTriggered", "TransactionCreated", "RefundTriggered"]),
        ("conversion", {"status": "pending"}, ["ConversionAwarded"]),
        ("conversion", {}, ["ConversionAwarded", "ConversionApproved"]),
        ("conversion", {"status": "rejected"}, ["ConversionAwarded", "ConversionRejected"]),
        ("obligation", {}, ["ObligationIssued"]),
        ("opportunity", {}, ["OpportunityTriggered"]),
        ("opportunity", {"status": "invalid"}, ["OpportunityTriggered", "OpportunityInvalidated"]),
        ("engagement", {}, ["EngagementsTriggered"]),
        ("engagement", {"status": "complete"}, ["EngagementsTriggered", "EngagementCompleted"]),
        ("program-group", {}, ["ProgramGroupCreated"]),
        ("program", {}, ["ProgramCreated"]),
        ("collaborator", {}, ["CollaboratorCreated"]),
        ("collaborator", {"userId": "42"}, ["CollaboratorCreated", "CollaboratorRegistered"]),
        ("webhook", {}, []),
    ],
)
def test_a_record_seen_for_the_first_time_announces_its_whole_state(
    entity: str, listed: dict[str, Any], announced: list[str]
):
    assert types(None, record(entity, **listed)) == announced


@pytest.mark.parametrize(
    ("entity", "before", "after", "announced"),
    [
        ("transaction", {}, {"status": "refunded"}, ["RefundTriggered"]),
        ("transaction", {}, {"sourceId": "other"}, []),
        ("transaction", {"status": "refunded"}, {"status": "refunded"}, []),
        ("conversion", {"status": "pending"}, {"status": "approved"}, ["ConversionApproved"]),
        ("conversion", {}, {"status": "rejected"}, ["ConversionRejected"]),
        ("conversion", {}, {"status": "pending"}, ["ConversionReopened"]),
        ("conversion", {}, {"status": "deleted"}, ["ConversionDeleted"]),
        ("conversion", {"status": "deleted"}, {"status": "pending"}, ["ConversionReopened"]),
        ("conversion", {"status": "deleted"}, {"status": "deleted"}, []),
        ("conversion", {}, {"value": 400}, ["ConversionRevalued"]),
        ("obligation", {}, {"status": "rejected"}, ["ObligationStatusChanged"]),
        ("obligation", {}, {"payoutId": 5}, []),
        ("opportunity", {}, {"userId": "u-8"}, []),
        ("engagement", {}, {"score": 200}, ["EngagementsTriggered"]),
        ("opportunity", {}, {"status": "invalid"}, ["OpportunityInvalidated"]),
        ("engagement", {}, {"status": "complete"}, ["EngagementCompleted"]),
        ("engagement", {"status": "complete"}, {"status": "complete"}, []),
        ("engagement", {}, {"status": "invalid"}, []),
        ("program-group", {}, {"programs": []}, ["ProgramGroupUpdated"]),
        ("program", {}, {"name": "Summer"}, ["ProgramUpdated"]),
        ("collaborator", {}, {"status": "inactive"}, ["CollaboratorUpdated", "CollaboratorDeactivated"]),
        ("collaborator", {"status": "inactive"}, {"status": "rejected"}, ["CollaboratorUpdated"]),
        ("webhook", {}, {"status": "paused", "pausedReason": "gone"}, ["WebhookPaused"]),
        ("webhook", {}, {"description": "x"}, []),
        ("collaborator", {}, {"userId": "42"}, ["CollaboratorUpdated", "CollaboratorRegistered"]),
        ("collaborator", {"userId": "42"}, {"userId": "43"}, ["CollaboratorUpdated"]),
    ],
)
def test_a_change_announces_the_difference(
    entity: str, before: dict[str, Any], after: dict[str, Any], announced: list[str]
):
    assert types(record(entity, 1, **before), record(entity, 2, **after)) == announced


@pytest.mark.parametrize(
    ("before", "after", "announced"),
    [
        ({}, {"dueAt": "2099-01-01"}, 1), ({"dueAt": "2099-01-01"}, {"dueAt": "2099-01-01"}, 0),
        ({}, {"settled": True}, 1), ({"settled": True}, {"settled": False}, 1), ({}, {"settled": False}, 0),
    ],
)  # fmt: skip
def test_a_conversion_announces_every_change_that_its_obligation_reflects(before: Any, after: Any, announced: int):
    found = types(record("conversion") | before, record("conversion", 2) | after)

    assert found == ["ConversionRevalued"] * announced


@pytest.mark.parametrize(
    ("status", "announced"), [("complete", "RefundTriggered"), ("cancelled", "TransactionCancelled")]
)
def test_a_refund_of_an_amended_sale_is_announced_in_its_amended_currency(status: str, announced: str):
    before = record("transaction", 2) | {"amended": {"currency": "EUR", "total": 900, "commission": None}}
    after = record("transaction", 3, status=status) | {"amended": before["amended"], "refunded": 300}

    (event,) = events_of(before, after)
    first, *_ = events_of(None, after)

    shown = {name: event.detail["data"][name] for name in ("total", "currency", "refunded")}
    assert (event.detail_type, shown) == (announced, {"total": 900, "currency": "EUR", "refunded": 300})
    assert (first.detail_type, first.detail["data"]["currency"]) == ("SaleTriggered", "USD")


def test_an_opportunity_is_settled_when_engagements_cease_to_be_live():
    before, after = record("opportunity"), record("opportunity", 2)

    assert types(before, after | {"engagements": [], "epoch": 1}) == ["OpportunitySettled"]
    assert types(before, after | {"engagements": [{"id": 1}, {"id": 2}]}) == []
    assert types(None, after | {"engagements": [], "epoch": 1}) == ["OpportunityTriggered", "OpportunitySettled"]


@pytest.mark.parametrize(
    ("before", "after", "announced"),
    [
        (None, "pending", 0), (None, "silent", 0), ("pending", "silent", 0), ("silent", "pending", 0),
        ("due", "pending", 0), ("due", "due", 0), ("pending", "due", 1), (None, "due", 1),
    ],
)  # fmt: skip
def test_a_reminder_is_announced_once_it_is_due(before: str | None, after: str, announced: int):
    ids = dict.fromkeys(("customerId", "source", "productId", "variantId", "orderId", "orderedAt", "dueAt"), "x")
    old = record("reminder") | ids | {"status": before} if before else None

    found = types(old, record("reminder", 2) | ids | {"status": after})

    assert found == ["ecommerce.replenishment_due"] * announced


@pytest.mark.parametrize("entity", SILENT)
def test_bookkeeping_announces_nothing(entity: str):
    assert types(None, record(entity)) == types(record(entity), record(entity, 2)) == []


@pytest.mark.parametrize("entity", [*LISTED, *SILENT, "mystery"])
def test_a_deletion_announces_nothing(entity: str):
    assert types(record(entity), None) == []


def test_a_sale_is_announced_in_ids_and_minor_units():
    created, _ = events_of(None, record("transaction"))

    assert created.detail["data"] == {
        "transactionId": 7,
        "opportunityId": 4218,
        "source": "shopify",
        "externalId": "ORD-1004",
        "total": 4999,
        "currency": "USD",
        "occurredAt": "2026-01-01T00:00:00.000Z",
    }


def test_the_metadata_name_organization_time_and_cause():
    metadata = events_of(record("transaction"), record("transaction", 2, status="refunded"))[0].detail["metadata"]

    assert {name: metadata[name] for name in metadata if name != "id"} == {
        "organization": "demo",
        "version": 1,
        "occurredAt": "2026-01-02T00:00:00.000Z",
        "correlationId": "request-1",
        "causationId": None,
    }
    assert metadata["id"].startswith("evt_")


@pytest.mark.parametrize("entity", LISTED)
def test_the_same_change_announced_again_has_the_same_ids_and_each_event_its_own(entity: str):
    once, again = ids(None, record(entity)), ids(None, record(entity))

    assert once == again
    assert len(set(once)) == len(once)


def test_a_refund_has_one_event_id_seen_as_a_change_or_later_in_the_record():
    changed = ids(record("transaction"), record("transaction", 2, status="refunded"))

    later = ids(None, record("transaction", 2, status="refunded"))

    assert changed == [later[-1]]
    assert later[:2] == ids(None, record("transaction"))


def test_a_second_change_of_the_same_kind_has_another_id():
    rejected, pending = {"status": "rejected"}, {"status": "pending"}

    first = ids(record("conversion", 1, **pending), record("conversion", 2, **rejected))
    second = ids(record("conversion", 3, **pending), record("conversion", 4, **rejected))

    assert first != second


@pytest.mark.parametrize("entity", LISTED)
def test_no_event_names_a_person(entity: str):
    text = repr(events_of(None, record(entity)))

    assert not [word for word in ("Dana", "dana@example.com", "u-7") if word in text]


def test_a_record_without_an_announcer_is_an_error_of_its_own():
    with pytest.raises(UnknownRecord, match="mystery"):
        events_of(None, record("mystery"))
    with pytest.raises(UnknownRecord, match="None"):
        events_of(None, {"pk": "x"})


def test_a_coupon_is_announced_once_and_another_anew() -> None:
    none, first = record("opportunity"), record("opportunity", 2) | {"coupon": {"collaboratorId": 88, "number": 1}}
    second = record("opportunity", 3) | {"coupon": {"collaboratorId": 89, "number": 2}}

    assert types(none, first) == ["CouponApplied"]
    assert types(first, record("opportunity", 3) | {"coupon": first["coupon"]}) == []
    assert ids(none, first) == ids(None, first)[1:]
    assert ids(first, second) != ids(none, first)


def test_settings_announce_currencies_that_come_and_go() -> None:
    both, one = (record("settings", version) for version in (1, 2))
    both["minimumPayout"], one["minimumPayout"] = {"EUR": 1, "USD": 1}, {"USD": 2}

    assert types(None, both) == ["CurrenciesAdded"]
    assert types(both, one) == ["CurrenciesRemoved"]
    assert types(one, {**one, "netRefunds": True}) == []
    assert [it.detail["data"] for it in events_of(both, one)] == [{"currencies": ["EUR"]}]
