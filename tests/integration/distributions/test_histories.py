"""Random histories of sales, refunds, scores, nights and payouts of a distributor, in any order and repeated."""

import os
import random
from collections import Counter
from collections.abc import Callable

import pytest

from tests.stack.exchange import Item, Message
from tests.stack.house import House
from tests.stack.scenarios.paid import LIVE, balances, require_agreement
from tests.stack.scenarios.pools import EARLIER, LAST, before, close, named, new_distributor, revenue, score, sell

HISTORIES = 100 if os.environ.get("STORM") == "whole" else 4
STEPS = 25
MONTHS = tuple(named(it) for it in (before(EARLIER), EARLIER, LAST))


class History:
    """A random history of three months that have ended, closed by a night at some moment within it."""

    def __init__(self, house: House, seed: int) -> None:
        self.house, self.random = house, random.Random(seed)
        self.people = [house.new_collaborator() for _ in range(3)]
        rules = {"resolver": self.random.choice(["sharedPool", "weightedPool", "topScoreWins"])}
        rules["poolRemainder"] = self.random.choice(["drop", "largest"])
        self.distributor = new_distributor(house, *self.people, since=before(EARLIER).start, **rules)
        self.sales: list[str] = []
        self.refunds: list[tuple[str, str]] = []

    def shuffled(self, messages: list[Message]) -> list[Message]:
        waiting = messages + [message for message in messages if self.random.random() < 0.2]
        self.random.shuffle(waiting)
        return waiting

    def step(self) -> None:
        moves: list[Callable[[], object]] = [self.sell, self.sell, self.refund, self.withdraw, self.score, self.score]
        moves += [self.deliver, self.generate, self.come_back, self.night]
        self.random.choice(moves)()

    def deliver(self) -> None:
        self.house.deliver(self.shuffled)

    def night(self) -> None:
        if self.random.random() < 0.5:
            close(self.house)

    def moment(self) -> str:
        return f"{self.random.choice(MONTHS)}-{self.random.randint(1, 28):02}T12:00:00.000Z"

    def sell(self) -> None:
        self.sales.append(f"ORD-{len(self.sales)}")
        sell(self.house, self.sales[-1], self.random.randint(1, 99), self.moment())

    def refund(self) -> None:
        if self.sales:
            self.refunds.append((self.random.choice(self.sales), f"R-{len(self.refunds)}"))
            name, number = self.refunds[-1]
            self.house.refund(name, refundId=number, amount=self.random.randint(1, 60))  # or 409: too much

    def withdraw(self) -> None:
        if self.refunds:
            name, number = self.random.choice(self.refunds)
            body = {"source": "shopify", "externalId": name, "refundId": number}
            assert self.house.post("/event/refund-withdrawn", body).status == 200

    def score(self) -> None:
        person = self.random.choice(self.people)
        answer = score(self.house, self.distributor, person, self.random.randint(1, 9), self.moment())
        assert answer.status in (201, 409)

    def generate(self) -> None:
        assert self.house.post("/fulfillments/generate", {}).status in (201, 409)

    def come_back(self) -> None:
        found = [it["listed"] for it in self.house.ledger("payout") if it["listed"]["status"] in LIVE]
        if found:
            rows = [{"payoutId": self.random.choice(found)["id"], "status": "failed"}]
            assert self.house.post("/payouts/results", {"rows": rows}).status == 200


def shares(distribution: Item) -> int:
    return sum(it["value"] for it in distribution["allocations"])


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_whatever_happens_each_month_shares_its_part_of_what_was_kept(house: House, seed: int):
    history = History(house, seed)
    for _ in range(STEPS):
        history.step()
    history.deliver()
    close(house)

    require_agreement(house)
    kept, owed = revenue(house), Counter[int]()
    for month in house.get("/distributions").json:
        assert month["revenue"] == kept.get(month["periodStart"][:7], 0)
        assert month["allocated"] == shares(month) <= month["pool"] == (month["revenue"] + 5) // 10
        owed.update({it["collaboratorId"]: it["value"] for it in month["allocations"]})
    assert {who: it for who, it in balances(house).items() if it} == {who: it for who, it in owed.items() if it}
    assert house.changes_of_repeats() == 0
