"""Attempts beside replays, pauses, repeated messages and other attempts: none is lost, and what is told is true."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from tests.stack.scenarios.hooks.webhook_shop import URL, WebhookShop, later
from tributary import queues
from tributary.ledger.store import table
from tributary.ledger.webhooks import deliveries, gates, subscriptions
from tributary.workflows.webhooks import sending

ID = f"evt_{1:032x}"
NEW = "https://new.example/"


class Died(BaseException):
    """The end of a worker."""


def during(shop: WebhookShop, act: Callable[[], object]) -> Any:
    """Act once, while a post is under way."""
    post, acts = shop.receivers.post, [act]

    def slow(*sent: Any, **options: Any) -> Any:
        if acts:
            acts.pop()()
        return post(*sent, **options)

    return mock.patch.object(sending.sender, "post", slow)


def attempt_the_rest(shop: WebhookShop) -> None:
    """Let five days pass with all messages and schedules."""
    for days in (0.001, 0.01, 0.1, 1, 2, 3, 4, 5):
        with later(days=days):
            for _ in range(4):
                shop.attempt_all()
            shop.fire()


def told(shop: WebhookShop, webhook: int) -> tuple[str, list[int | None]]:
    (delivery,) = shop.deliveries(webhook)
    return delivery["status"], [it["status"] for it in delivery["attempts"]]


def replay(shop: WebhookShop, webhook: int, how: str) -> None:
    path = f"/webhooks/{webhook}/deliveries/{ID}/replay" if how == "one" else f"/webhooks/{webhook}/replay"
    body = {} if how == "one" else {"from": "2020-01-01", "statuses": ["pending"]}
    assert shop.house.post(path, body).status == 200
    shop.attempt_all()


@pytest.mark.parametrize("how", ["one", "span"])
def test_a_replay_during_an_attempt_that_fails_is_sent(shop: WebhookShop, how: str) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = 500

    with during(shop, lambda: replay(shop, webhook, how)):
        shop.attempt_all()
    shop.receivers.status[URL] = 200
    attempt_the_rest(shop)

    assert told(shop, webhook) == ("delivered", [500, 200])


@pytest.mark.parametrize("how", ["one", "span"])
def test_a_success_is_news_for_the_replay_that_came_during_it(shop: WebhookShop, how: str) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()

    with during(shop, lambda: replay(shop, webhook, how)):
        shop.attempt_all()
    at_once = told(shop, webhook)
    attempt_the_rest(shop)

    assert at_once == told(shop, webhook) == ("delivered", [200])


def test_the_last_failure_of_a_run_does_not_end_the_next(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = 500
    with mock.patch.object(sending.schedule, "STEPS", (0,)), during(shop, lambda: replay(shop, webhook, "one")):
        shop.attempt_all()
    assert told(shop, webhook) == ("pending", [500])

    shop.receivers.status[URL] = 200
    attempt_the_rest(shop)

    assert told(shop, webhook) == ("delivered", [500, 200])


@pytest.mark.parametrize("beside", ["the same message", "a replay"])
def test_what_comes_while_a_worker_dies_is_sent(shop: WebhookShop, beside: str) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    (due,) = shop.due()

    def dies() -> None:
        if beside == "a replay":
            replay(shop, webhook, "one")
        else:
            assert shop.attempt(due)
        raise Died

    with pytest.raises(Died), during(shop, dies):
        shop.attempt(due)
    attempt_the_rest(shop)

    assert told(shop, webhook) == ("delivered", [200])


@pytest.mark.parametrize("seconds", [7, gates.LEASE_SECONDS + 7])
def test_the_next_attempt_may_come_before_the_failed_one_is_noted(shop: WebhookShop, seconds: int) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = 500
    settle = deliveries.settle

    def slowly(*what: Any) -> None:
        with mock.patch.object(sending.deliveries, "settle", settle), later(seconds=seconds):
            shop.receivers.status[URL] = 200
            shop.attempt_all()
        settle(*what)

    with mock.patch.object(sending.deliveries, "settle", slowly):
        shop.attempt_all()
    attempt_the_rest(shop)

    status, attempts = told(shop, webhook)
    assert (status, sorted(map(str, attempts))) == ("delivered", ["200", "500"])


def test_a_failure_that_was_never_noted_is_followed_by_the_next_attempt(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = 500
    with mock.patch.object(sending.deliveries, "settle", side_effect=Died), pytest.raises(Died):
        shop.attempt_all()

    shop.receivers.status[URL] = 200
    attempt_the_rest(shop)

    assert told(shop, webhook) == ("delivered", [200])


def test_a_slow_worker_frees_no_slot_and_no_delivery_of_another(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    (due,) = shop.due()

    def another() -> None:
        with later(seconds=gates.LEASE_SECONDS + 1):
            assert shop.attempt(due)

    with mock.patch.object(gates.random, "choice", max), during(shop, another):
        assert shop.attempt(due)

    assert told(shop, webhook) == ("delivered", [200, 200])
    assert not [name for it in shop.stored() for name in it if name.startswith("slot")]


@pytest.mark.parametrize("ending", ["send_later", "begin_run"])
def test_a_replay_that_ends_halfway_leaves_all_as_it_was_or_is_sent(shop: WebhookShop, ending: str) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.change(webhook, status="paused")
    shop.tell()
    shop.change(webhook, status="active")
    path = f"/webhooks/{webhook}/replay"
    where = queues if ending == "send_later" else deliveries
    with mock.patch.object(where, ending, side_effect=Died), pytest.raises(Died):
        shop.house.post(path, {"from": "2020-01-01"})
    assert told(shop, webhook) == ("not_sent", [])

    answer = shop.house.post(path, {"from": "2020-01-01"})
    for _ in range(8):
        shop.attempt_all()

    assert answer.json["affected"] == 1
    assert told(shop, webhook) == ("delivered", [200])
    assert shop.due() == []


def test_a_replay_that_was_never_noted_is_given_up(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.attempt_all()
    with mock.patch.object(deliveries, "begin_run", side_effect=Died), pytest.raises(Died):
        shop.house.post(f"/webhooks/{webhook}/deliveries/{ID}/replay")

    waits = sum(len(shop.attempt_all()) for _ in range(12))

    assert (waits, shop.due()) == (sending._MAX_EARLY_WAITS + 1, [])
    assert told(shop, webhook) == ("delivered", [200])


def losing_the_answer() -> Any:
    """The next update is applied, its answer is lost, and it is made again."""
    call, lost = table.call, list[bool]()

    def calls(operation: str, **parameters: Any) -> Any:
        if operation == "update_item" and not lost:
            lost.append(True)
            call(operation, **parameters)
        return call(operation, **parameters)

    return mock.patch.object(table, "call", calls)


@pytest.mark.parametrize("how", ["one", "span"])
def test_a_replay_whose_answer_was_lost_is_sent_once(shop: WebhookShop, how: str) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.change(webhook, status="paused")
    shop.tell()
    shop.change(webhook, status="active")
    path = f"/webhooks/{webhook}/deliveries/{ID}/replay" if how == "one" else f"/webhooks/{webhook}/replay"

    with losing_the_answer():
        answer = shop.house.post(path, {} if how == "one" else {"from": "2020-01-01"})
    shop.attempt_all()

    assert (answer.status, answer.json.get("affected", 1)) == (200, 1)
    assert told(shop, webhook) == ("delivered", [200])


def test_a_change_whose_answer_was_lost_has_succeeded(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]

    with losing_the_answer():
        changed = shop.change(webhook, description="changed")

    assert (changed.status, changed.json["description"]) == (200, "changed")


def test_a_span_takes_up_what_is_overdue(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.due()  # lost
    path = f"/webhooks/{webhook}/replay"

    early = shop.house.post(path, {"from": "2020-01-01"}).json["affected"]
    with later(hours=1):
        late = shop.house.post(path, {"from": "2020-01-01"}).json["affected"]
        shop.attempt_all()

    assert (early, late) == (0, 1)
    assert told(shop, webhook) == ("delivered", [200])


@pytest.mark.parametrize("change", ["describe", "rotate"])
def test_a_410_during_a_change_switches_off(shop: WebhookShop, change: str) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = 410

    def act() -> None:
        if change == "rotate":
            assert shop.house.post(f"/webhooks/{webhook}/rotate").status == 200
        else:
            assert shop.change(webhook, description="other").status == 200

    with during(shop, act), mock.patch.object(sending.logger, "error") as logged:
        shop.attempt_all()

    assert (shop.get(webhook)["pausedReason"], told(shop, webhook)) == ("gone", ("failed", [410]))
    assert logged.call_args.args == ("webhook switched off",)


def test_a_switch_off_whose_answer_was_lost_is_logged(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = 410

    with losing_the_answer(), mock.patch.object(sending.logger, "error") as logged:
        shop.attempt_all()

    assert shop.get(webhook)["pausedReason"] == "gone"
    assert logged.call_args.args == ("webhook switched off",)


def test_a_410_of_a_former_address_is_followed_by_an_attempt_at_the_new_one(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = 410

    with during(shop, lambda: shop.change(webhook, targetUrl=NEW)):
        shop.attempt_all()
    attempt_the_rest(shop)

    assert shop.get(webhook)["status"] == "active"
    assert told(shop, webhook) == ("delivered", [410, 200])
    assert shop.receivers.types(NEW) == ["program.created"]


def test_a_410_during_a_pause_by_hand_leaves_the_delivery_for_a_replay(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    shop.receivers.status[URL] = 410

    with during(shop, lambda: shop.change(webhook, status="paused")):
        shop.attempt_all()
    shop.attempt_all()

    assert (shop.get(webhook)["pausedReason"], told(shop, webhook)) == ("by_hand", ("not_sent", [410]))


def test_a_delivery_under_way_is_not_set_aside_by_a_pause(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.tell()
    (due,) = shop.due()

    def act() -> None:
        shop.change(webhook, status="paused")
        assert shop.attempt(due)

    with during(shop, act):
        assert shop.attempt(due)
    attempt_the_rest(shop)

    assert told(shop, webhook) == ("delivered", [200])
    assert not [name for it in shop.stored() for name in it if name.startswith("slot")]


def test_attempts_at_once_take_different_slots(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    for number in range(1, gates.MAX_AT_ONCE + 1):
        shop.tell(number=number)
    waiting = shop.due()
    seen_by_all = gates.Gate("demo", webhook)
    post = shop.receivers.post

    def slow(*sent: Any, **options: Any) -> Any:
        if waiting:
            assert shop.attempt(waiting.pop())
        return post(*sent, **options)

    with mock.patch.object(gates, "read", return_value=seen_by_all), mock.patch.object(sending.sender, "post", slow):
        assert shop.attempt(waiting.pop())

    assert len(shop.receivers.posts) == gates.MAX_AT_ONCE
    assert shop.due() == []


def test_a_success_during_a_failing_attempt_is_no_reason_to_switch_off_later_nor_never(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.receivers.status[URL] = 500
    shop.tell(number=1)
    shop.attempt_all()
    with later(minutes=1):
        shop.tell(number=2)

        def test_succeeds() -> None:
            shop.receivers.status[URL] = 200
            assert shop.house.post(f"/webhooks/{webhook}/test").json["success"]
            shop.receivers.status[URL] = 500

        with during(shop, test_succeeds):
            shop.attempt_all()
    states = []
    for days in (1, 5.5, 6.5):
        with later(days=days):
            shop.tell(number=100 + int(days))
            shop.attempt_all()
            states.append(shop.get(webhook)["status"])

    assert states == ["active", "active", "paused"]


@pytest.mark.parametrize("what", ["move", "pause"])
def test_failures_before_a_new_address_or_an_activation_count_for_nothing(shop: WebhookShop, what: str) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.receivers.status |= {URL: 500, NEW: 503}
    shop.tell(number=1)
    shop.attempt_all()
    with later(days=5, hours=1):
        if what == "move":
            assert shop.change(webhook, targetUrl=NEW).status == 200
        else:
            shop.change(webhook, status="paused")
            shop.change(webhook, status="active")
    states = []
    for days in (6, 8, 12):
        with later(days=days):
            shop.tell(number=100 + days)
            shop.attempt_all()
            states.append(shop.get(webhook)["status"])

    assert states == ["active", "active", "paused"]


def test_a_test_that_was_noted_by_half_activates_nothing_or_forgets_all_failures(shop: WebhookShop) -> None:
    webhook = shop.subscribe("program.created")["id"]
    shop.receivers.status[URL] = 500
    for days in (0, 6):
        with later(days=days):
            shop.tell(number=days + 1)
            shop.attempt_all()
    shop.receivers.status[URL] = 200
    with later(days=6, hours=1):
        with mock.patch.object(subscriptions, "tested", side_effect=Died), pytest.raises(Died):
            shop.house.post(f"/webhooks/{webhook}/test")
        untested = shop.change(webhook, status="active").status
        shop.house.post(f"/webhooks/{webhook}/test")
        tested = shop.change(webhook, status="active").status
    shop.receivers.status[URL] = 500
    with later(days=6, hours=2):
        shop.tell(number=9)
        shop.attempt_all()

    assert (untested, tested, shop.get(webhook)["status"]) == (409, 200, "active")
