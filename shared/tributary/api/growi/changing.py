"""Changes of an affiliate sale: what it earned follows at once, by the rules that were frozen with it."""

from typing import Any, cast

from tributary.api.growi import sales
from tributary.api.growi.bodies import AffiliateSaleChange
from tributary.domain.errors import Conflict, Failure, ValidationFailed
from tributary.domain.transaction import Transaction, amended_sale
from tributary.ledger import (
    amendments,
    attribution,
    customer_totals,
    customers,
    obligations,
    table,
    transaction_items,
)
from tributary.ledger.affiliate_sales import AffiliateSale, earned
from tributary.ledger.customers import Identity
from tributary.ledger.values import Item

_TRIES = 25
_AMOUNTS = ("total", "subtotal", "currency", "commission")


def change(organization: str, sale_id: int, asked: AffiliateSaleChange, now: str) -> AffiliateSale:
    """Changes a sale and all that came of it, and returns it. NotFound if there is none; Conflict for one that has
    ended, for what was paid, and for less than was given back. A repeat finishes what did not happen."""
    for _ in range(_TRIES):
        item = sales.item(organization, sale_id)
        sale = _decided(item)
        try:
            _write(item, sale, asked, now)
        except table.ConditionFailed:
            continue
        _follow(organization, sale_id, sale.transaction)
        return sales.sale(organization, sale_id)
    raise TimeoutError("the sale kept moving")


def _write(item: Item, sale: AffiliateSale, asked: AffiliateSaleChange, now: str) -> None:
    transaction = transaction_items.of_item(item)
    if transaction.status != "complete":
        if transaction.status == "cancelled" and asked.model_dump(exclude_unset=True) == {"status": "cancelled"}:
            return
        raise Conflict(f"status: the sale is {transaction.status} and changes no more")
    _require_unpaid(sale, asked)
    if asked.status == "cancelled":
        amendments.cancel(item, now)
        return
    changes = _amounts(transaction, sale, asked) | _moments(transaction, asked) | _buyer(transaction, asked, now)
    said = transaction.settlement if asked.status is None else asked.status
    amendments.amend(item, changes, None if (transaction.settlement, said) == (None, "unpaid") else said, now)


def _require_unpaid(sale: AffiliateSale, asked: AffiliateSaleChange) -> None:
    """Amounts that were paid change no more; what was said to be paid may be said to be unpaid first."""
    owed = [award["obligation"] for award in sale.awards if "obligation" in award]
    complete = [it for it in owed if it["listed"]["status"] == "complete"]
    amounts = any(getattr(asked, name) is not None for name in _AMOUNTS)
    if any(not it.get("settled") for it in complete) and (amounts or asked.status not in (None, "paid")):
        raise Conflict("status: what the sale earned was paid out")
    if sale.transaction.settled and asked.status != "unpaid" and (amounts or asked.status == "cancelled"):
        raise Conflict("status: the sale is paid; make it unpaid to change what it earned")


def _amounts(transaction: Transaction, sale: AffiliateSale, asked: AffiliateSaleChange) -> dict[str, Any]:
    changes = {name: value for name in _AMOUNTS if (value := getattr(asked, name)) is not None}
    before = transaction.sale
    if "subtotal" in changes and "total" not in changes and before.total == before.subtotal:
        changes["total"] = changes["subtotal"]  # there was no other total
    if changes and "commission" not in changes and {"total", "subtotal"} & changes.keys():
        changes["commission"] = None
    if asked.commission is not None and len(sale.awards) > 1:
        sentence = "commission must be left out where several campaigns pay."
        raise ValidationFailed([Failure("commission", sentence, "UNKNOWN")])
    if not sale.awards and (asked.commission is not None or asked.currency not in (None, before.currency)):
        name = "commission" if asked.commission is not None else "currency"
        raise Conflict(f"{name}: the sale earned nothing; report it anew under another order_id")
    left = amended_sale(before, changes).details[0].total
    if transaction.refunded and left <= transaction.refunded:
        raise Conflict(f"total: {transaction.refunded} of the sale was given back; more must be left")
    if transaction.refunded and asked.currency not in (None, before.currency):
        raise Conflict("currency: a part of the sale was given back in the one it has")
    return changes


def _moments(transaction: Transaction, asked: AffiliateSaleChange) -> dict[str, Any]:
    """A sale occurred before it was reported; lists rely on it."""
    if asked.occurred_at is not None and asked.occurred_at > transaction.created_at:
        sentence = f"occurred_at must not be after {transaction.created_at}, when the sale was reported."
        raise ValidationFailed([Failure("occurred_at", sentence, "MAX")])
    given = {"occurred_at": asked.occurred_at, "due_at": asked.due_at}
    return {name: value for name, value in given.items() if value is not None}


def _buyer(transaction: Transaction, asked: AffiliateSaleChange, now: str) -> dict[str, Any]:
    """Another e-mail or uid is another buyer, null nobody; a name alone is the present buyer's."""
    given, present = asked.model_fields_set, transaction.sale.customer_id
    profile = {"name": asked.customer_name} if "customer_name" in given else {}
    if asked.customer_email is not None or asked.visitor_uid is not None:
        identity = Identity(email=asked.customer_email, external_id=asked.visitor_uid)
        return {"customer_id": customers.upsert(transaction.organization, identity, profile, now)}
    if {"customer_email", "visitor_uid"} & given:
        return {"customer_id": None}
    if profile and present is not None:
        customers.upsert(transaction.organization, Identity(prof_id=present), profile, now)
    return {}


def _decided(item: Item) -> AffiliateSale:
    """The sale with what it has earned, also if its attribution has not happened yet."""
    sale = earned(item)
    if sale.awards or attribution.converge(item["organization"], sale.transaction.id) != "decided":
        return sale
    return earned(item)


def _follow(organization: str, sale_id: int, before: Transaction) -> None:
    """Brings all that came of the sale to what it is now."""
    attribution.converge(organization, sale_id)
    obligations.converge(organization, "transaction", sale_id)
    after = transaction_items.of_item(sales.item(organization, sale_id))
    buyers = {before.sale.customer_id, after.sale.customer_id, after.first.customer_id} - {None}
    for buyer in cast(set[int], buyers):
        customer_totals.converge(organization, buyer, sale_id)
