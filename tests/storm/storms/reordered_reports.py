"""All calls about some orders of one dialect, in every order and with repeats, and events delivered likewise: the
ledgers are equal, record by record.
"""

import itertools
import re
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import Any
from unittest import mock

from tests.stack.dialects import DIALECTS
from tests.stack.dialects.spoken import Call, Order, Origin
from tests.stack.exchange import Message
from tests.stack.house import House, in_process
from tests.stack.ledger_comparison import OF_WRITES, without_circumstances
from tests.storm.players.delivery import Delivery
from tests.storm.players.shop import Shop
from tests.storm.verdict import Verdict

_FATES = 4
_STEPS = 3
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
#: Entities that show the order of arrival: changes by version, and refunds that waited.
_HISTORY = {"amendment", "parked", *OF_WRITES}
#: Of an order that has ended it may tell whether the sale was attributed before, and which refund took how much.
_OF_THE_ENDED = {"decision", "conversion", "obligation", "engagement", "opportunity", "refund"}

#: By key.
Records = dict[str, Any]
Errands = Callable[[Shop, Random], Sequence[Callable[[], None]]]


def storm(seed: int, name: str, orders: int, permutations: int) -> Verdict:
    """Run so many orders of all calls about four orders, one of each fate; and permutations of the calls about the
    order with the most, all or so many."""
    verdict, chance = Verdict(f"order, {name}", seed), Random(seed)
    broken: list[str] = []
    everything = [_ledger(seed, name, chance, lambda shop, _: shop.errands(2), broken) for _ in range(orders)]
    verdict.thrown["order of all calls about four orders, with repeats"] += len(everything)
    verdict.claim("records that depend on it", _differing(everything), [])
    some = _permutations(name, chance, permutations)
    one = [_ledger(seed, name, chance, partial(_in_this_order, it), broken) for it in some]
    verdict.thrown["order of the calls about one of them"] += len(one)
    verdict.claim("records that depend on that", _differing(one), [])
    verdict.claim("records in each ledger", {len(records) for records in everything}, {len(everything[0])})
    verdict.claim("what is wrong in one of the ledgers", broken, [])
    return verdict


def _permutations(name: str, chance: Random, most: int) -> list[tuple[int, ...]]:
    """Permuted positions of the calls about the order with the most calls."""
    calls = max(len(_calls(name, fate)) for fate in range(_FATES))
    every = list(itertools.permutations(range(calls)))
    return chance.sample(every, min(most, len(every)))


def _in_this_order(places: Sequence[int], shop: Shop, chance: Random) -> list[Callable[[], None]]:
    order = max(shop.orders, key=lambda order: len(DIALECTS[order.dialect].calls(order)))
    shop.orders = [order]
    calls = DIALECTS[order.dialect].calls(order)
    return [partial(shop.report, order, calls[place]) for place in places]


def _calls(name: str, fate: int) -> list[Call]:
    return DIALECTS[name].calls(Order(name, "", fate, 100, Origin("", 1, 1, 1)))


def _ledger(seed: int, name: str, chance: Random, errands: Errands, broken: list[str]) -> Records:
    """The ledger after these errands, with deliveries in between and everything delivered again at the end. Ids are
    assigned in request order."""
    with in_process() as house, mock.patch("secrets.randbelow", side_effect=itertools.count(1_000_000)):
        shop, verdict = Shop(house, Random(seed), _FATES, [name]), Verdict(name, seed)
        shop.open()
        shop.chance = chance
        delivery = Delivery(house, chance, verdict.thrown)
        for errand in errands(shop, chance):
            errand()
            for _ in range(chance.randint(0, _STEPS)):
                delivery.step()
        delivery.until_rest()
        heard, before = [Message(it.function, it.body) for it in house.handled], house.changes()
        for message in heard:
            delivery.put(message)
        delivery.until_rest()
        verdict.claim("changes of the ledger by what was heard again", house.changes() - before, 0)
        verdict.claim("dead letters", delivery.redrive(), 0)
        shop.judge(verdict)
        broken += verdict.broken
        return _records(house, shop.orders)


def _records(house: House, orders: Sequence[Order]) -> Records:
    """Record without the values that depend on the order of arrival."""
    ended = [number for order in orders if _has_ended(order) for number in (order.origin.visit, order.transaction_id)]
    items = {_TIME.sub("a time", f"{it['pk']} {it['sk']}"): it for it in house.ledger() if it["entity"] not in _HISTORY}
    return {
        key: without_circumstances(item)
        for key, item in items.items()
        if item["entity"] not in _OF_THE_ENDED or not any(f"#{number}" in key for number in ended)
    }


def _has_ended(order: Order) -> bool:
    return DIALECTS[order.dialect].ending(order).status != "complete"


def _differing(ledgers: Sequence[Records]) -> list[str]:
    """Keys of records that are not equal in all of them."""
    keys = {key for records in ledgers for key in records}
    return sorted(key for key in keys if any(records.get(key) != ledgers[0].get(key) for records in ledgers))
