"""Attempts: pauses between them, receivers that are slow or gone, and workers that die."""

from dataclasses import replace
from typing import Any
from unittest import mock

import pytest

from tests.stack.exchange import Message
from tests.stack.scenarios.hooks.webhook_shop import URL, Due, WebhookShop, later
from tributary.domain import times
from tributary.ledger.webhooks import gates
from tributary.outbound import schedule
from tributary.workflows.webhooks import dues, sending


def tried(shop: WebhookShop, webhook_id: int) -> tuple[str, list[int | None]]:
    """Status of the only delivery, and those of its attempts."""
    (delivery,) = shop.deliveries(webhook_id)
    return delivery["status"], [it["status"] for it in delivery["attempts"]]


def test_a_failed_attempt_is_followed_by_another_after_seconds(shop: WebhookShop) -> None:
    number = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = 500
    shop.attempt_all()

    (again,) = shop.due()
    shop.receivers.status[URL] = 200
    assert shop.attempt(again)

    assert 1 <= again.seconds <= 10
    assert tried(shop, number) == ("delivered", [500, 200])
    assert len({it.headers["webhook-id"] for it in shop.receivers.posts}) == 1


def test_pauses_beyond_the_queues_limit_are_schedules(shop: WebhookShop) -> None:
    number = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = None
    for _ in range(3):
        shop.attempt_all()

    (moment,) = shop.scheduled()
    shop.receivers.status[URL] = 200
    shop.fire()

    assert shop.due() == []
    assert moment > times.later(times.now(), minutes=15)[:19]
    assert tried(shop, number) == ("delivered", [None, None, None, 200])


def test_after_the_last_step_a_delivery_has_failed(shop: WebhookShop) -> None:
    number = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = 503
    for _ in range(30):
        shop.attempt_all()
        shop.fire()
    steps = next(it for it in range(1, 30) if schedule.next_pause("evt_" + "0" * 31 + "1", it, None) is None)

    status, attempts = tried(shop, number)

    assert (status, set(attempts), len(attempts)) == ("failed", {503}, steps)


def test_a_receiver_that_is_gone_is_switched_off_at_once(shop: WebhookShop) -> None:
    number = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = 410

    shop.attempt_all()
    shop.house.deliver()

    assert (shop.get(number)["status"], shop.get(number)["pausedReason"]) == ("paused", "gone")
    assert shop.due() == []
    assert tried(shop, number) == ("failed", [410])
    paused = [it["detail"]["data"] for it in shop.house.on_the_bus if it["detail-type"] == "WebhookPaused"]
    assert paused == [{"webhookId": number, "pausedReason": "gone"}]


def test_a_receiver_that_fails_for_days_is_switched_off_and_what_waits_is_kept(shop: WebhookShop) -> None:
    number = shop.subscribe("program.created")["id"]
    shop.receivers.status[URL] = 500
    shop.tell(number=1)
    shop.attempt_all()
    with later(days=6):
        shop.tell(number=2)
        shop.attempt_all()
        assert shop.get(number)["pausedReason"] == "failing"
        shop.tell(number=3)
        shop.attempt_all()

    by_id = {it["id"][-1]: it["status"] for it in shop.deliveries(number)}
    assert by_id == {"1": "failed", "2": "not_sent", "3": "not_sent"}


def test_one_success_keeps_a_receiver(shop: WebhookShop) -> None:
    number = shop.subscribe("program.created")["id"]
    for days, status in ((0, 500), (2, 200), (6, 500)):
        shop.receivers.status[URL] = status
        with later(days=days):
            shop.tell(number=days + 1)
            shop.attempt_all()

    assert shop.get(number)["status"] == "active"


def test_a_switch_off_is_logged_for_the_alarm(shop: WebhookShop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.subscribe("program.created")
    shop.tell()
    shop.receivers.status[URL] = 410

    with mock.patch.object(sending.logger, "error") as logged:
        shop.attempt_all()

    assert logged.call_args.args == ("webhook switched off",)
    assert URL not in str(logged.call_args)


def test_a_worker_that_dies_after_its_post_posts_again_and_loses_nothing(shop: WebhookShop) -> None:
    number = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = 500
    (due,) = shop.due()
    with mock.patch.object(sending.deliveries, "settle", side_effect=RuntimeError("died")):
        assert not shop.attempt(due)
    (early,) = shop.due()
    assert shop.attempt(early)  # of a try that was never noted

    with later(seconds=gates.LEASE_SECONDS + 1):
        assert shop.attempt(due)
        shop.receivers.status[URL] = 200
        shop.attempt_all()

    assert tried(shop, number) == ("delivered", [500, 200])
    assert [it.json["id"] for it in shop.receivers.posts] == [f"evt_{1:032x}"] * 3


def test_a_delivery_is_attempted_by_one_worker_at_a_time(shop: WebhookShop) -> None:
    shop.subscribe("program.created")
    shop.tell()
    (due,) = shop.due()
    post = shop.receivers.post

    def interrupted(*sent: Any, **options: Any) -> Any:
        assert shop.attempt(due)
        return post(*sent, **options)

    with mock.patch.object(sending.sender, "post", interrupted):
        assert shop.attempt(due)

    assert len(shop.receivers.posts) == 1


def test_an_endpoint_has_few_attempts_at_once_and_the_rest_waits(shop: WebhookShop) -> None:
    number = shop.subscribe("program.created")["id"]
    other = shop.subscribe("program.created", url="https://other.example/")["id"]
    for place in range(1, gates.MAX_AT_ONCE + 3):
        shop.tell(number=place)
    waiting, post = shop.due(), shop.receivers.post
    ours = [it for it in waiting if f'"webhookId":{number}' in it.body]

    def slow(*sent: Any, **options: Any) -> Any:
        """Every other attempt begins before this one ends."""
        if ours:
            assert shop.attempt(ours.pop())
        return post(*sent, **options)

    with mock.patch.object(sending.sender, "post", slow):
        assert shop.attempt(ours.pop())
    for it in waiting:
        if f'"webhookId":{other}' in it.body:
            assert shop.attempt(it)

    delivered = [it for it in shop.deliveries(number) if it["status"] == "delivered"]
    assert len(delivered) == gates.MAX_AT_ONCE
    assert {it["status"] for it in shop.deliveries(other)} == {"delivered"}
    left = shop.due() + [Due(it.body, 0, "") for it in ours]
    assert len(left) == 2
    for it in left:
        assert shop.attempt(it)
    assert {it["status"] for it in shop.deliveries(number)} == {"delivered"}


def test_an_endpoint_that_fails_gets_attempts_one_by_one(shop: WebhookShop) -> None:
    shop.subscribe("program.created")
    shop.receivers.status[URL] = 500
    shop.tell(number=1)
    shop.attempt_all()
    shop.tell(number=2)
    shop.tell(number=3)
    second, third = (it for it in shop.due() if '"tries":0' in it.body)
    post, outcomes = shop.receivers.post, []

    def slow(*sent: Any, **options: Any) -> Any:
        if not outcomes:
            outcomes.append(shop.attempt(third))
        return post(*sent, **options)

    with mock.patch.object(sending.sender, "post", slow):
        assert shop.attempt(second)

    assert outcomes == [True]
    assert len(shop.receivers.posts) == 2


def test_waits_grow_up_to_a_quarter_of_an_hour(shop: WebhookShop) -> None:
    shop.subscribe("program.created")
    shop.tell()
    (kept,) = [it for it in shop.stored() if it["sk"].startswith("delivery#")]
    shop.due()

    with shop.house._environment("send_webhook"):
        for waits in range(40):
            dues.wait(replace(dues.of(kept), waits=waits))
    pauses = [it.seconds for it in shop.due()]

    assert pauses[0] <= 5
    assert 400 <= min(pauses[8:]) <= max(pauses) <= dues.MAX_DELAY_SECONDS


def test_attempts_end_with_their_webhook(shop: WebhookShop) -> None:
    number = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.house.delete(f"/webhooks/{number}")

    shop.attempt_all()

    assert shop.receivers.posts == []
    assert shop.house.dead_letters("send_webhook") == []


@pytest.mark.parametrize("data", [{}, {"webhookId": "1"}, {"webhookId": 1, "deliveryId": "x", "run": 1, "tries": 0}])
def test_a_message_that_is_none_of_ours_is_a_dead_letter(shop: WebhookShop, data: dict[str, Any]) -> None:
    detail = {"metadata": {"organization": "demo"}, "data": data}
    body = f'{{"detail-type": "WebhookDue", "detail": {detail}}}'.replace("'", '"')

    assert shop.house.consume(Message("send_webhook", body))

    assert [code for code, _ in shop.house.dead_letters("send_webhook")] == ["event_refused"]
