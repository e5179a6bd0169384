"""Buyers and their orders, written to the ledger directly, as a dialect would write them."""

from decimal import Decimal
from typing import Any

from local.seed import ORGANIZATION
from tributary.domain.refund import RefundRequest
from tributary.domain.transaction import Sale
from tributary.ledger.customers import customers
from tributary.ledger.customers.customers import Identity
from tributary.ledger.refunds import refund_items, refunds
from tributary.ledger.sales import transactions

ADA, MAIL, CRM = "ada@example.com", Identity(email="ada@example.com"), Identity(external_id="crm-1")
BOTH = Identity(email="ada@example.com", external_id="crm-1")
MONDAY, TUESDAY, WEDNESDAY = (f"2026-11-{day:02}T12:00:00.000Z" for day in (2, 3, 4))


def upsert(identity: Identity, at: str = MONDAY, prefer: Any = "email", **profile: Any) -> int:
    return customers.upsert(ORGANIZATION, identity, profile, at, prefer).customer_id


def read(customer_id: int) -> Any:
    item = customers.get(ORGANIZATION, customer_id)
    assert item is not None
    return item["listed"]


def sold(customer_id: int | None, external_id: str = "1", total: int = 1000, at: str = MONDAY, **members: Any) -> int:
    sale = Sale("shop", external_id, None, total, members.pop("currency", "USD"), at, customer_id=customer_id)
    return transactions.record(ORGANIZATION, sale).transaction.id


def totals(customer_id: int) -> list[tuple[str, int, int, int]]:
    rows = read(customer_id)["totals"]
    return [(it["currency"], it["ordersCount"], it["totalSpent"], it["refundedTotal"]) for it in rows]


def partly_refunded(refund_id: str, amount: int, external_id: str = "1") -> None:
    demand = RefundRequest(Decimal(amount), minor=True)
    refunds.record(ORGANIZATION, refund_items.Reported("shop", external_id, refund_id, demand), capped=True)
