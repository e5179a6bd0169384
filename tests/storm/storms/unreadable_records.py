"""Unreadable changes among good ones on the stream, and unreadable events in each queue.

The good ones pass; each bad one ends in its dead-letter queue with its cause.
"""

from random import Random

from tests.stack import moto_stack
from tests.stack.exchange import Item, Message
from tests.stack.house import House, in_process
from tests.storm.players.delivery import CONSUMERS, Delivery
from tests.storm.players.shop import Shop
from tests.storm.verdict import Verdict

_EVERY = 9
_MOST = 8
_BAD_CHANGES: list[Item] = [
    {"NewImage": {"pk": {"S": "a"}, "sk": {"S": "b"}, "entity": {"S": "nobody knows"}}},
    {"NewImage": {"pk": {"S": "a"}, "sk": {"S": "b"}}},
    {"NewImage": {"pk": {"S": "a"}, "sk": {"S": "b"}, "entity": {"S": "transaction"}, "total": {"N": "0.5"}}},
    {"NewImage": {"pk": {"S": "a"}, "sk": {"S": "b"}, "entity": {"S": "conversion"}, "listed": {"M": {}}}},
]
#: Every event without an organization is the schedule's to them.
_OF_SCHEDULES = ("close_hours", "close_periods", "prove_ledger", "set_quintiles")
_CONSUMERS = [it for it in CONSUMERS if it not in _OF_SCHEDULES]
_BAD_EVENTS = ["no JSON", "[]", "{}", '{"detail": {"metadata": {}, "data": {}}}', "[" * 100_000]


def storm(seed: int, of_each: int) -> Verdict:
    verdict, chance = Verdict("unreadable", seed), Random(seed)
    with in_process() as house:
        shop = Shop(house, chance, of_each)
        shop.open()
        start = len(moto_stack.stream())
        delivery = Delivery(house, chance, verdict.thrown, lambda: _with_unreadable(start))
        for errand in shop.errands():
            errand()
            delivery.step()
        bad = [Message(function, body) for function in _CONSUMERS for body in _BAD_EVENTS]
        for message in bad:
            delivery.put(message)
        delivery.until_rest()
        changes = len(_with_unreadable(start)) - len(moto_stack.stream())
        verdict.thrown |= {"unreadable change": changes, "unreadable event": len(bad)}
        _judge(verdict, house, changes)
        shop.judge(verdict)
    return verdict


def _with_unreadable(start: int) -> list[Item]:
    """The stream, with a bad change after every ninth good one."""
    stream: list[Item] = []
    for place, change in enumerate(moto_stack.stream()):
        stream.append(change)
        number, rest = divmod(place - start, _EVERY)
        if place >= start and rest == 0 and number < _MOST:
            images = _BAD_CHANGES[number % len(_BAD_CHANGES)]
            stream.append({"eventName": "INSERT", "dynamodb": {"SequenceNumber": f"bad-{number}", **images}})
    return stream


def _judge(verdict: Verdict, house: House, changes: int) -> None:
    aside = house.dead_letters_of("publish_events")
    verdict.claim("changes in dead letters", len(aside), changes)
    verdict.claim("changes without a cause", [it for it in aside if not (it["code"] and it["reason"])], [])
    for function in _CONSUMERS:
        codes = [code for code, reason in house.dead_letters(function) if reason]
        verdict.claim(f"events of {function} in dead letters with a cause", codes, ["event_refused"] * len(_BAD_EVENTS))
