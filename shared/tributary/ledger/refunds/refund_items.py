"""Refunds as items of the table: `refund#<digest of its id>` in the partition of the sale."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tributary.domain.endings import UNDATED
from tributary.domain.errors import NotFound
from tributary.domain.given_back import FINE, GivenBack
from tributary.domain.ids import cause_id, text_digest
from tributary.domain.refund import RefundedItem, RefundRequest, exact_demand, without_names
from tributary.domain.transaction import Transaction
from tributary.ledger.sales import transaction_items
from tributary.ledger.store.id_index import label
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header, replace_unchanged, touch, update_unchanged_action
from tributary.ledger.store.values import Item

KIND = "refund"
APPLIED = "applied"
#: The status of a parked refund in another currency than its sale turned out to have.
REFUSED = "refused"
#: The status of a refund that counts as never reported. Without the report itself, only its withdrawal has come.
WITHDRAWN = "withdrawn"
#: The marker in a future sale's partition that lists the keys of its parked refunds.
PARKED = "parked"
#: The refund id of a whole refund that arrived before its sale.
WHOLE = ""


@dataclass(frozen=True)
class Reported:
    """A reported refund; `refund_id` is unique among those of its sale. `currency` is None if it names none; `at` is
    the moment of a whole refund."""

    source: str
    external_id: str
    refund_id: str
    demand: RefundRequest
    reason: str = ""
    currency: str | None = None
    at: str = UNDATED

    @property
    def is_whole(self) -> bool:
        """True for a refund of the whole sale, which has no id of its own."""
        return self.refund_id == WHOLE and self.demand == RefundRequest()

    @property
    def sk(self) -> str:
        """The sort key; whole refunds of other moments have keys of their own."""
        return sk(self.refund_id) + (f"#{self.at}" if self.at else "")


@dataclass(frozen=True)
class Withdrawal:
    """A reported withdrawal: of one refund, or without `refund_id` of whole refunds and cancellations up to `at`."""

    source: str
    external_id: str
    refund_id: str | None = None
    at: str = ""


def sk(refund_id: str) -> str:
    return f"refund#{text_digest(refund_id)}"


def absent(refund: Reported) -> NotFound:
    """The error for a refund without its sale."""
    return no_sale(refund.source, refund.external_id)


def no_sale(source: str, external_id: str) -> NotFound:
    return NotFound("There is no sale with this source and externalId.", {"source": source, "externalId": external_id})


def item_of(
    organization: str,
    transaction_id: int,
    refund: Reported,
    now: str,
    amount: int | None = None,
    currency: str = "",
    parked: Item | None = None,
    status: str | None = None,
) -> Item:
    """The stored form of a refund: applied with the `amount` it took, perhaps after having been `parked`, or still
    waiting, unless it has another `status`."""
    # A parked refund keeps its creation date: a walk would skip or repeat a record that moves in its list.
    created_at = parked["listed"]["dateCreated"] if parked else now
    refund_record = cause_id(organization, KIND, transaction_id, refund.refund_id, *([refund.at] if refund.at else []))
    return {
        **item_header(KIND, organization, (transaction_items.pk(organization, transaction_id), refund.sk), now),
        "asked": _asked(refund),
        "listed": {
            "id": refund_record,
            "refundId": refund.refund_id or None,
            "transactionId": None if amount is None else transaction_id,
            "status": status or (PARKED if amount is None else APPLIED),
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
    return ({"at": refund.at} if refund.at else {}) | {
        "source": refund.source,
        "amount": None if demand.amount is None else str(demand.amount),
        "minor": demand.minor,
        **({"soFar": True} if demand.so_far else {}),
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
        asked.get("soFar", False),
    )
    return Reported(
        asked["source"],
        listed["sourceId"],
        listed["refundId"] or WHOLE,
        demand,
        listed["reason"],
        at=asked.get("at", UNDATED),
    )


def is_reported(item: Mapping[str, Any]) -> bool:
    """False for a withdrawal whose refund has not been reported."""
    return "asked" in item


def withdrawal_item(organization: str, transaction_id: int, refund_id: str, now: str) -> Item:
    """The stored form of a withdrawal that comes before its refund, in the refund's place."""
    place = (transaction_items.pk(organization, transaction_id), sk(refund_id))
    return {**item_header(KIND, organization, place, now), "listed": {"status": WITHDRAWN, "dateModified": now}}


def fill(withdrawal: Item, refund: Item) -> None:
    """Put the record of a refund in place of the withdrawal that came before it."""
    replace_unchanged(refund | {"version": withdrawal["version"] + 1}, withdrawal["version"])


def added(item: Mapping[str, Any]) -> GivenBack:
    """The sums that an applied refund added to its sale's; of an earlier record, the amounts it took, by detail."""
    if (taken := item.get("lines")) is not None:
        lines = {int(place): amount * FINE for place, amount in taken.items()}
        return GivenBack(lines, loose=item["listed"]["amount"] * FINE - sum(lines.values()))
    asked = exact_demand(reported_of(item).demand, item["listed"]["currency"])
    return without_names(asked) if item.get("unnamed") else asked


def settled_without_effect(item: Mapping[str, Any], transaction: Transaction, now: str) -> Item:
    """Changes that name the sale of a parked refund which takes nothing from it."""
    named = {"transactionId": transaction.id, "amount": 0, "currency": transaction.sale.currency}
    return {**{f"listed.{name}": value for name, value in named.items()}, **touch(now, item["version"] + 1)}


def withdraw_action(held: Item, now: str) -> Item:
    """Transaction action: mark a refund as withdrawn, at the version read."""
    changes = {"listed.#status": WITHDRAWN, **touch(now, held["version"] + 1)}
    return update_unchanged_action((held["pk"], held["sk"]), held["version"], changes)
