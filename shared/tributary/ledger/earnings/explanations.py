"""Explanations of stored obligations: the decision that earned them, payments and adjustments since."""

from typing import Any

from tributary.domain.errors import Conflict
from tributary.domain.explanation import explain_obligation
from tributary.domain.payout_explanation import Payment, adjustment_steps, by_hand_steps, share_steps
from tributary.ledger.earnings import allocations, awards, conversions, credit_items, decisions, obligations
from tributary.ledger.store import id_index, table
from tributary.ledger.store.values import Item


def of_obligation(item: Item) -> dict[str, Any]:
    """An obligation in words and numbers. One Query of its decision; one GetItem more if it was paid."""
    if credit_items.is_credit(item):
        return _of_credit(item)
    found = explain_obligation(item["listed"], *decisions.of_obligation(item))
    steps, payment = [found["candidate"]["explanation"]], _payment(item)
    return found | _since(item, payment, steps)


def _of_credit(item: Item) -> dict[str, Any]:
    listed = item["listed"]
    found = explain_obligation(listed, None, None, None)
    payment = Payment(listed) if listed["status"] == "complete" else None
    if allocations.is_allocated(item):
        return found | _since(item, _payment_of_share(item), _share_steps(item))
    if (adjusts := listed.get("adjusts")) is None:
        return found | _since(item, payment, by_hand_steps(listed))
    adjusted = _adjusted(item, adjusts)
    if adjusted and allocations.is_allocated(adjusted):
        steps = [*_share_steps(adjusted), *adjustment_steps(listed, adjusts, _payment_of_share(adjusted))]
        return found | _since(item, payment, steps)
    candidate = explain_obligation(listed, *decisions.of_obligation(adjusted))["candidate"] if adjusted else None
    steps = [candidate["explanation"]] if candidate else []
    steps += adjustment_steps(listed, adjusts, _payment(adjusted) if adjusted else None)
    return found | {"candidate": candidate} | _since(item, payment, steps)


def _since(item: Item, payment: Payment | None, steps: list[str]) -> dict[str, Any]:
    listed = item["listed"]
    return {
        "adjusts": listed.get("adjusts"),
        "adjusted": payment.moved if payment else 0,
        "review": payment.review if payment else False,
        "reason": listed.get("reason"),
        "explanation": "\n".join([*steps, *(payment.steps if payment else [])]),
    }


def _adjusted(item: Item, obligation_id: int) -> Item | None:
    """The obligation that an adjustment is about, unless deleted for good."""
    try:
        return id_index.find(item["organization"], awards.OBLIGATION, obligation_id)
    except Conflict:
        return None


def _share_steps(item: Item) -> list[str]:
    distribution = table.get(*allocations.distribution_of(item))
    return share_steps(distribution or {}, item["listed"]["collaboratorId"])


def _payment_of_share(item: Item) -> Payment | None:
    """The payment of an allocation's obligation, None unless it is complete."""
    distribution = table.get(*allocations.distribution_of(item))
    if item["listed"]["status"] != "complete" or distribution is None:
        return None
    worth = allocations.worth_of(distribution, item["listed"]["collaboratorId"])
    moved, clawback = item.get("moved", 0), distribution["clawback"]
    return Payment(item["listed"], moved, worth, clawback, follows="share", payer="distributor")


def _payment(item: Item) -> Payment | None:
    """The payment of a conversion's obligation, None unless it is complete."""
    listed = item["listed"]
    if listed["status"] != "complete":
        return None
    stored = table.get(*awards.conversion_key(item))
    if stored is None:
        raise LookupError("an obligation without its conversion")
    conversion = conversions.of_item(stored)
    wanted = obligations.wanted_by(conversion)
    worth = 0 if wanted.status == "rejected" else wanted.value
    clawback = conversion.award.get("clawback", "none")
    return Payment(listed, item.get("moved", 0), worth, clawback, item.get("settled", False))
