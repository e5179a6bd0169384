"""Refunds as items of the table: `refund#<digest of its id>` in the partition of the sale."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tributary.domain.errors import NotFound
from tributary.domain.ids import cause_id, text_digest
from tributary.domain.refund import RefundedItem, RefundRequest
from tributary.ledger.sales import transaction_items
from tributary.ledger.store.id_index import label
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header
from tributary.ledger.store.values import Item

KIND = "refund"
#: The status of a parked refund in another currency than its sale turned out to have.
REFUSED = "refused"
#: The marker in a future sale's partition that lists the keys of its parked refunds.
PARKED = "parked"
#: The refund id of a whole refund that arrived before its sale.
WHOLE = ""


@dataclass(frozen=True)
class Reported:
    """A reported refund; `refund_id` is unique among those of its sale. `currency` is None if it names none."""

    source: str
    external_id: str
    refund_id: str
    demand: RefundRequest
    reason: str = ""
    currency: str | None = None


def sk(refund_id: str) -> str:
    return f"refund#{text_digest(refund_id)}"


def absent(refund: Reported) -> NotFound:
    """The error for a refund without its sale."""
    context = {"source": refund.source, "externalId": refund.external_id}
    return NotFound("There is no sale with this source and externalId.", context)


def item_of(
    organization: str,
    transaction_id: int,
    refund: Reported,
    now: str,
    amount: int | None = None,
    currency: str = "",
    parked: Item | None = None,
) -> Item:
    """The stored form of a refund: applied with the `amount` it took, perhaps after having been `parked`, or still
    waiting."""
    # A parked refund keeps its creation date: a walk would skip or repeat a record that moves in its list.
    created_at = parked["listed"]["dateCreated"] if parked else now
    refund_record = cause_id(organization, KIND, transaction_id, refund.refund_id)
    return {
        **item_header(
            KIND, organization, (transaction_items.pk(organization, transaction_id), sk(refund.refund_id)), now
        ),
        "asked": _asked(refund),
        "listed": {
            "id": refund_record,
            "refundId": refund.refund_id or None,
            "transactionId": None if amount is None else transaction_id,
            "status": PARKED if amount is None else "applied",
            "amount": amount,
            "currency": currency or None,
            "reason": refund.reason,
            "source": transaction_items.binding(refund.source),
            "sourceId": refund.external_id,
            "dateCreated": created_at,
            "dateModified": now,
        },
        **label(organization, KIND, refund_record),
        **listing(organization, KIND, refund_record, created_at),
    }


def _asked(refund: Reported) -> Item:
    demand = refund.demand
    return {
        "source": refund.source,
        "amount": None if demand.amount is None else str(demand.amount),
        "minor": demand.minor,
        "items": [
            {"amount": str(item.amount), "externalId": item.external_id, "position": item.position}
            | ({} if item.quantity == 1 else {"quantity": str(item.quantity)})
            for item in demand.items
        ],
    }


def reported_of(item: Mapping[str, Any]) -> Reported:
    """The report of a stored refund."""
    asked, listed = item["asked"], item["listed"]
    demand = RefundRequest(
        None if asked["amount"] is None else Decimal(asked["amount"]),
        tuple(
            RefundedItem(Decimal(it["amount"]), it["externalId"], it["position"], Decimal(it.get("quantity", 1)))
            for it in asked["items"]
        ),
        asked["minor"],
    )
    return Reported(asked["source"], listed["sourceId"], listed["refundId"] or WHOLE, demand, listed["reason"])
