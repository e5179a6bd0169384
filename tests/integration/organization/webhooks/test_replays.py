"""Replays, rotations and test sends."""

from typing import Any
from unittest import mock

import pytest

from tests.stack.scenarios.hooks.webhook_shop import URL, WebhookShop, later
from tributary.domain import times
from tributary.ledger.store import table
from tributary.outbound import signing
from tributary.workflows.webhooks import replays

SINCE = {"from": "2020-01-01"}


def gone(shop: WebhookShop, *numbers: int) -> int:
    """A webhook that was switched off, with these events kept unsent."""
    webhook = int(shop.subscribe("program.created", "payout.paid")["id"])
    shop.receivers.status[URL] = 410
    shop.tell(number=99)
    shop.attempt_all()
    for number in numbers:
        shop.tell(number=number)
    return webhook


def test_a_delivery_is_sent_again_with_the_same_id(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.attempt_all()
    (delivery,) = shop.deliveries(webhook)

    again = shop.house.post(f"/webhooks/{webhook}/deliveries/{delivery['id']}/replay")
    shop.attempt_all()

    assert (again.status, again.json["status"]) == (200, "pending")
    first, second = shop.receivers.posts
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    (delivery,) = shop.deliveries(webhook)
    assert (delivery["status"], len(delivery["attempts"])) == ("delivered", 2)


def test_a_replay_makes_the_scheduled_attempts_obsolete(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = 500
    for _ in range(3):
        shop.attempt_all()
    (delivery,) = shop.deliveries(webhook)
    shop.receivers.status[URL] = 200
    shop.house.post(f"/webhooks/{webhook}/deliveries/{delivery['id']}/replay")
    shop.attempt_all()

    shop.fire()

    assert [it.json["id"] for it in shop.receivers.posts] == [delivery["id"]] * 4
    assert shop.states(webhook) == {"program.created": "delivered"}


def test_an_unknown_delivery_is_not_found(shop: WebhookShop) -> None:
    webhook = shop.subscribe()["id"]

    for name in ("evt_" + "0" * 32, "1", "x" * 300):
        assert shop.house.post(f"/webhooks/{webhook}/deliveries/{name}/replay").status == 404


def test_a_span_replays_what_was_not_sent(shop: WebhookShop) -> None:
    webhook = gone(shop, 1, 2, 3)
    refused = shop.house.post(f"/webhooks/{webhook}/replay", SINCE)
    shop.receivers.status[URL] = 200
    with later(seconds=1):
        shop.house.post(f"/webhooks/{webhook}/test")
        assert shop.change(webhook, status="active").status == 200
        answer = shop.house.post(f"/webhooks/{webhook}/replay", SINCE)
    shop.attempt_all()

    assert (refused.status, refused.error["context"]["pausedReason"]) == (409, "gone")
    assert (answer.status, answer.json) == (200, {"success": True, "affected": 4, "next": None})
    assert {it["status"] for it in shop.deliveries(webhook)} == {"delivered"}


def test_a_span_is_narrowed_by_moment_type_and_status(shop: WebhookShop) -> None:
    webhook = shop.subscribe()["id"]
    shop.tell(number=1)
    shop.tell("PayoutPaid", number=2, payoutId=1)
    shop.attempt_all()
    path, delivered = f"/webhooks/{webhook}/replay", {"statuses": ["delivered"]}

    affected = [
        shop.house.post(path, SINCE | members).json["affected"]
        for members in (
            {},
            delivered | {"until": "2020-01-02"},
            delivered | {"types": ["payout.paid"]},
            delivered,
        )
    ]

    assert affected == [0, 0, 1, 1]


def test_a_long_span_is_replayed_in_parts(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    for number in range(1, 6):
        with later(seconds=number):
            shop.tell(number=number)
    shop.attempt_all()
    body, sent = SINCE | {"statuses": ["delivered"], "until": times.later(times.now(), minutes=1)}, 0

    with mock.patch.object(replays, "MAX_AT_ONCE", 2):
        while body["from"] is not None:
            answer = shop.house.post(f"/webhooks/{webhook}/replay", body).json
            body, sent = body | {"from": answer["next"]}, sent + answer["affected"]

    assert sent == 5


def test_a_span_that_ends_before_it_starts_is_refused(shop: WebhookShop) -> None:
    webhook = shop.subscribe()["id"]

    answer = shop.house.post(f"/webhooks/{webhook}/replay", {"from": "2026-01-02", "until": "2026-01-01"})

    assert answer.failures == {"until": "MIN"}


def test_a_rotated_secret_signs_with_the_former_one_for_a_day(shop: WebhookShop) -> None:
    made = shop.subscribe("program.created")
    rotated = shop.house.post(f"/webhooks/{made['id']}/rotate")
    shop.tell(number=1)
    shop.attempt_all()
    with later(hours=25):
        shop.tell(number=2)
        shop.attempt_all()

    assert (rotated.status, rotated.json["signingSecret"] != made["signingSecret"]) == (200, True)
    during, after = (it.headers["webhook-signature"].split(" ") for it in shop.receivers.posts)
    assert (len(during), len(after)) == (2, 1)


def test_a_second_rotation_within_a_day_needs_force(shop: WebhookShop) -> None:
    number = shop.subscribe()["id"]
    path = f"/webhooks/{number}/rotate"

    answers = [shop.house.post(path, body) for body in ({}, {}, {"force": True})]

    assert [it.status for it in answers] == [200, 409, 200]
    assert "signingSecret" not in answers[1].text
    assert answers[1].error["context"]["until"]


def test_a_test_send_says_status_and_time_only(shop: WebhookShop) -> None:
    number = shop.subscribe("sale.created")["id"]
    shop.receivers.status[URL] = 500

    failed = shop.house.post(f"/webhooks/{number}/test")

    assert failed.json == {"success": False, "status": 500, "milliseconds": 7, "error": None}
    assert shop.receivers.posts[0].json["data"] == {"webhookId": number}
    assert shop.receivers.types() == ["webhook.test"]
    assert shop.deliveries(number) == []


def test_a_webhook_that_was_switched_off_is_activated_after_a_successful_test(shop: WebhookShop) -> None:
    number = gone(shop)
    untested = shop.change(number, status="active")
    shop.house.post(f"/webhooks/{number}/test")
    failed = shop.change(number, status="active")
    shop.receivers.status[URL] = 200
    with later(seconds=1):
        shop.house.post(f"/webhooks/{number}/test")
        active = shop.change(number, status="active")

    assert (untested.status, failed.status, active.status) == (409, 409, 200)
    assert active.json["pausedReason"] is None


def test_a_test_of_another_address_counts_for_nothing(shop: WebhookShop) -> None:
    number = gone(shop)
    shop.receivers.status[URL] = 200
    shop.house.post(f"/webhooks/{number}/test")

    moved = shop.change(number, targetUrl="https://other.example/", status="active")

    assert moved.status == 409


def test_pausing_by_hand_needs_no_test_and_never_hides_a_switch_off(shop: WebhookShop) -> None:
    number = gone(shop)

    assert shop.change(number, status="paused").json["pausedReason"] == "gone"


def test_a_span_of_one_millisecond_is_replayed_in_parts(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.change(webhook, status="paused")
    with mock.patch.object(times, "now", return_value="2026-11-30T12:00:00.000Z"):
        for number in range(1, 6):
            shop.tell(number=number)
    shop.change(webhook, status="active")
    body, affected = {**SINCE, "statuses": ["not_sent", "delivered"]}, []

    with mock.patch.object(replays, "MAX_AT_ONCE", 2):
        while body["from"] is not None:
            answer = shop.house.post(f"/webhooks/{webhook}/replay", body).json
            body["from"] = answer["next"]
            affected.append(answer["affected"])
            shop.attempt_all()

    assert affected == [2, 2, 1]
    assert {it["status"] for it in shop.deliveries(webhook)} == {"delivered"}


@pytest.mark.parametrize("start", ["2026-11-30T12:00:00.000Z#1", "#", "2026-11-30T12:00:00.000Z#0000000000000001\n", 1])
def test_a_span_starts_at_a_moment_or_a_position(shop: WebhookShop, start: Any) -> None:
    webhook = shop.subscribe()["id"]

    assert shop.house.post(f"/webhooks/{webhook}/replay", {"from": start}).failures.keys() == {"from"}


def signatures(shop: WebhookShop, number: int, *secrets: str) -> tuple[int, list[bool]]:
    """The number of an event's signatures, and true for each secret that made one."""
    shop.tell(number=number)
    shop.attempt_all()
    post = shop.receivers.posts[-1]
    found = post.headers["webhook-signature"].split(" ")
    about = (post.headers["webhook-id"], "", int(post.headers["webhook-timestamp"]), post.body)
    return len(found), [signing.headers([it], *about)["webhook-signature"] in found for it in secrets]


def test_a_rotation_whose_answer_was_lost_is_answered(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    call, lost = table.call, list[bool]()

    def calls(operation: str, **parameters: Any) -> Any:
        if operation == "update_item" and not lost:
            lost.append(True)
            call(operation, **parameters)
        return call(operation, **parameters)

    with mock.patch.object(table, "call", calls):
        answer = shop.house.post(f"/webhooks/{webhook}/rotate")

    assert answer.status == 200
    assert signatures(shop, 1, answer.json["signingSecret"]) == (2, [True])


def test_forced_rotations_keep_the_oldest_secret_signing_for_its_day(shop: WebhookShop) -> None:
    made = shop.subscribe("program.created")
    path, secrets = f"/webhooks/{made['id']}/rotate", [made["signingSecret"]]
    for hours in (0, 1, 2):
        with later(hours=hours):
            secrets.append(shop.house.post(path, {"force": True}).json["signingSecret"])

    with later(hours=3):
        soon = signatures(shop, 1, *secrets)
    with later(hours=24.5):
        next_day = signatures(shop, 2, *secrets)
    with later(hours=27):
        at_last = signatures(shop, 3, *secrets)

    assert soon == (3, [True, False, True, True])
    assert next_day == (2, [False, False, True, True])
    assert at_last == (1, [False, False, False, True])


def test_a_former_secret_is_dropped_by_the_next_change_after_its_day(shop: WebhookShop) -> None:
    webhook = shop.subscribe()["id"]
    shop.house.post(f"/webhooks/{webhook}/rotate")
    shop.change(webhook, description="within the day")
    (kept,) = shop.house.ledger("webhook")

    with later(hours=25):
        shop.change(webhook, description="a day later")
    (dropped,) = shop.house.ledger("webhook")

    assert (len(kept["former"]), "former" in dropped) == (1, False)
