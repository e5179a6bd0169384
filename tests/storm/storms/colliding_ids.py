"""Ids of four bits, so that every sale of a shop collides with another, while sixteen threads report, repeat, refund,
delete and read.

Each sale is recorded once under its own id and does not affect any other. Add new sale operations to `errands`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any
from unittest import mock

from tests.stack.exchange import Answer
from tests.stack.journey import at_once
from tests.storm.players.threaded_stack import THREADS, Functions, functions
from tests.storm.verdict import Verdict
from tributary.domain import ids

IDS = 2**4 - 1
_REPEATS = 3
_WHOLE = {"Prefer": "return=representation"}

#: Makes requests; true if the answers are as expected.
Errand = Callable[[], bool]


def storm(seed: int, shops: int) -> Verdict:
    """Report as many sales per shop as there are ids, then one more."""
    verdict, chance = Verdict("ids of four bits", seed), Random(seed)
    wrong: Counter[str] = Counter()
    with functions() as called:
        opened = [_Shop(called, f"shop-{number}", called.new_key(f"shop-{number}")) for number in range(shops)]
        with mock.patch.object(ids, "BITS", 4):
            for shop in opened:
                wrong += shop.play(chance, verdict.thrown)
                verdict.thrown["sale whose own id another had"] += shop.displaced()
            verdict.claim("answers that are not as they must be", dict(wrong), {})
            verdict.claim("shops whose records are what was reported", sum(it.is_right() for it in opened), shops)
            verdict.claim("answer to a sale for which no id is left", {_refused(it.beyond()) for it in opened}, {_FULL})
            verdict.claim("shops that have a record of it", sum(not it.is_right() for it in opened), 0)
    return verdict


@dataclass
class _Shop:
    """`known_ids` maps each sale to every id it was given; `new` lists the sales called new, once per answer."""

    called: Functions
    name: str
    key: str
    known_ids: dict[str, set[int]] = field(default_factory=lambda: {f"ORD-{number}": set() for number in range(IDS)})
    new: list[str] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)

    def play(self, chance: Random, thrown: Counter[str]) -> Counter[str]:
        """Run all errands concurrently; count the wrong answers by kind."""
        errands = self._errands()
        thrown.update(kind for kind, _ in errands)
        chance.shuffle(errands)
        return Counter(kind for kind in at_once(THREADS, _wrong, errands) if kind)

    def _errands(self) -> list[tuple[str, Errand]]:
        sales, refunded, deleted = list(self.known_ids), self._refunded(), self._deleted()
        staying = [name for name in sales if name not in deleted]
        kinds: dict[str, list[Errand]] = {
            "sale": [partial(self._report, name) for name in sales for _ in range(_REPEATS)],
            "refund": [partial(self._refund, name) for name in refunded for _ in range(_REPEATS)],
            "refund of an unreported sale": [partial(self._refund_nothing, name) for name in refunded],
            "delete": [partial(self._delete, name) for name in deleted for _ in range(_REPEATS)],
            "get": [partial(self._get, name) for name in staying],
            "get by natural key": [partial(self._find, name) for name in staying],
        }
        return [(kind, errand) for kind, errands in kinds.items() for errand in errands]

    def _refunded(self) -> list[str]:
        return list(self.known_ids)[::3]

    def _deleted(self) -> list[str]:
        return list(self.known_ids)[1::3]

    # errands

    def _report(self, name: str) -> bool:
        answer = self._post("sale", name, trackingId=1, total=_total(name))
        if answer.status != 200:
            return False
        self.known_ids[name].add(answer.json["transactionId"])
        self.new += [name] * answer.json["created"]
        return answer.json["created"] == ("Idempotency-Hit" not in answer.headers)

    def _refund(self, name: str) -> bool:
        """Report the sale, then refund it."""
        return self._report(name) and self._named(name, self._post("refund", name))

    def _delete(self, name: str) -> bool:
        """Delete the sale, which can no longer be read; a late report does not bring it back."""
        if not self._report(name):
            return False
        number = min(self.known_ids[name])
        answer = self._call("POST", "/transactions/bulk", {"action": "delete", "ids": [number]})
        self.deleted += [number] * answer.json["affected"]
        gone = self._call("GET", f"/transactions/{number}").status == 404
        found = self._call("GET", "/transactions", source="shopify", sourceId=name).json
        refund = self._post("refund", name).status
        return gone and (found, refund) == ([], 404) and self._report(name)

    def _refund_nothing(self, name: str) -> bool:
        return self._post("refund", f"no-{name}").status == 404

    def _get(self, name: str) -> bool:
        if not self._report(name):
            return False
        answer = self._call("GET", f"/transactions/{min(self.known_ids[name])}", fields="id,sourceId,totalValue")
        return answer.status == 200 and self._is(name, [answer.json])

    def _find(self, name: str) -> bool:
        if not self._report(name):
            return False
        fields = "id,sourceId,totalValue"
        answer = self._call("GET", "/transactions", source="shopify", sourceId=name, fields=fields)
        return answer.status == 200 and self._is(name, answer.json)

    def _is(self, name: str, found: list[Any]) -> bool:
        """True if this sale was found and no other."""
        held = [(it["id"], it["sourceId"], it["totalValue"]) for it in found]
        return held == [(number, name, _cents(name)) for number in self.known_ids[name]]

    # results

    def displaced(self) -> int:
        """Number of sales whose id is not their first candidate."""
        own = {name: next(ids.transaction_ids(self.name, "shopify", name)) for name in self.known_ids}
        return sum(self.known_ids[name] != {number} for name, number in own.items())

    def beyond(self) -> Answer:
        """The answer to one sale more than there are ids."""
        return self._post("sale", "ORD-beyond", trackingId=1, total=1)

    def is_right(self) -> bool:
        held = {it["reported"]["externalId"]: it for it in self.called.records(self.name, "transaction")}
        refunded = [name for name, it in held.items() if it["listed"]["status"] == "refunded"]
        deleted = [it["listed"]["id"] for it in held.values() if it["listed"]["status"] == "deleted"]
        return (
            sorted(self.new) == sorted(self.known_ids) == sorted(held)
            and all(self.known_ids[name] == {it["listed"]["id"]} for name, it in held.items())
            and all(it["reported"]["total"] == _cents(name) for name, it in held.items())
            and sorted(refunded) == sorted(self._refunded())
            and sorted(deleted) == sorted(self.deleted) == sorted(min(self.known_ids[name]) for name in self._deleted())
        )

    def _named(self, name: str, answer: Answer) -> bool:
        return answer.status == 200 and {answer.json["transactionId"]} == self.known_ids[name]

    def _post(self, event: str, name: str, **members: Any) -> Answer:
        return self._call("POST", f"/event/{event}", {"source": "shopify", "externalId": name, **members})

    def _call(self, method: str, path: str, body: Any = None, **query: Any) -> Answer:
        return self.called.call(self.key, method, path, body, _WHOLE, **query)


_FULL = (500, "internal_error")


def _wrong(errand: tuple[str, Errand]) -> str | None:
    """The kind of the errand if its answers are wrong."""
    kind, act = errand
    return None if act() else kind


def _refused(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.json.get("error", {}).get("code", "")


def _cents(name: str) -> int:
    return 1000 + 7 * int(name.removeprefix("ORD-"))


def _total(name: str) -> str:
    return f"{_cents(name) // 100}.{_cents(name) % 100:02d}"
