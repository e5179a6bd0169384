"""Events of batches and their payouts. Amounts only: methods and bank data stay in the records."""

from tributary.domain.announced import Announced, Item, pick, status_changed


def fulfillment(old: Item | None, new: Item) -> Announced:
    data = {"fulfillmentId": new["listed"]["id"], **pick(new, "status", "payoutCount")}
    if old is None:
        yield "FulfillmentCreated", 1, data
    elif status_changed(old, new):
        yield "FulfillmentStatusChanged", new["version"], data
    elif old.get("attempt") != new.get("attempt"):
        yield "FulfillmentHandedOver", new["version"], data


def payout(old: Item | None, new: Item) -> Announced:
    data = {"payoutId": new["listed"]["id"]}
    data |= pick(new, "fulfillmentId", "collaboratorId", "status", "value", "currency")
    if old is None:
        yield "PayoutCreated", 1, data
    elif status_changed(old, new):
        yield _MOVED[new["listed"]["status"]], new["version"], data


_MOVED = {"paid": "PayoutPaid", "unpaid": "PayoutReopened", "failed": "PayoutFailed", "cancelled": "PayoutCancelled"}


def proof(old: Item | None, new: Item) -> Announced:
    if old is not None and status_changed(old, new):
        data = {"proofId": new["listed"]["id"], **pick(new, "payouts", "obligations", "disagreements")}
        yield "LedgerProved" if new["listed"]["status"] == "proved" else "LedgerDisproved", new["version"], data
