"""A history in one in-process stack, driven from outside: reports, reviews and deliveries."""

from collections.abc import Callable
from random import Random
from typing import Any

from tests.stack.exchange import Item, Message
from tests.stack.house import House
from tests.stack.ledger_comparison import OF_WRITES, without_circumstances

LEAD_CENTS = 300
_LEAD, _COUPON = "signup", "ADA10"
_TRIGGERS = {"siteVisited": {"value": 100}, "couponUsed": {"value": 50}}

#: Each record of a ledger by its key, and the amount owed for each sale and lead.
Records = dict[str, Any]
Cents = dict[str, int]


class History:
    """Ada brings visitors, every other one by her coupon, and gets 10 % of a sale and an amount for a lead. Ben, who
    comes after her, shares 5 % with her. Nothing is approved automatically."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.visits: list[int] = []
        self._waiting: list[Message] = []
        percent = house.new_program(engagementTypes=_TRIGGERS, calculation={"autoApprove": False})
        pool = {"transactionPercent": 5, "autoApprove": False}
        shared = house.new_program(engagementTypes=_TRIGGERS, incentiveResolverType="sharedPool", calculation=pool)
        pays = {"payoutPerLead": LEAD_CENTS, "activeConversionTypes": [_LEAD], "autoApprove": False}
        leads = house.new_program(engagementTypes=_TRIGGERS, incentiveType="leadFixed", calculation=pays)
        codes = [{"type": "tracking", "code": "ADA"}, {"type": "coupon", "code": _COUPON}]
        self._ada = house.new_collaborator(percent, shared, leads, aliases=codes)
        self._ben = house.new_collaborator(shared, aliases=[{"type": "tracking", "code": "BEN"}])
        assert house.post("/event-types", {"slug": _LEAD, "action": "lead"}).status == 201
        house.deliver()

    # reports and reviews

    def new_visit(self) -> int:
        by_coupon = len(self.visits) % 2 == 1
        answer = (
            self.house.post("/event/coupon-applied", {"code": _COUPON}, key="events")
            if by_coupon
            else self.house.visit(self._ada)
        )
        visit = answer.headers["X-Siren-OID"]
        assert self.house.visit(self._ben, headers={"X-Siren-OID": visit}).status == 200
        self.visits.append(int(visit))
        return self.visits[-1]

    def sale(self, number: int, visit: int, cents: int) -> None:
        amount = f"{cents // 100}.{cents % 100:02d}"
        answer = self.house.sale(name(number), visit, total=amount, items=[{"name": "Widget", "amount": amount}])
        assert answer.status == 200, answer.text

    def lead(self, number: int, visit: int) -> None:
        body = {"trackingId": visit, "externalId": name(number)}
        assert self.house.post(f"/event/{_LEAD}", body, key="events").status == 200

    def refund(self, number: int) -> None:
        assert self.house.refund(name(number)).status == 200

    def approve(self, wanted: Callable[[Item], bool] = lambda _: True) -> None:
        ids = [it["listed"]["id"] for it in self.house.ledger("conversion") if wanted(it)]
        if ids:
            assert self.house.post("/conversions/bulk", {"action": "approve", "ids": ids}).status == 200

    # deliveries

    def consume(self, wanted: Callable[[Message], bool]) -> None:
        """Consumes the wanted messages that have arrived; the others wait."""
        self._collect()
        chosen = [message for message in self._waiting if wanted(message)]
        self._waiting = [message for message in self._waiting if message not in chosen]
        for message in chosen:
            assert self.house.consume(message)

    def attribute(self, most: int | None = None) -> None:
        """Attributes the next so many sales, leads and refunds, or all, in the order of their reports."""
        self._collect()
        due = [message for message in self._waiting if is_attribution(message)][:most]
        self.consume(due.__contains__)

    def again(self, wanted: Callable[[Message], bool] = lambda _: True) -> None:
        """Delivers the wanted handled messages once more."""
        for message in [message for message in self.house.handled if wanted(message)]:
            assert self.house.consume(message)

    def come_to_rest(self) -> None:
        """Consumes everything that waits, repeats the reviewer's approvals, and delivers every event again."""
        self.attribute()
        self.consume(lambda _: True)
        self.house.deliver()
        self.approve()
        self.house.deliver()
        assert self.house.changes_of_repeats() == 0

    # results

    def records(self) -> Records:
        return {
            f"{item['pk']} {item['sk']}": without_circumstances(item)
            for item in self.house.ledger()
            if item["entity"] not in OF_WRITES
        }

    def cents(self) -> Cents:
        """Outstanding amounts, by the partition of the sale or lead that earned them."""
        owed: Cents = {}
        for item in self.house.ledger("obligation"):
            if item["listed"]["status"] == "pending":
                owed[item["pk"]] = owed.get(item["pk"], 0) + item["listed"]["value"]
        return owed

    def _collect(self) -> None:
        self.house.publish()
        self._waiting += self.house.arrived()


def name(number: int) -> str:
    return f"ORD-{number}"


def is_attribution(message: Message) -> bool:
    return message.function == "attribute_sale"


def some(chance: Random, share: float = 0.5) -> Callable[[object], bool]:
    """Take each of them or leave it, at random."""
    return lambda _: chance.random() < share
