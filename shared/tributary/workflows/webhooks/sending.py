"""One attempt at a delivery, and its consequences: the next attempt, or the end of all.

The next attempt is sent before this one is noted: a worker that dies between the two repeats its attempt, and none is
lost. So a message may be ahead of its delivery; it waits until the worker that sent it has ended.
"""

from dataclasses import replace

from tributary import settings
from tributary.domain import times, webhooks
from tributary.ledger.store.values import Item
from tributary.ledger.webhooks import deliveries, gates, subscriptions
from tributary.ledger.webhooks.deliveries import Attempt, Outcome
from tributary.ledger.webhooks.gates import Gate, Lease
from tributary.outbound import schedule, sender, signing
from tributary.outbound.attempt import Sent
from tributary.telemetry import logger
from tributary.workflows.webhooks import dues
from tributary.workflows.webhooks.dues import Due

#: The line that the alarm counts.
SAID_SO = "webhook switched off"
BUSY, OBSOLETE, UNSENT = "busy", "obsolete", "unsent"
#: Waits for a replay to be noted: longer than any call of the API takes.
_MAX_EARLY_WAITS = 4


def attempt(due: Due) -> str:
    """Make one attempt; return its outcome, or the reason why there was none."""
    subscription = subscriptions.get(due.organization, due.webhook_id)
    delivery = deliveries.get(due.organization, due.webhook_id, due.delivery_id)
    if subscription is None or delivery is None or _is_obsolete(delivery, due):
        return OBSOLETE
    now = times.now()
    if due.run > delivery["run"]:
        dues.wait(due)
        return BUSY
    if deliveries.is_leased(delivery, now):
        dues.wait_until(due, delivery["leasedUntil"])
        return BUSY
    if subscription["listed"]["status"] == webhooks.ACTIVE:
        lease = _leased(subscription, delivery, now)
        if lease is not None:
            return _made(subscription, delivery, due, lease)
    elif deliveries.set_aside(delivery, now):
        return UNSENT
    dues.wait(due)
    return BUSY


def _is_obsolete(delivery: Item, due: Due) -> bool:
    """True of a message behind its delivery, and of a replay that was never noted."""
    if due.run > delivery["run"]:
        return due.waits >= _MAX_EARLY_WAITS
    behind = (due.run, due.tries) < (delivery["run"], delivery["tries"])
    return behind or delivery["listed"]["status"] != deliveries.PENDING


def _leased(subscription: Item, delivery: Item, now: str) -> Lease | None:
    """A lease of the delivery and of a slot, of another slot if one is lost; None if there is none to have."""
    gate = _gate(subscription)
    for _ in range(gates.MAX_AT_ONCE):
        slot = gate.free_slot(now)
        if slot is None:
            return None
        try:
            return deliveries.take(delivery, gate, slot, now)
        except deliveries.SlotLost as lost:
            gate = lost.gate
        except deliveries.Leased:
            return None
    return None


def _made(subscription: Item, delivery: Item, due: Due, lease: Lease) -> str:
    at = times.now()
    sent = post(subscription, due.delivery_id, delivery["listed"]["type"], delivery["body"], at)
    done, now = Attempt(at, sent.status, sent.milliseconds, sent.error), times.now()
    answer = schedule.outcome(sent)
    result = Outcome(due.tries, done, deliveries.DELIVERED if answer == deliveries.DELIVERED else deliveries.FAILED)
    if answer != deliveries.DELIVERED and not _ends(subscription, lease.gate, answer, at, now):
        result = _followed(due, sent, result, now)
    deliveries.settle(delivery, lease, result, now)
    return answer


def _followed(due: Due, sent: Sent, failed: Outcome, now: str) -> Outcome:
    """Send the next attempt, if there is one after so many."""
    pause = schedule.next_pause(due.delivery_id, due.tries + 1, sent.retry_after)
    if pause is None:
        return failed
    dues.send(due.after(due.tries + 1), pause)
    return replace(failed, status=deliveries.PENDING, next_at=times.later(now, seconds=pause))


def post(subscription: Item, event_id: str, name: str, body: str, at: str) -> Sent:
    """Post a signed body to the subscription's address, guarded against private ones."""
    secrets = subscriptions.secrets_of(subscription, at)
    headers = signing.headers(secrets, event_id, name, times.seconds(at), body.encode())
    address = subscription["listed"]["targetUrl"]
    return sender.post(address, headers, body.encode(), local=settings.webhooks_to_loopback())


def succeeded(sent: Sent) -> bool:
    return schedule.outcome(sent) == deliveries.DELIVERED


def _ends(subscription: Item, gate: Gate, outcome: str, at: str, now: str) -> bool:
    """Switch the subscription off if there is a reason; true if it is off, so that no attempt follows."""
    reason = _reason(subscription, gate, outcome, at)
    if reason is None:
        return False
    switched = subscriptions.switch_off(subscription, reason, now)
    if switched:
        logger.error(SAID_SO, extra={"webhookId": gate.webhook_id, "reason": reason})
    return switched or _is_off(subscription)


def _is_off(subscription: Item) -> bool:
    """True of a subscription that another worker switched off, or that was deleted, meanwhile."""
    item = subscriptions.get(subscription["organization"], subscription["listed"]["id"])
    return item is None or item["listed"]["pausedReason"] in webhooks.SWITCHED_OFF


def _reason(subscription: Item, gate: Gate, outcome: str, at: str) -> str | None:
    """The reason to switch the subscription off, if there is one; the gate is read again, since another attempt may
    have succeeded meanwhile."""
    if outcome == webhooks.GONE:
        return webhooks.GONE
    dead = _is_dead(gate, at) and _is_dead(_gate(subscription), at)
    return webhooks.FAILING if dead else None


def _is_dead(gate: Gate, at: str) -> bool:
    return schedule.is_dead(gate.first_failure_at or at, at, gate.last_success_at, at)


def _gate(subscription: Item) -> Gate:
    since = subscriptions.failures_since(subscription)
    return gates.read(subscription["organization"], subscription["listed"]["id"], since)
