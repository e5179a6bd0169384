"""One history in every order of reports, reviews and deliveries, with repeats: the ledgers are equal, record by record.

The attribution order of sales of one visit is fixed. A refund before its sale's attribution leaves no conversion
instead of a rejected one; then only the cents are compared.
"""

import itertools
from collections.abc import Callable
from functools import partial
from random import Random
from unittest import mock

from tests.stack.house import in_process
from tests.storm.players.history import LEAD_CENTS, Cents, History, Records, is_attribution, some
from tests.storm.verdict import Verdict

_STEPS = ("attribute", "approve", "ConversionAwarded", "everything again")
_SALE_CENTS = 4999

Ledger = tuple[Records, Cents]


def small(seed: int, most: int, *, refunded: bool) -> Verdict:
    """Run permutations of one sale's history: all of them, or at most `most`."""
    verdict = Verdict(f"order, {'a refunded sale' if refunded else 'a sale'}", seed)
    orders = list(itertools.permutations(("refund" if refunded else "sale again", *_STEPS)))
    chosen = Random(seed).sample(orders, min(most, len(orders)))
    verdict.thrown[f"order of the {len(orders)} that there are"] += len(chosen)
    ledgers = {order: _small(order) for order in chosen}
    overtaken = [it for order, it in ledgers.items() if refunded and order.index("refund") < order.index("attribute")]
    others = [it for it in ledgers.values() if it not in overtaken]
    for what, alike in (("", others), (" where the refund was first", overtaken)):
        if alike:
            verdict.claim(f"records that depend on the order{what}", _differing(alike), [])
    owed = {tuple(cents.values()) for _, cents in ledgers.values()}
    verdict.claim("cents owed", owed, {()} if refunded else {(_earned(_SALE_CENTS),)})
    return verdict


def large(seed: int, sales: int, orders: int) -> Verdict:
    """Run random orders of many sales, half as many with refunds that may precede attribution.

    Every third sale is refunded, every fourth follows a lead of its visit, every fifth shares its visit with the one
    before."""
    verdict, chance = Verdict("order, many sales", seed), Random(seed)
    verdict.thrown[f"order of {sales} sales with leads, refunds, approvals and repeats"] += orders + orders // 2
    ledgers = [_large(sales, Random(chance.random()), overtaken=False) for _ in range(orders)]
    overtaken = [_large(sales, Random(chance.random()), overtaken=True) for _ in range(orders // 2)]
    verdict.claim("records that depend on the order", _differing(ledgers), [])
    verdict.claim("records in each ledger", {len(records) for records, _ in ledgers}, {len(ledgers[0][0])})
    wanted = sorted(_owed(sales))
    owed = [sorted(cents.values()) for _, cents in ledgers + overtaken]
    verdict.claim("cents owed per sale and lead, in each order", all(it == wanted for it in owed) and owed[0], wanted)
    return verdict


def _small(order: tuple[str, ...]) -> Ledger:
    def play(history: History) -> None:
        visit = history.new_visit()
        sell = partial(history.sale, 0, visit, _SALE_CENTS)
        steps = {"refund": partial(history.refund, 0), "sale again": sell, "attribute": history.attribute}
        steps |= {"approve": history.approve, "everything again": history.again}
        sell()
        for step in order:
            steps.get(step, partial(history.consume, lambda message, step=step: message.detail_type == step))()

    return _ledger_after(play)


def _large(sales: int, chance: Random, *, overtaken: bool) -> Ledger:
    """Run a random order; with `overtaken`, refunds may precede the attribution of their sales."""

    def play(history: History) -> None:
        errands: list[Callable[[], object]] = []
        for number in range(sales):
            shares = number % 5 == 4
            visit = history.visits[-1] if shares else history.new_visit()
            if number % 4 == 0 and not shares:
                history.lead(number, visit)
            sell = partial(history.sale, number, visit, _cents(number))
            sell()
            errands += [sell] if number % 7 == 0 else []
            errands += [partial(history.refund, number)] * (2 if number % 3 == 0 else 0)
            errands += [partial(history.attribute, chance.randint(1, 3)), partial(_consume_some, history, chance)]
        errands += [partial(history.approve, some(chance)) for _ in range(3)]
        errands += [partial(history.again, some(chance, 0.3))]
        chance.shuffle(errands)
        for errand in errands if overtaken else [history.attribute, *errands]:
            errand()

    return _ledger_after(play)


def _consume_some(history: History, chance: Random) -> None:
    taken = some(chance, 0.3)
    history.consume(lambda message: not is_attribution(message) and taken(message))


def _ledger_after(play: Callable[[History], None]) -> Ledger:
    """The ledger at the end. Ids are assigned in request order."""
    with in_process() as house, mock.patch("secrets.randbelow", side_effect=itertools.count(1_000_000)):
        history = History(house)
        play(history)
        history.come_to_rest()
        return history.records(), history.cents()


def _differing(ledgers: list[Ledger]) -> list[str]:
    """Keys of records that are not equal everywhere."""
    first = ledgers[0][0]
    return sorted(
        {
            key
            for records, _ in ledgers[1:]
            for key in first.keys() | records.keys()
            if first.get(key) != records.get(key)
        }
    )


# amounts owed, computed independently of the ledger


def _cents(number: int) -> int:
    return 1000 + 101 * number


def _owed(sales: int) -> list[int]:
    leads = [LEAD_CENTS for number in range(0, sales, 4) if number % 5 != 4]
    return leads + [_earned(_cents(number)) for number in range(sales) if number % 3 and number % 5 != 4]


def _earned(cents: int) -> int:
    """10 %, and twice the half of 5 %; each rounded half up, the halves down."""
    return (cents * 10 + 50) // 100 + 2 * ((cents * 5 + 50) // 100 // 2)
