"""Expected records of a shop's orders in each dialect: one per order, exact sums, each sale new exactly once."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tests.stack.dialects import DIALECTS
from tests.stack.dialects.spoken import Call, Dialect, Ending, Order
from tests.stack.exchange import Answer
from tests.storm.verdict import Verdict

Item = dict[str, Any]
#: Records of a kind, as lists show them.
Records = Callable[[str], Sequence[Item]]
_COUNTED = ("ordersCount", "totalSpent", "refundedTotal")


class AnsweredCall(NamedTuple):
    """A call about an order, with all answers up to the first that is not a server failure."""

    order: Order
    call: Call
    answers: Sequence[Answer]

    @property
    def is_sale(self) -> bool:
        return self.call.body == DIALECTS[self.order.dialect].calls(self.order)[0].body

    @property
    def is_taken(self) -> bool:
        """True for a success; a call that precedes its sale may also be a 404."""
        return self.answers[-1].status in ((*self.call.taken,) if self.is_sale else (*self.call.taken, 404))


def judge_answers(verdict: Verdict, answered: Iterable[AnsweredCall]) -> None:
    """Judges the answers of calls in the order in which they were made."""
    answered = list(answered)
    judge_calls(verdict, answered)
    for dialect in DIALECTS.values():
        if dialect.new is not None:
            called = _calls_new(dialect.new, [it for it in answered if it.is_sale and it.order.dialect == dialect.name])
            first = sum(it[0] is False for it in called)
            verdict.claim(f"{dialect.name}: first sales called a repeat", first, 0)
            verdict.claim(f"{dialect.name}: sales called new twice", sum(it.count(True) > 1 for it in called), 0)


def judge_calls(verdict: Verdict, answered: Iterable[AnsweredCall]) -> None:
    wrong = Counter(f"{it.call.method} {it.call.path} {it.answers[-1].text}" for it in answered if not it.is_taken)
    verdict.claim("calls that were not taken", dict(wrong), {})


def judge_new_once(verdict: Verdict, answered: Iterable[AnsweredCall]) -> None:
    """Judges answered calls that were made in any order."""
    answered = list(answered)
    for dialect in DIALECTS.values():
        if dialect.new is not None:
            sales = [it for it in answered if it.is_sale and it.order.dialect == dialect.name]
            once = sum(it.count(True) == 1 for it in _calls_new(dialect.new, sales))
            verdict.claim(f"{dialect.name}: sales that were called new once", once, len({it.order for it in sales}))


def judge(verdict: Verdict, orders: Sequence[Order], records: Records) -> None:
    """Judges the records at rest, after every call has taken effect."""
    sold, obligations = records("transaction"), records("obligation")
    names = {row["id"]: row["sourceId"] for row in sold}
    earners = {row["id"]: names[row["transactionId"]] for row in records("conversion")}
    owed = {earners[row["conversionId"]]: row["value"] for row in obligations if row["status"] == "pending"}
    for dialect in DIALECTS.values():
        mine = {order.name: dialect.ending(order) for order in orders if order.dialect == dialect.name}
        _judge_sales(verdict, dialect, mine, _of(dialect, sold))
        due = {name: ending.earned for name, ending in mine.items() if ending.earned}
        stands = {name: value for name, value in owed.items() if name in mine}
        verdict.claim(
            f"{dialect.name}: obligations that stand are what was earned", stands == due and len(stands), len(due)
        )
        verdict.claim(f"{dialect.name}: cents owed", sum(stands.values()), sum(due.values()))
    verdict.claim("transactions", len(sold), len(orders))
    verdict.claim("sales with two conversions", len(earners) - len(set(earners.values())), 0)
    verdict.claim("obligations, one per conversion", len(obligations), len(earners))
    verdict.claim("buyers' totals", totals(records("customer")), expected_totals(orders))


def judge_kept(verdict: Verdict, orders: Sequence[Order], records: Records) -> None:
    """Judges further records: one decision per sale, and the dialects' own kinds."""
    kept = Counter({"decision": len(orders)})
    for order in orders:
        kept.update(DIALECTS[order.dialect].ending(order).kept)
    _judge_numbers(verdict, kept, records)


def judge_at_once(verdict: Verdict, orders: Sequence[Order], records: Records) -> None:
    """Judges the records that calls write themselves, before any event is consumed."""
    sold, kept = records("transaction"), Counter({"customer": len(expected_totals(orders))})
    for dialect in DIALECTS.values():
        mine = {order.name: dialect.ending(order) for order in orders if order.dialect == dialect.name}
        kept.update(dict.fromkeys(dialect.at_once, len(mine)))
        for ending in mine.values():
            kept.update(ending.kept)
        if "transaction" in dialect.at_once:
            _judge_sales(verdict, dialect, mine, _of(dialect, sold))
    _judge_numbers(verdict, kept, records)


def totals(customers: Iterable[Item]) -> dict[str, dict[str, int]]:
    """Each customer's totals, by buyer name."""
    return {
        row["email"] or row["externalId"]: {name: row["totals"][0][name] for name in _COUNTED}
        for row in customers
        if row["totals"]
    }


def expected_totals(orders: Iterable[Order]) -> dict[str, dict[str, int]]:
    buyers: dict[str, Counter[str]] = {}
    for order in orders:
        dialect = DIALECTS[order.dialect]
        if dialect.buyer is not None:
            buyers.setdefault(dialect.buyer(order), Counter()).update(_share(dialect.ending(order)))
    return {name: {it: sums[it] for it in _COUNTED} for name, sums in buyers.items()}


def _share(ending: Ending) -> dict[str, int]:
    return {"ordersCount": 1, "totalSpent": ending.total, "refundedTotal": ending.returned}


def _of(dialect: Dialect, sold: Sequence[Item]) -> list[Item]:
    return [row for row in sold if row["source"] == f"{dialect.source}_order"]


def _judge_numbers(verdict: Verdict, kept: Mapping[str, int], records: Records) -> None:
    for kind, number in kept.items():
        verdict.claim(f"records: {kind}", len(records(kind)), number)


def _judge_sales(verdict: Verdict, dialect: Dialect, mine: dict[str, Ending], sold: Sequence[Item]) -> None:
    ended = {name: (ending.status, ending.total) for name, ending in mine.items()}
    held = {row["sourceId"]: (row["status"], row["totalValue"]) for row in sold}
    verdict.claim(f"{dialect.name}: transactions", len(sold), len(mine))
    verdict.claim(f"{dialect.name}: sales that ended otherwise", sorted(held.items() ^ ended.items()), [])


def _calls_new(new: Callable[[Answer], bool], answered: Iterable[AnsweredCall]) -> list[list[bool | None]]:
    """Per sale, the `new` of each answer; None for a server failure."""
    sales: dict[Order, list[bool | None]] = {}
    for it in answered:
        sales.setdefault(it.order, []).extend(None if answer.status >= 500 else new(answer) for answer in it.answers)
    return list(sales.values())
