"""Batches, previews, refunds, failing batches and returning payouts at once, by sixteen threads.

No obligation is in two live payouts, every cent is owed once, and the proof of the ledger says so; it names a record
that is altered behind its back.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from random import Random
from unittest import mock

from tests.stack.exchange import Item
from tests.stack.journey import at_once
from tests.storm.players.threaded_stack import THREADS, Functions, functions
from tests.storm.verdict import Verdict
from tributary.ledger.payouts import proofs
from tributary.ledger.store import table

_SHOP = "payer"
_LIVE = ("unpaid", "paid")
_PROGRAM = {
    "name": "10 %",
    "incentiveType": "saleTransactionPercentage",
    "transactionCompilers": ["includeLineItems"],
    "incentiveCalculation": {"transactionPercent": 10, "autoApprove": True},
    "clawback": "carryForward",
}


class Payer:
    """An organization whose sales are refunded while it pays."""

    def __init__(self, called: Functions, chance: Random, verdict: Verdict) -> None:
        self.called, self.chance, self.verdict = called, chance, verdict
        self.key = called.new_key(_SHOP)
        self.sales: dict[int, str] = {}

    def post(self, path: str, body: Item) -> Item:
        answer = self.called.call(self.key, "POST", path, body)
        self.verdict.thrown[f"{path.rsplit('/', 1)[-1]} answered {answer.status}"] += 1
        return answer.json if answer.text else {}

    def sell(self, sales: int, affiliates: int) -> None:
        """Sell so much, and earn on it; each sale is a visit's."""
        program = self.post("/programs", _PROGRAM)["id"]
        who = [
            self.post("/collaborators", {"fullName": f"A{number}", "programs": [program]})["id"]
            for number in range(affiliates)
        ]
        at_once(THREADS, lambda number: self._sale(number, who[number % affiliates]), range(sales))

    def _sale(self, number: int, collaborator: int) -> None:
        visit = self.called.call(self.key, "POST", "/event/site-visited", {"collaboratorId": collaborator})
        body = {"source": "shop", "externalId": f"ORD-{number}", "total": 10 + number % 90}
        body |= {"trackingId": int(visit.headers["X-Siren-OID"])}
        answer = self.called.call(self.key, "POST", "/event/sale", body, headers={"prefer": "return=representation"})
        self.sales[number] = answer.json["transactionId"]
        self._consequences(number)

    def _consequences(self, number: int) -> None:
        """Everything that the events of a sale lead to."""
        for function in ("attribute_sale", "issue_obligation"):
            self.called.deliver(function, _SHOP, "SaleTriggered", {"transactionId": self.sales[number]})

    def refund(self, number: int) -> None:
        body = {"source": "shop", "externalId": f"ORD-{number}", "refundId": f"r-{self.chance.randint(0, 3)}"}
        self.post("/event/refund", body | {"amount": 1 + number % 7})
        self._consequences(number)

    def withdraw(self, number: int) -> None:
        body = {"source": "shop", "externalId": f"ORD-{number}", "refundId": f"r-{self.chance.randint(0, 3)}"}
        self.post("/event/refund-withdrawn", body)
        self._consequences(number)

    def review(self, number: int) -> None:
        found = self.called.call(self.key, "GET", "/conversions", transactionId=str(self.sales[number])).json
        action = self.chance.choice(["reject", "approve"])
        self.post("/conversions/bulk", {"action": action, "ids": [it["id"] for it in found] or [1]})
        self._consequences(number)

    def generate(self, _: int) -> None:
        self.post("/fulfillments/generate", {})

    def preview(self, number: int) -> None:
        shown = self.post("/fulfillments/preview", {})
        if number % 2 and shown.get("complete"):
            self.post("/fulfillments/generate", {"previewId": shown["previewId"]})

    def fail(self, _: int) -> None:
        batches = self.called.call(self.key, "GET", "/fulfillments").json
        if batches:
            batch = self.chance.choice(batches)["id"]
            self.post("/fulfillments/bulk", {"action": "fail", "ids": [batch]})

    def come_back(self, _: int) -> None:
        found = [it for it in self.called.call(self.key, "GET", "/payouts").json if it["status"] in _LIVE]
        if found:
            rows = [{"payoutId": self.chance.choice(found)["id"], "status": self.chance.choice(["paid", "failed"])}]
            self.post("/payouts/results", {"rows": rows})

    def settle(self) -> None:
        """Deliver what batches and payouts lead to, in any order, as often as it takes."""
        deliver = partial(self.called.deliver, "settle_payouts", _SHOP)
        for batch in self.called.records(_SHOP, "fulfillment"):
            listed = batch["listed"]
            table.update(batch["pk"], batch["sk"], {"lease": ""}, "")
            deliver("FulfillmentCreated", {"fulfillmentId": listed["id"]})
            deliver("FulfillmentStatusChanged", {"fulfillmentId": listed["id"], "status": listed["status"]})
        for payout in self.called.records(_SHOP, "payout"):
            if payout["listed"]["status"] not in _LIVE:
                deliver("PayoutFailed", {"payoutId": payout["listed"]["id"]})
        for number in self.sales:
            self._consequences(number)


def storm(seed: int, sales: int, affiliates: int, moves: int) -> Verdict:
    """Earn on so many sales, then make so many moves at once."""
    verdict, chance = Verdict("payouts", seed), Random(seed)
    with functions() as called, mock.patch.object(proofs, "_PAUSES", (0, 0)):
        proofs.forget()
        payer = Payer(called, chance, verdict)
        payer.sell(sales, affiliates)
        kinds: list[Callable[[int], None]] = [payer.refund, payer.withdraw, payer.review, payer.generate]
        kinds += [payer.preview, payer.fail, payer.come_back, payer.refund]
        at_once(THREADS, lambda number: chance.choice(kinds)(chance.randrange(sales)), range(moves))
        for _ in range(3):
            payer.settle()
        payer.generate(0)
        payer.settle()
        _judge(verdict, called)
        _prove(verdict, called)
    return verdict


def _judge(verdict: Verdict, called: Functions) -> None:
    wrong = {what: count for what, count in verdict.thrown.items() if " 5" in what}
    verdict.claim("answers of our own fault", wrong, {})
    owed = [it["listed"] for it in called.records(_SHOP, "obligation")]
    made = {it["listed"]["id"]: it["listed"] for it in called.records(_SHOP, "payout")}
    verdict.thrown["payout made"], verdict.thrown["obligation"] = len(made), len(owed)
    sums: Counter[int] = Counter()
    for it in owed:
        if it["payoutId"] is not None:
            sums[it["payoutId"]] += it["value"]
    live = {number: it["value"] for number, it in made.items() if it["status"] in _LIVE}
    verdict.claim("payouts that differ from their obligations", sorted(set(sums.items()) ^ set(live.items())), [])
    verdict.claim("payouts of nothing or less", [it for it in live.values() if it <= 0], [])
    batches = {it["listed"]["id"]: it["listed"] for it in called.records(_SHOP, "fulfillment")}
    totals = {number: sum(it["totals"].values()) for number, it in batches.items()}
    whole: Counter[int] = Counter(dict.fromkeys(batches, 0))
    for number, value in live.items():
        whole[made[number]["fulfillmentId"]] += value
    verdict.claim("batches that differ from their payouts", sorted(set(totals.items()) ^ set(whole.items())), [])
    worth: Counter[int] = Counter()
    for it in (it["listed"] for it in called.records(_SHOP, "conversion")):
        worth[it["collaboratorId"]] += it["value"] if it["status"] == "approved" else 0
    balance: Counter[int] = Counter()
    for it in owed:
        balance[it["collaboratorId"]] += it["value"] if it["status"] in ("pending", "complete") else 0
    verdict.claim(
        "people owed another amount than they earned", sorted(set((+worth).items()) ^ set((+balance).items())), []
    )


def _prove(verdict: Verdict, called: Functions) -> None:
    verdict.claim("the proof of the ledger", _proof("night")["status"], "proved")
    payout = next(it for it in called.records(_SHOP, "payout") if it["listed"]["status"] in _LIVE)
    table.update(payout["pk"], payout["sk"], {"listed.#value": payout["listed"]["value"] + 1}, "")
    after = _proof("after an alteration")
    named = {it["id"] for it in after["records"]}
    altered = {payout["listed"]["id"], payout["listed"]["fulfillmentId"]}
    verdict.claim("the proof after an alteration", (after["status"], named), ("disproved", altered))


def _proof(night: str) -> Item:
    number = proofs.begin(_SHOP, night)
    while proofs.go_on(_SHOP, number):
        pass
    found = proofs.get(_SHOP, number)
    assert found is not None
    return dict(found["listed"])
