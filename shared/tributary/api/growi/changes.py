"""Changes of an affiliate sale. Its earnings follow at once, by the rules frozen with it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from tributary.api.growi import sales
from tributary.api.growi.dialect import refused
from tributary.api.growi.requests.affiliate_sales import AffiliateSaleChange
from tributary.domain.affiliate import awaits_payout, paid
from tributary.domain.affiliate import earned as earned_by
from tributary.domain.balance import restated
from tributary.domain.errors import Failure, NotFound, ValidationFailed
from tributary.domain.given_back import GivenBack
from tributary.domain.transaction import Sale, Transaction, amended_sale
from tributary.domain.withdrawn_currencies import withdrawn_before
from tributary.ledger.customers import customers
from tributary.ledger.customers.customers import Identity
from tributary.ledger.earnings import attribution, obligations
from tributary.ledger.earnings.affiliate_sales import AffiliateSale, earned
from tributary.ledger.sales import amendments
from tributary.ledger.store import table
from tributary.ledger.store.values import Item
from tributary.workflows import sale_effects

#: Statuses by which the shop says that it has paid.
PAYMENTS = ("paid", "paid_externally")
_TRIES = 25
_AMOUNTS = ("total", "subtotal", "currency", "commission")


def change(organization: str, sale_id: int, asked: AffiliateSaleChange, now: str) -> AffiliateSale:
    """Change a sale with all its effects, and return it. NotFound if there is none. ValidationFailed for a sale that
    has ended, was paid, or would fall below its refunds. A repeat finishes an interrupted change."""
    for _ in range(_TRIES):
        item = sales.item(organization, sale_id)
        sale = _decided(item)
        if sale.transaction.settlement not in (None, asked.status) and asked.status is not None:
            # Finish any interrupted change first: "paid" covers what is owed now, "unpaid" what "paid" has settled.
            sale_effects.reconcile_earnings(organization, sale_id)
        try:
            done = _write(item, sale, asked, now)
        except table.ConditionFailed:
            continue
        sale_effects.reconcile(organization, sale.transaction)
        if done:
            return sales.sale(organization, sale_id)
    raise TimeoutError("the sale kept moving")


def _write(item: Item, sale: AffiliateSale, asked: AffiliateSaleChange, now: str) -> bool:
    """Write the requested values that differ; return true once all are written. A cancelled sale accepts no changes,
    so they are written before a cancellation."""
    transaction, cancels = sale.transaction, asked.status == "cancelled"
    changes = _amounts(transaction.sale, asked) | _moments(asked)
    _require_currency_of_its_time(amended_sale(transaction.sale, changes))
    if transaction.status != "complete":
        if cancels and transaction.status == "cancelled" and _holds(transaction, changes, asked):
            return True
        raise refused("status", f"the sale is {transaction.status} and can no longer change")
    _require_unpaid(sale, asked, changes)
    _require_amounts(sale, asked, changes)
    _require_before_report(transaction, asked)
    changes |= _buyer(transaction, asked, now)
    said = transaction.settlement if asked.status is None or cancels or _paid_by_us(sale, asked) else asked.status
    settlement = None if (transaction.settlement, said) == (None, "unpaid") else said
    amended = amendments.amend(item, changes, settlement, now, _reserved(sale, said, now))
    if cancels and not amended:
        amendments.cancel(item, now)
    return not (cancels and amended)


def _reserved(sale: AffiliateSale, said: str | None, now: str) -> list[Item]:
    """Transaction actions that keep payouts from what the shop says it has paid itself."""
    if said not in PAYMENTS or sale.transaction.settled:
        return []
    owed = [award["obligation"] for award in sale.awards if "obligation" in award]
    return [obligations.reserve_action(it, now) for it in owed if it["listed"]["status"] in ("draft", "pending")]


def _paid_by_us(sale: AffiliateSale, asked: AffiliateSaleChange) -> bool:
    """True if "paid" repeats that our payouts paid everything; should one come back, the sale is unpaid again."""
    held = not sale.transaction.settled and any("payout" in award for award in sale.awards)
    return asked.status == "paid" and held and paid(sale.awards) >= earned_by(sale.awards)


def _holds(transaction: Transaction, changes: Mapping[str, Any], asked: AffiliateSaleChange) -> bool:
    """True if the sale and its buyer already have the requested values."""
    return amended_sale(transaction.sale, changes) == transaction.sale and _is_buyer(transaction, asked)


def _require_unpaid(sale: AffiliateSale, asked: AffiliateSaleChange, changes: Mapping[str, Any]) -> None:
    """Refuses other amounts for a paid sale; marking it unpaid first is allowed. Repeating the current values is no
    change."""
    owed = [award["obligation"] for award in sale.awards if "obligation" in award]
    complete = [it for it in owed if it["listed"]["status"] == "complete"]
    before = sale.transaction.sale
    amounts = amended_sale(before, {name: changes[name] for name in _AMOUNTS if name in changes}) != before
    if asked.status in PAYMENTS and not sale.transaction.settled and any(map(awaits_payout, sale.awards)):
        raise refused("status", "a payout holds what the sale earned; it is paid once that payout is")
    if any(not it.get("settled") for it in complete) and (amounts or asked.status not in (None, "paid")):
        raise refused("status", "what the sale earned was paid out")
    if sale.transaction.settled and asked.status != "unpaid" and (amounts or asked.status == "cancelled"):
        raise refused("status", "the sale is paid; make it unpaid to change what it earned")


def _amounts(before: Sale, asked: AffiliateSaleChange) -> dict[str, Any]:
    changes = {name: value for name in _AMOUNTS if (value := getattr(asked, name)) is not None}
    if "subtotal" in changes and "total" not in changes and before.total == before.subtotal:
        changes["total"] = changes["subtotal"]  # the subtotal was the total
    if changes and "commission" not in changes and {"total", "subtotal"} & changes.keys():
        changes["commission"] = None
    return changes


def _require_amounts(sale: AffiliateSale, asked: AffiliateSaleChange, changes: Mapping[str, Any]) -> None:
    """Refuses amounts that the sale's campaigns cannot pay by, or below its refunds."""
    transaction, before = sale.transaction, sale.transaction.sale
    if asked.commission is not None and len(sale.awards) > 1:
        sentence = "commission must be left out where several campaigns pay."
        raise ValidationFailed([Failure("commission", sentence, "UNKNOWN")])
    if not sale.awards and (asked.commission is not None or asked.currency not in (None, before.currency)):
        name = "commission" if asked.commission is not None else "currency"
        raise refused(name, "the sale earned nothing; report it anew under another order_id")
    after = restated(replace(transaction, sale=amended_sale(before, changes)))
    given = max(transaction.refunded, after.refunded)
    if given and after.refundable <= given:
        raise refused("total", f"{given} of the sale was given back; more must be left")
    if transaction.given != GivenBack() and asked.currency not in (None, before.currency):
        raise refused("currency", "a part of the sale was given back in the one it has")


def _moments(asked: AffiliateSaleChange) -> dict[str, Any]:
    given = {"occurred_at": asked.occurred_at, "due_at": asked.due_at}
    return {name: value for name, value in given.items() if value is not None}


def _require_before_report(transaction: Transaction, asked: AffiliateSaleChange) -> None:
    """Refuses a moment after the report; lists rely on that order."""
    if asked.occurred_at is not None and asked.occurred_at > transaction.created_at:
        sentence = f"occurred_at must not be after {transaction.created_at}, when the sale was reported."
        raise ValidationFailed([Failure("occurred_at", sentence, "MAX")])


def _require_currency_of_its_time(sale: Sale) -> None:
    """Refuses a currency that was withdrawn before the sale."""
    if month := withdrawn_before(sale.currency, sale.occurred_at):
        raise ValidationFailed([Failure("currency", f"currency was withdrawn in {month}.", "ENUM")])


def _buyer(transaction: Transaction, asked: AffiliateSaleChange, now: str) -> dict[str, Any]:
    """Another e-mail or uid names another buyer, null none; a name alone renames the current buyer."""
    if _is_buyer(transaction, asked):
        return {}
    given, present = asked.model_fields_set, transaction.sale.customer_id
    profile = {"name": asked.customer_name} if "customer_name" in given else {}
    if asked.customer_email is not None or asked.visitor_uid is not None:
        identity = Identity(email=asked.customer_email, external_id=asked.visitor_uid)
        return {"customer_id": customers.upsert(transaction.organization, identity, profile, now).customer_id}
    if {"customer_email", "visitor_uid"} & given:
        return {"customer_id": None}
    with suppress(NotFound):  # an erased buyer has no name
        customers.upsert(transaction.organization, Identity(prof_id=present), profile, now)
    return {}


def _is_buyer(transaction: Transaction, asked: AffiliateSaleChange) -> bool:
    """True if the buyer needs no change. Known values are not reported again: that would be news of a later moment, and
    a repeat must be none."""
    given = {kind: getattr(asked, name) for name, kind in _BUYER.items() if name in asked.model_fields_set}
    named = [value for kind, value in given.items() if kind != "name"]
    present = transaction.sale.customer_id
    if not given or present is None:
        return not any(named)
    if named and not any(named):
        return False
    customer = customers.get(transaction.organization, present)
    known = customer["fields"] if customer else {}
    wanted = {kind: value for kind, value in given.items() if kind == "name" or value is not None}
    return all(known.get(kind, {}).get("value") == value for kind, value in wanted.items())


_BUYER = {"customer_email": "email", "visitor_uid": "externalId", "customer_name": "name"}


def _decided(item: Item) -> AffiliateSale:
    """The sale with its earnings, attributed first if that has not happened yet."""
    sale = earned(item)
    if sale.awards:
        return sale
    attribution.reconcile(item["organization"], sale.transaction.id)
    return earned(item)
