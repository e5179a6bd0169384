"""Payouts that hold obligations, found by the name that a claim leaves on each of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from tributary.ledger.store import table
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

PAYOUT = "payout"


def payout_key(organization: str, fulfillment_id: int, collaborator_id: int, currency: str) -> Key:
    """The key of a payout, in the partition of its batch."""
    return f"{organization}#fulfillment#{fulfillment_id}", f"{PAYOUT}#{collaborator_id}#{currency}"


def of(obligations: Iterable[Item]) -> dict[int, Item]:
    """The payouts that hold obligations, by their own ids. One BatchGetItem per hundred, none without one."""
    found = table.batch_get(place for item in obligations if (place := _place(item)))
    return {item["listed"]["id"]: item for item in found.values()}


def _place(obligation: Mapping[str, Any]) -> Key | None:
    listed, batch = obligation["listed"], obligation.get("fulfillmentId")
    if listed["payoutId"] is None or batch is None:
        return None
    return payout_key(obligation["organization"], batch, listed["collaboratorId"], listed["currency"])
