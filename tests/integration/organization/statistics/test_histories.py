"""Random histories of sales, refunds, edits, deletions, reviews and payouts: the sums of closed hours are those of the
changes, however often and in whatever order the hours are closed."""

import os
import random
from collections.abc import Callable

import pytest

from tests.integration.organization.statistics import hours
from tests.integration.organization.statistics.hours import BEGIN, Clock
from tests.stack.exchange import Item, Message
from tests.stack.house import House, in_process
from tests.stack.moto_stack import stream
from tests.stack.scenarios.past import line
from tributary.domain import times

HISTORIES = 100 if os.environ.get("STORM") == "whole" else 3
STEPS = 30


class History:
    """A random history over some days, told to the ledger by its calls."""

    def __init__(self, house: House, clock: Clock, seed: int) -> None:
        self.house, self.clock, self.random = house, clock, random.Random(seed)
        self.since = len(stream())
        programs = [
            house.new_program(clawback=clawback, calculation={"autoApprove": approve}, units=units)
            for clawback, approve, units in (("carryForward", True, "USD"), ("none", False, "USD"))
        ]
        self.affiliates = [house.new_collaborator(program) for program in programs]
        self.sales: list[str] = []
        self.refunds: list[tuple[str, str]] = []

    def step(self) -> None:
        self.move()
        if self.random.random() < 0.5:
            self.deliver()
        if self.random.random() < 0.5:
            self.wait()

    def move(self) -> None:
        moves: list[Callable[[], object]] = [self.sell, self.sell, self.sell, self.refund, self.refund, self.withdraw]
        moves += [self.edit, self.end, self.review, self.owe, self.act, self.generate, self.pay, self.pay, self.fail]
        self.random.choice(moves)()

    def wait(self) -> None:
        """Some time passes; the schedule comes past each hour, with messages that may be late, lost or twice."""
        self.clock.passes(minutes=self.random.choice((1, 20, 70)))
        if self.random.random() < 0.5:
            hours.tick(self.house, self.clock)

    def deliver(self) -> None:
        self.house.deliver(self.shuffled)

    def shuffled(self, messages: list[Message]) -> list[Message]:
        waiting = messages + [message for message in messages if self.random.random() < 0.2]
        self.random.shuffle(waiting)
        return waiting

    def sell(self) -> None:
        name, amount = f"ORD-{len(self.sales)}", self.random.randint(1, 99)
        if self.random.random() < 0.2:  # its refund comes first
            self.refund_of(name)
            self.deliver()
        visit = self.house.new_visit(self.random.choice(self.affiliates))
        currency = self.random.choice(("USD", "USD", "JPY"))
        for _ in range(self.random.randint(1, 2)):  # or the shop repeats it
            told = self.house.sale(name, visit, total=amount, items=[line(amount)], currency=currency)
            assert told.status == 200, told.text
        self.sales.append(name)

    def refund(self) -> None:
        if self.sales:
            self.refund_of(self.random.choice(self.sales))

    def refund_of(self, name: str) -> None:
        number = f"R-{len(self.refunds)}"
        part = {"refundId": number, "amount": self.random.randint(1, 40)} if self.random.random() < 0.7 else {}
        if part:
            self.refunds.append((name, number))
        self.house.refund(name, **part)  # or 404, or 409 for too much

    def withdraw(self) -> None:
        if self.refunds:
            name, number = self.random.choice(self.refunds)
            body = {"source": "shopify", "externalId": name, "refundId": number}
            self.house.post("/event/refund-withdrawn", body)

    def edit(self) -> None:
        if self.sales:
            name, total = self.random.choice(self.sales), self.random.randint(1, 99)
            items = [line(total)]
            body = {"source": "shopify", "externalId": name, "total": total, "changedAt": BEGIN, "items": items}
            self.house.post("/event/sale-changed", body, key="events")

    def end(self) -> None:
        self.bulk("transactions", "transaction", self.random.choice(("cancel", "refund", "delete")))

    def review(self) -> None:
        actions = ("approve", "reject", "markPending", "delete", "permanent_delete")
        self.bulk("conversions", "conversion", self.random.choice(actions))

    def act(self) -> None:
        actions = ("approve", "reject", "markPending", "markComplete", "delete", "permanent_delete")
        self.bulk("obligations", "obligation", self.random.choice(actions))

    def bulk(self, path: str, entity: str, action: str) -> None:
        found = [it["listed"]["id"] for it in self.house.ledger(entity) if "listPk" in it]
        if found:
            ids = self.random.sample(found, min(len(found), 2))
            answer = self.house.post(f"/{path}/bulk", {"action": action, "ids": ids})
            assert answer.status == 200, answer.text

    def owe(self) -> None:
        body = {"collaboratorId": self.random.choice(self.affiliates), "value": self.random.choice((-300, 500))}
        assert self.house.post("/obligations", body).status == 201

    def generate(self) -> None:
        assert self.house.post("/fulfillments/generate", {}).status in (201, 409)
        self.deliver()

    def pay(self) -> None:
        self.bulk("payouts", "payout", self.random.choice(("markPaid", "markPaid", "markUnpaid")))

    def fail(self) -> None:
        if payouts := [it["listed"] for it in self.house.ledger("payout")]:
            rows = [{"payoutId": self.random.choice(payouts)["id"], "status": "failed"}]
            assert self.house.post("/payouts/results", {"rows": rows}).status == 200

    def settle(self) -> str:
        """Deliver everything, and let the last hour come due; the moment then."""
        self.deliver()
        self.clock.passes(hours=2)
        return self.clock()

    def close_everything(self, until: str) -> None:
        messages = self.shuffled(self.past(until))
        while messages:
            hours.close(self.house, [messages.pop()])

    def past(self, until: str) -> list[Message]:
        return hours.schedule(self.house, until, organization="demo", **{"from": BEGIN, "to": until})


def by_hour(rows: list[Item]) -> dict[str, hours.Totals]:
    found = {row["from"][:13]: hours.totals([row]) for row in rows}
    return {hour: sums for hour, sums in found.items() if sums}


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_whatever_happens_and_however_hours_are_closed_their_sums_are_those_of_the_changes(seed: int) -> None:
    with hours.clock() as clock, in_process() as house:
        history = History(house, clock, seed)
        for _ in range(STEPS):
            history.step()
        until = history.settle()
        history.close_everything(until)

        expected = hours.worked_out(history.since)
        assert by_hour(hours.asked(house, by="hour", **{"from": BEGIN, "to": until})) == expected
        for by in ("day", "month"):
            rows = hours.asked(house, by=by, **{"from": "2026-03-01T00:00:00Z", "to": until})
            assert hours.net(hours.totals(rows)) == hours.lists(house), by
            for row in rows:
                within = [sums for hour, sums in expected.items() if row["from"][:13] <= hour < row["to"][:13]]
                assert hours.totals([row]) == added(within), row["from"]

        before = hours.kept(house)
        history.close_everything(until)
        assert hours.kept(house) == before


@pytest.mark.parametrize("seed", range(HISTORIES, HISTORIES + 1))
def test_the_schedule_alone_comes_to_the_same_although_the_relay_is_late_by_hours(seed: int) -> None:
    with hours.clock() as clock, in_process() as house:
        history = History(house, clock, seed)
        for _ in range(5):
            for _ in range(3):
                history.move()
            passing(house, clock)
        history.deliver()
        for _ in range(25):
            passing(house, clock)

        rows = hours.asked(house, by="hour", **{"from": BEGIN, "to": clock()})
        assert by_hour(rows) == hours.worked_out(history.since)


def passing(house: House, clock: Clock) -> None:
    """An hour passes, up to the moment of its schedule."""
    clock.now = times.later(clock.now[:13] + ":20:00.000Z", hours=1)
    hours.tick(house, clock)


def added(parts: list[hours.Totals]) -> hours.Totals:
    found: hours.Totals = {}
    for part in parts:
        for (figure, currency), (number, value) in part.items():
            hours.count(found, figure, currency, number, value)
    return hours.tidy(found)
