"""An organization whose sales are refunded, shared and paid out at once; its client repeats unanswered calls."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from tests.stack.exchange import Answer, Item, Message
from tests.stack.house import House
from tests.stack.scenarios.paid import LIVE, balances, completed_sums, live_sums
from tests.stack.scenarios.past import line
from tests.stack.scenarios.pools import EARLIER, LAST, NIGHT, UNKNOWN_VISITOR, before, named, new_distributor, revenue
from tests.storm.players.delivery import Delivery, insistent
from tests.storm.verdict import Verdict
from tributary.ledger.payouts import proofs

_MONTHS = tuple(named(it) for it in (before(EARLIER), EARLIER, LAST))


class Finance:
    """Two affiliates with clawback, and three authors who share a tenth of three months that have ended."""

    def __init__(self, house: House, chance: Random, delivery: Delivery, thrown: Counter[str]) -> None:
        self.house, self.chance, self.delivery, self.thrown = house, chance, delivery, thrown
        program = house.new_program(clawback="carryForward")
        self.affiliates = [house.new_collaborator(program) for _ in range(2)]
        self.authors = [house.new_collaborator() for _ in range(3)]
        self.visits = {who: [house.new_visit(who) for _ in range(40)] for who in self.affiliates}
        self.distributor = new_distributor(house, *self.authors, since=before(EARLIER).start)
        self.sales: list[str] = []
        self.refunds: list[tuple[str, str]] = []
        self.scores = 0

    def errand(self) -> None:
        """One move of a shop, a reviewer or a person who pays."""
        moves: list[Callable[[], Any]] = [self._sell, self._sell_of_a_month, self._sell, self._refund, self._withdraw]
        moves += [self._review, self._score, self._score, self._generate, self._generate_previewed]
        moves += [self._mark, self._come_back, self._fail, self.night]
        move = self.chance.choice(moves)
        self.thrown[move.__name__.strip("_")] += 1
        move()

    def _call(self, path: str, body: Item, taken: tuple[int, ...] = (200, 201)) -> Answer:
        answer = insistent(partial(self.house.post, path, body))[-1]
        assert answer.status in taken, (path, answer.status, answer.text)
        return answer

    def _list(self, path: str) -> list[Item]:
        return list(insistent(partial(self.house.get, path, number=200))[-1].json)

    # shops

    def _report(self, visitor: int, **members: Any) -> None:
        self.sales.append(f"ORD-{len(self.sales)}")
        amount = self.chance.randint(1, 99)
        body = {"source": "shopify", "externalId": self.sales[-1], "trackingId": visitor, "total": amount}
        self._call("/event/sale", {**body, "items": [line(amount)], **members})

    def _sell(self) -> None:
        waiting = self.visits[self.chance.choice(self.affiliates)]
        if waiting:
            self._report(waiting.pop())

    def _sell_of_a_month(self) -> None:
        self._report(UNKNOWN_VISITOR, occurredAt=self._moment())

    def _moment(self) -> str:
        return f"{self.chance.choice(_MONTHS)}-{self.chance.randint(1, 28):02}T12:00:00.000Z"

    def _refund(self) -> None:
        if self.sales:
            self.refunds.append((self.chance.choice(self.sales), f"R-{len(self.refunds)}"))
            self._named_refund("/event/refund", self.refunds[-1], amount=self.chance.randint(1, 60))

    def _withdraw(self) -> None:
        if self.refunds:
            self._named_refund("/event/refund-withdrawn", self.chance.choice(self.refunds))

    def _named_refund(self, path: str, named: tuple[str, str], **members: Any) -> None:
        body = {"source": "shopify", "externalId": named[0], "refundId": named[1]}
        self._call(path, body | members, taken=(200, 409))  # too much is refused

    # people

    def _review(self) -> None:
        if found := self._list("/conversions"):
            ids = [it["id"] for it in self.chance.sample(found, min(3, len(found)))]
            self._call("/conversions/bulk", {"action": self.chance.choice(["approve", "reject"]), "ids": ids})

    def _score(self) -> None:
        self.scores += 1
        body = {"distributorId": self.distributor, "collaboratorId": self.chance.choice(self.authors)}
        body |= {"score": self.chance.randint(1, 9), "occurredAt": self._moment(), "externalId": f"S-{self.scores}"}
        self._call("/distributors/credit-metric", body, taken=(200, 201, 409))  # its period may be closed

    def _generate(self) -> None:
        self._call("/fulfillments/generate", {}, taken=(201, 409))

    def _generate_previewed(self) -> None:
        shown = self._call("/fulfillments/preview", {}).json
        self._call("/fulfillments/generate", {"previewId": shown["previewId"]}, taken=(201, 409))

    def _mark(self) -> None:
        if found := self._list("/payouts"):
            action = self.chance.choice(["markPaid", "markPaid", "markUnpaid"])
            self._call("/payouts/bulk", {"action": action, "ids": [self.chance.choice(found)["id"]]})

    def _come_back(self) -> None:
        if found := [it for it in self._list("/payouts") if it["status"] in LIVE]:
            rows = [{"payoutId": self.chance.choice(found)["id"], "status": "failed"}]
            self._call("/payouts/results", {"rows": rows})

    def _fail(self) -> None:
        if found := self._list("/fulfillments"):
            ids = [self.chance.choice(found)["id"]]
            self._call("/fulfillments/bulk", {"action": "fail", "ids": ids})

    def night(self) -> None:
        self.delivery.put(Message("close_periods", NIGHT))

    # verdict

    def judge(self, verdict: Verdict) -> None:
        house, batches = self.house, Counter[int]()
        payouts = [it["listed"] for it in house.ledger("payout")]
        for it in payouts:
            batches[it["fulfillmentId"]] += it["value"] if it["status"] in LIVE else 0
        totals = {it["listed"]["id"]: sum(it["listed"]["totals"].values()) for it in house.ledger("fulfillment")}
        verdict.claim("live payouts against their obligations", live_sums(house), completed_sums(house))
        verdict.claim("batches against their payouts", totals, {number: batches[number] for number in totals})
        verdict.claim("payouts of nothing", [it for it in payouts if it["status"] in LIVE and it["value"] <= 0], [])
        verdict.claim("batches still being made", [it for it in self._list("/fulfillments") if it["generating"]], [])
        verdict.claim("everything owed or paid", +Counter(balances(house)), +self._worth())
        verdict.claim("the revenue of each month", self._shared(), {it: revenue(house).get(it, 0) for it in _MONTHS})
        verdict.claim("the proof of the ledger", proof(self.house, "night"), "proved")

    def _worth(self) -> Counter[int]:
        """The sum of approved conversions and of shares, by collaborator."""
        worth: Counter[int] = Counter()
        for it in (item["listed"] for item in self.house.ledger("conversion")):
            worth[it["collaboratorId"]] += it["value"] if it["status"] in ("pending", "approved") else 0
        for month in self._list("/distributions"):
            worth.update({it["collaboratorId"]: it["value"] for it in month["allocations"]})
        return worth

    def _shared(self) -> dict[str, int]:
        return {it["periodStart"][:7]: it["revenue"] for it in self._list("/distributions")}


def proof(house: House, night: str) -> str:
    """Prove the demo organization's ledger; the proof's status."""
    with house._environment("prove_ledger"):
        number = proofs.begin("demo", night)
        while proofs.go_on("demo", number):
            pass
        found = proofs.get("demo", number)
    assert found is not None
    return str(found["listed"]["status"])
