"""One attempt at a delivery, and its consequences: the next attempt, or the end of all.

The next attempt is sent before this one is noted: a worker that dies between the two repeats its attempt, and none is
lost.
"""

from dataclasses import dataclass

from tributary import settings
from tributary.domain import times, webhooks
from tributary.ledger.store.values import Item
from tributary.ledger.webhooks import deliveries, gates, subscriptions
from tributary.ledger.webhooks.deliveries import Attempt
from tributary.ledger.webhooks.gates import Gate
from tributary.outbound import schedule, sender, signing
from tributary.outbound.attempt import Sent
from tributary.telemetry import logger
from tributary.workflows.webhooks import dues

#: The line that the alarm counts.
SAID_SO = "webhook switched off"
BUSY, OBSOLETE, UNSENT = "busy", "obsolete", "unsent"


@dataclass(frozen=True)
class Due:
    """A message about a delivery: the run and the number of tries that it belongs to, and how often it has waited."""

    organization: str
    webhook_id: int
    delivery_id: str
    run: int
    tries: int
    waits: int


def attempt(due: Due) -> str:
    """Make one attempt; return its outcome, or the reason why there was none."""
    subscription = subscriptions.get(due.organization, due.webhook_id)
    delivery = deliveries.get(due.organization, due.webhook_id, due.delivery_id)
    if subscription is None or delivery is None or not _is_due(delivery, due):
        return OBSOLETE
    now = times.now()
    if subscription["listed"]["status"] != webhooks.ACTIVE:
        deliveries.set_aside(delivery, now)
        return UNSENT
    gate = gates.read(due.organization, due.webhook_id)
    slot = gate.free_slot(now)
    if slot is None:
        dues.wait(delivery, due.waits)
        return BUSY
    if not deliveries.take(delivery, gate, slot, now):
        return _untaken(due, delivery)
    return _made(subscription, delivery, gate, slot)


def _is_due(delivery: Item, due: Due) -> bool:
    about = (delivery["listed"]["status"], delivery["run"], delivery["tries"])
    return about == (deliveries.PENDING, due.run, due.tries)


def _untaken(due: Due, delivery: Item) -> str:
    """Wait if another delivery took the slot; the worker that took this delivery goes on with it."""
    now, seen = times.now(), deliveries.get(due.organization, due.webhook_id, due.delivery_id)
    if seen is None or not _is_due(seen, due) or seen.get("leasedUntil", "") > now:
        return OBSOLETE
    dues.wait(delivery, due.waits)
    return BUSY


def _made(subscription: Item, delivery: Item, gate: Gate, slot: int) -> str:
    at = times.now()
    sent = post(subscription, delivery["listed"]["id"], delivery["listed"]["type"], delivery["body"], at)
    done, now = Attempt(at, sent.status, sent.milliseconds, sent.error), times.now()
    outcome = schedule.outcome(sent)
    if outcome == deliveries.DELIVERED:
        deliveries.settle(delivery, gate, slot, done, deliveries.DELIVERED, None, now)
        return outcome
    reason = _end(gate, outcome, now)
    if reason is not None and subscriptions.switch_off(subscription, reason, now):
        logger.error(SAID_SO, extra={"webhookId": gate.webhook_id, "reason": reason})
    pause = None if reason is not None else _pause(delivery, sent)
    if pause is not None:
        dues.send(delivery, delivery["tries"] + 1, pause)
    status = deliveries.FAILED if pause is None else deliveries.PENDING
    next_at = None if pause is None else times.later(now, seconds=pause)
    deliveries.settle(delivery, gate, slot, done, status, next_at, now)
    return outcome


def post(subscription: Item, event_id: str, name: str, body: str, at: str) -> Sent:
    """Post a signed body to the subscription's address, guarded against private ones."""
    secrets = subscriptions.secrets_of(subscription, at)
    headers = signing.headers(secrets, event_id, name, times.seconds(at), body.encode())
    address = subscription["listed"]["targetUrl"]
    return sender.post(address, headers, body.encode(), local=settings.webhooks_to_loopback())


def succeeded(sent: Sent) -> bool:
    return schedule.outcome(sent) == deliveries.DELIVERED


def _pause(delivery: Item, sent: Sent) -> int | None:
    return schedule.next_pause(delivery["listed"]["id"], delivery["tries"] + 1, sent.retry_after)


def _end(gate: Gate, outcome: str, now: str) -> str | None:
    """The reason to switch the subscription off, if there is one."""
    if outcome == webhooks.GONE:
        return webhooks.GONE
    dead = schedule.is_dead(gate.first_failure_at or now, now, gate.last_success_at, now)
    return webhooks.FAILING if dead else None
