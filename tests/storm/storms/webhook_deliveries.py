"""Webhooks to many receivers over ten days of virtual time: good, slow, busy, moved, broken, silent and gone ones.

Every receiver that lives hears of every event, and none waits for another. A dead one is switched off; once it is
mended, a replay brings what it missed. People replay, test and change webhooks while attempts are under way.
"""

import json
from datetime import UTC, datetime, timedelta
from random import Random

from tests.stack.house import in_process
from tests.storm.players.subscribers import FATES, Post, Subscriber
from tests.storm.players.webhook_days import NAMED, Event, WebhookDays
from tests.storm.verdict import Verdict
from tributary.domain import times
from tributary.ledger.webhooks import gates
from tributary.outbound import schedule

#: Seconds from an event to the post at a steady receiver, of messages that no fault held up.
_LONGEST_WAIT = 120
_DEAD_AFTER, _AT_ONCE = timedelta(days=5), timedelta(seconds=30)


def storm(seed: int, subscribers: int, events: int) -> Verdict:
    verdict, chance = Verdict("deliveries", seed), Random(seed)
    with in_process() as house:
        days = WebhookDays(house, chance, verdict.thrown, subscribers, events)
        with days.by_the_clock():
            days.subscribe()
            days.replay_the_past()
            days.pass_by()
            verdict.claim("messages given up", len(days.queue.given_up), 0)
            _judge_living(verdict, days)
            _judge_dead(verdict, days)
            days.mend([it for it in days.receivers.all if not it.lives])
            unheard = sum(len(days.wanted(it) - it.heard()) for it in days.receivers.all)
            verdict.claim("events unheard after the replays", unheard, 0)
            _judge_posts(verdict, days)
    return verdict


def _judge_living(verdict: Verdict, days: WebhookDays) -> None:
    living = [it for it in days.receivers.all if it.lives]
    late = [f"{it:.0f} s" for it in sorted(_waits(verdict, days), reverse=True) if it > _LONGEST_WAIT]
    verdict.claim("events unheard by receivers that live", sum(len(days.wanted(it) - it.heard()) for it in living), 0)
    verdict.claim("receivers that live and are paused", [it.fate for it in living if _pause(days, it)], [])
    verdict.claim("late first posts at steady receivers", late, [])
    for it in living:
        statuses = {delivery["status"] for delivery in days.log(it)}
        if statuses - {"delivered"}:
            verdict.claim(f"deliveries of a {it.fate} receiver", statuses, {"delivered"})


def _waits(verdict: Verdict, days: WebhookDays) -> list[float]:
    """Seconds from each event to its first post at a steady receiver, but for those that a fault held up."""
    told = {it.id: it.at for it in days.events if it.id not in days.queue.held_up}
    waits = []
    for subscriber in [it for it in days.receivers.all if it.fate == "steady"]:
        first: dict[str, datetime] = {}
        for post in subscriber.posts:
            first.setdefault(post.headers["webhook-id"], post.at)
        waits += [(at - told[number]).total_seconds() for number, at in first.items() if number in told]
    verdict.thrown["event heard in time by a steady receiver"] = len(waits)
    return waits


def _judge_dead(verdict: Verdict, days: WebhookDays) -> None:
    dead = [it for it in days.receivers.all if not it.lives]
    expected = {it.number: _reason(it) for it in dead}
    verdict.claim("reasons of pauses as documented", {it.number: _pause(days, it) for it in dead} == expected, True)
    off = [(it, days.webhook(it)["dateModified"]) for it in dead if expected[it.number]]
    verdict.thrown["receiver that was switched off"] = len(off)
    late = [it.fate for it, at in off if times.parse(at) - _cause(days, it) > _AT_ONCE]
    verdict.claim("switched off late", late, [])
    since = [p for it, at in off for p in it.posts if times.text(p.at) > at and not p.is_test]
    verdict.claim("posts after the switch-off", len(since), 0)
    verdict.claim("other statuses than documented", sum(_misfiled(days, it, at) for it, at in off), 0)
    logged = {it.number: {delivery["id"] for delivery in days.log(it)} for it in dead}
    verdict.claim("events without a delivery", sum(len(days.wanted(it) - logged[it.number]) for it in dead), 0)


def _pause(days: WebhookDays, subscriber: Subscriber) -> str | None:
    reason = days.webhook(subscriber)["pausedReason"]
    return None if reason is None else str(reason)


def _reason(subscriber: Subscriber) -> str | None:
    """The reason of the pause that a receiver's answers must lead to: a 410, or failures for five days."""
    failed = _failures(subscriber)
    if subscriber.fate == "leaving":
        return "gone" if failed else None
    return "failing" if failed and failed[-1].at - failed[0].at >= _DEAD_AFTER else None


def _failures(subscriber: Subscriber) -> list[Post]:
    return [it for it in subscriber.posts if it.answered != "well" and not it.is_test]


def _cause(days: WebhookDays, subscriber: Subscriber) -> datetime:
    """The first failure that had to lead to the pause. One whose worker died was told later, or by the next."""
    failed = _failures(subscriber)
    since = failed[0].at if subscriber.fate == "leaving" else failed[0].at + _DEAD_AFTER
    told = [it.at for it in failed if it.at >= since and it.headers["webhook-id"] not in days.queue.held_up]
    return next(iter(told), datetime.max.replace(tzinfo=UTC))


def _misfiled(days: WebhookDays, subscriber: Subscriber, paused: str) -> int:
    """Deliveries since the pause that were not kept unsent, and those before it that are still under way."""
    before = {"not_sent", "failed", *(["delivered"] if subscriber.fate == "leaving" else [])}
    return sum(
        it["status"] not in ({"not_sent"} if it["dateCreated"] > paused else before) for it in days.log(subscriber)
    )


def _judge_posts(verdict: Verdict, days: WebhookDays) -> None:
    everyone, events = days.receivers.all, {it.id: it for it in days.events}
    posts = [(to, it) for to in everyone for it in to.posts]
    strange = [it for to, it in posts if not _belongs(events.get(it.headers["webhook-id"]), to, it)]
    verdict.claim("posts of no event, of another's, of the past, or with another id", len(strange), 0)
    verdict.claim("posts with a wrong signature", sum(it.unverified() for it in everyone), 0)
    told = [(to, it) for to, it in posts if not it.is_test]
    crowded = [it for to, it in told if it.at_once > (1 if _is_known_to_hang(to, it) else gates.MAX_AT_ONCE)]
    verdict.claim("posts beside more than are allowed at once", len(crowded), 0)
    most = {to.number: (len(schedule.STEPS) + 1) * (1 + days.people.replays[to.number]) for to in everyone}
    beyond = [to.number for to in everyone for it in days.log(to) if len(it["attempts"]) > most[to.number]]
    verdict.claim("receivers with attempts beyond the steps of each run", beyond, [])
    for fate in FATES:
        verdict.thrown[f"post to a {fate} receiver"] = sum(to.fate == fate for to, _ in posts)


def _is_known_to_hang(to: Subscriber, post: Post) -> bool:
    """True once a silent receiver's first posts have failed, until it is mended."""
    return to.fate == "silent" and post.answered == "never" and post.at - to.posts[0].at > _AT_ONCE * 2


def _belongs(event: Event | None, to: Subscriber, post: Post) -> bool:
    """True of an event that the receiver wants, told with its own id and data; and of a test."""
    body = json.loads(post.body)
    if event is None or not event.is_for(to):
        return bool(body["type"] == "webhook.test")
    return bool((body["id"], body["type"], body["data"]) == (event.id, NAMED[event.type], {"event": event.id}))
