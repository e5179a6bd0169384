"""Names on the wire: every one of the official client's, each from an event of the bus."""

import json

import pytest
from siren.types import WebhookEventType

from tributary.domain import webhooks

ID = "evt_" + "a" * 32


def names(detail_type: str, **data: object) -> list[str]:
    return [it.name for it in webhooks.told(detail_type, ID, data)]


def test_the_catalogue_is_the_official_clients() -> None:
    assert {webhooks.ALL, *webhooks.NAMES} == {it.value for it in WebhookEventType}


@pytest.mark.parametrize(
    ("detail_type", "data", "told"),
    [
        ("SaleTriggered", {}, ["sale.created"]),
        ("TransactionCreated", {}, ["transaction.created", "transaction.completed"]),
        ("RefundWithdrawn", {"status": "complete", "formerStatus": "refunded"}, ["transaction.completed"]),
        ("RefundWithdrawn", {"status": "complete"}, []),
        ("RefundWithdrawn", {"status": "refunded"}, []),
        ("ConversionAwarded", {"engagementId": 1, "type": "sale"}, ["conversion.created", "engagement.awarded"]),
        ("ConversionAwarded", {"engagementId": None, "type": "lead"}, ["conversion.created"]),
        (
            "ConversionAwarded",
            {"engagementId": 1, "type": "renewal"},
            ["conversion.created", "engagement.awarded", "conversion.renewed", "renewal.created"],
        ),
        ("ObligationIssued", {"awardType": "commission"}, ["obligation.created"]),
        ("ObligationIssued", {"awardType": "credit"}, ["obligation.created", "credit.issued"]),
        ("ObligationIssued", {"awardType": "distribution"}, ["obligation.created", "allocation.completed"]),
        ("ObligationStatusChanged", {"status": "pending"}, []),
        ("ObligationStatusChanged", {"status": "complete", "awardType": "commission"}, ["obligation.completed"]),
        (
            "ObligationStatusChanged",
            {"status": "complete", "awardType": "credit"},
            ["obligation.completed", "credit.redeemed"],
        ),
        ("ProgramUpdated", {}, []),
    ],
)
def test_an_event_has_the_names_that_its_data_call_for(
    detail_type: str, data: dict[str, object], told: list[str]
) -> None:
    assert names(detail_type, **data) == told


def test_the_first_name_keeps_the_events_id_and_the_others_have_their_own() -> None:
    first, second = webhooks.told("TransactionCreated", ID, {"transactionId": 1})

    assert first.id == ID
    assert second.id.startswith("evt_")
    assert second.id != ID
    assert len(second.id) == len(ID)


def test_the_body_is_the_form_that_every_client_reads() -> None:
    (told,) = webhooks.told("SaleTriggered", ID, {"transactionId": 991})

    wanted = {"version": 1, "id": ID, "type": "sale.created", "deliveryId": ID, "data": {"transactionId": 991}}
    assert json.loads(told.body) == wanted


@pytest.mark.parametrize(
    ("reason", "paused_at", "tested_at", "may"),
    [
        ("by_hand", "2026-01-02", None, True),
        (None, None, None, True),
        ("gone", "2026-01-02", None, False),
        ("failing", "2026-01-02", "2026-01-01", False),
        ("failing", "2026-01-02", "2026-01-03", True),
    ],
)
def test_a_pause_by_the_stack_ends_after_a_test(
    reason: str | None, paused_at: str | None, tested_at: str | None, may: bool
) -> None:
    assert webhooks.may_activate(reason, paused_at, tested_at) is may
