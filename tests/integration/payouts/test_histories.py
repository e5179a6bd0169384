"""Random histories of sales, refunds, withdrawals and payouts, with messages in any order and repeated."""

import os
import random
from collections.abc import Callable

import pytest

from tests.stack.exchange import Item, Message
from tests.stack.house import House
from tests.stack.scenarios.paid import LIVE, balances, require_agreement
from tests.stack.scenarios.past import line

HISTORIES = 200 if os.environ.get("STORM") == "whole" else 6
STEPS = 25


class History:
    """A random history, and the reports in it that matter for what is owed."""

    def __init__(self, house: House, seed: int, clawback: str) -> None:
        self.house, self.random = house, random.Random(seed)
        program = house.new_program(clawback=clawback)
        self.affiliates = [house.new_collaborator(program) for _ in range(2)]
        self.sales: dict[str, int] = {}
        self.refunds: dict[tuple[str, str], int] = {}

    def shuffled(self, messages: list[Message]) -> list[Message]:
        """Messages in another order, some of them twice, some held back for the next round."""
        again = [message for message in messages if self.random.random() < 0.2]
        waiting = messages + again
        self.random.shuffle(waiting)
        return waiting

    def step(self) -> None:
        moves: list[Callable[[], object]] = [self.sell, self.sell, self.refund, self.withdraw, self.generate]
        moves += [self.pay, self.come_back, self.fail_batch, self.deliver, self.generate]
        self.random.choice(moves)()

    def deliver(self) -> None:
        self.house.deliver(self.shuffled)

    def sell(self) -> None:
        name, amount = f"ORD-{len(self.sales)}", self.random.randint(1, 99)
        self.sales[name] = self.random.choice(self.affiliates)
        visit = self.house.new_visit(self.sales[name])
        assert self.house.sale(name, visit, total=amount, items=[line(amount)]).status == 200

    def refund(self) -> None:
        if self.sales:
            name, number = self.random.choice(list(self.sales)), f"R-{len(self.refunds)}"
            self.refunds[name, number] = self.random.randint(1, 40)
            self.house.refund(name, refundId=number, amount=self.refunds[name, number])  # or 409: too much

    def withdraw(self) -> None:
        if self.refunds:
            name, number = self.random.choice(list(self.refunds))
            body = {"source": "shopify", "externalId": name, "refundId": number}
            assert self.house.post("/event/refund-withdrawn", body).status == 200

    def generate(self) -> None:
        assert self.house.post("/fulfillments/generate", {}).status in (201, 409)

    def some_payout(self) -> Item | None:
        found = [it["listed"] for it in self.house.ledger("payout") if it["listed"]["status"] in LIVE]
        return self.random.choice(found) if found else None

    def pay(self) -> None:
        if payout := self.some_payout():
            action = self.random.choice(["markPaid", "markUnpaid"])
            assert self.house.post("/payouts/bulk", {"action": action, "ids": [payout["id"]]}).status == 200

    def come_back(self) -> None:
        if payout := self.some_payout():
            rows = [{"payoutId": payout["id"], "status": "failed"}]
            assert self.house.post("/payouts/results", {"rows": rows}).status == 200

    def fail_batch(self) -> None:
        if batches := self.house.ledger("fulfillment"):
            ids = [self.random.choice(batches)["listed"]["id"]]
            assert self.house.post("/fulfillments/bulk", {"action": "fail", "ids": ids}).status == 200


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_whatever_happens_to_payouts_every_cent_is_owed_once(house: House, seed: int):
    history = History(house, seed, "carryForward")
    for _ in range(STEPS):
        history.step()
    history.deliver()

    require_agreement(house)
    worth: dict[int, int] = {}
    for held in (item["listed"] for item in house.ledger("conversion")):
        if held["status"] in ("pending", "approved"):
            worth[held["collaboratorId"]] = worth.get(held["collaboratorId"], 0) + held["value"]
    assert {who: sum_ for who, sum_ in balances(house).items() if sum_} == {w: v for w, v in worth.items() if v}
    assert house.changes_of_repeats() == 0


@pytest.mark.parametrize("seed", range(HISTORIES, HISTORIES + HISTORIES // 2))
def test_without_clawback_nobody_is_owed_less_than_their_conversions(house: House, seed: int):
    history = History(house, seed, "none")
    for _ in range(STEPS):
        history.step()
    history.deliver()

    require_agreement(house)
    assert all(item["listed"]["value"] >= 0 for item in house.ledger("obligation"))
    assert house.changes_of_repeats() == 0
