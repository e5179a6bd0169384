"""Events of sales and leads, their earnings, and the visits they came from."""

from typing import Any

from tributary.domain.announced import Announced, Item, of_history, pick, status_changed


def transaction(old: Item | None, new: Item) -> Announced:
    reported = new["reported"]
    data = {
        "transactionId": new["listed"]["id"],
        "opportunityId": reported["trackingId"],
        "source": reported["source"] or None,
        "externalId": reported["externalId"] or None,
        "total": reported["total"],
        "currency": reported["currency"],
        "occurredAt": reported["occurredAt"],
    }
    if (buyer := new["listed"].get("customerId")) is not None:
        data["customerId"] = buyer  # absent rather than null: rules cannot match null against a number this large
    if old is None:
        yield "SaleTriggered", 1, data | of_history(reported)
        yield "TransactionCreated", 1, {"transactionId": data["transactionId"]} | of_history(reported)
    data |= {"total": new["change"]["total"]} if "change" in new else {}
    data |= _amended(new)
    if old is not None and (new.get("change"), new.get("seen")) != (old.get("change"), old.get("seen")):
        at = new["change"]["at"] if "change" in new else reported["asOf"]  # an older snapshot only adds names of items
        stated = {"changedAt": at, "refunded": new.get("refunded", 0)}
        yield "SaleChanged", new["version"], data | stated | {"status": new["listed"]["status"]}
        return
    if old is not None and (new.get("amended") != old.get("amended")):
        return  # its amendment is announced
    ended = status_changed(old, new) and new["listed"]["status"] != "complete"
    refunded, before = new.get("refunded", 0), old.get("refunded", 0) if old else 0
    if ended and new["listed"]["status"] in _ENDED:
        yield _ENDED[new["listed"]["status"]], new["version"], data | {"refunded": refunded}
    elif old is not None and _withdraws(old, new):
        amounts = {"amount": before - refunded, "refunded": refunded, "status": new["listed"]["status"]}
        former = {"formerStatus": old["listed"]["status"]} if status_changed(old, new) else {}
        yield "RefundWithdrawn", new["version"], data | amounts | former
    elif ended or refunded != before or (old is not None and _given_back(new) != _given_back(old)):
        amounts = {"amount": refunded - before, "refunded": refunded, "status": new["listed"]["status"]}
        yield "RefundTriggered", new["version"], data | amounts


def _withdraws(old: Item, new: Item) -> bool:
    """True if a refund, or an ending of the whole sale, was withdrawn."""
    if new.get("withdrawnAt") != old.get("withdrawnAt"):
        return True
    before, after = _sums(old), _sums(new)
    return any(after.get(name, 0) < fine for name, fine in before.items())


def _sums(transaction: Item) -> dict[tuple[str, str], int]:
    """The sums of a sale's refunds in one level."""
    given = transaction.get("given", {})
    named = {
        (kind, name): fine for kind in ("byPosition", "byExternalId") for name, fine in given.get(kind, {}).items()
    }
    return named | {(kind, ""): given.get(kind, 0) for kind in ("loose", "rests", "soFar")}


def _given_back(transaction: Item) -> list[Any]:
    return [transaction.get(name) for name in ("given", "wholeRefundAt", "cancelledAt")]


def _amended(transaction: Item) -> dict[str, Any]:
    """Data of a sale as amended since its report; refunded amounts are in the amended currency."""
    changes = transaction.get("amended", {})
    return {_SHARED[name]: value for name, value in changes.items() if name in _SHARED}


_SHARED = {"total": "total", "currency": "currency", "occurred_at": "occurredAt"}
_ENDED = {"cancelled": "TransactionCancelled", "deleted": "TransactionDeleted"}
_REVIEWED = {
    "approved": "ConversionApproved", "rejected": "ConversionRejected", "pending": "ConversionReopened",
    "deleted": "ConversionDeleted",
}  # fmt: skip


def amendment(old: Item | None, new: Item) -> Announced:
    """Announce changed fields; a cancellation is announced by the transaction itself."""
    if old is not None or "status" in new["changes"]:
        return
    buyers = {name: new[name] for name in ("customerId", "formerCustomerId") if new[name] is not None}
    changes = {_AMENDED.get(name, name): value for name, value in new["changes"].items()}
    yield "TransactionAmended", 1, {"transactionId": new["transactionId"], "changes": changes, **buyers}


_AMENDED = {"occurred_at": "occurredAt", "due_at": "dueAt", "customer_id": "customerId"}


def conversion(old: Item | None, new: Item) -> Announced:
    data = pick(new, "engagementId", "transactionId", "obligationId", "type", "status", "programId", "collaboratorId")
    data = {"conversionId": new["listed"]["id"], **data, **pick(new, "leadId", "value", "currency")}
    if old is None:
        yield "ConversionAwarded", 1, data
    if status_changed(old, new) and not (old is None and new["listed"]["status"] == "pending"):
        yield _REVIEWED[new["listed"]["status"]], new["version"], data
    elif old is not None and _terms(old) != _terms(new):
        yield "ConversionRevalued", new["version"], data


def _terms(conversion: Item) -> tuple[Any, ...]:
    """Everything an obligation reflects now or once a refund is withdrawn."""
    stated = (conversion.get(name) for name in ("dueAt", "standing"))
    return conversion["listed"]["value"], conversion.get("settled", False), *stated


def obligation(old: Item | None, new: Item) -> Announced:
    data = {"obligationId": new["listed"]["id"]}
    data |= pick(new, "conversionId", "transactionId", "leadId", "programId", "collaboratorId")
    data |= pick(new, "awardType", "status", "value", "currency")
    if old is None:
        yield "ObligationIssued", 1, data
    elif status_changed(old, new):
        yield "ObligationStatusChanged", new["version"], data
    elif old["listed"]["value"] != new["listed"]["value"]:
        yield "ObligationRevalued", new["version"], data


def lead(old: Item | None, new: Item) -> Announced:
    if old is None:
        yield "LeadTriggered", 1, {name: new[name] for name in ("leadId", "opportunityId", "type", "externalId")}


def referral(old: Item | None, new: Item) -> Announced:
    if old is None:
        yield "ReferralTold", 1, {"referral": new["name"]}


def opportunity(old: Item | None, new: Item) -> Announced:
    data = {"opportunityId": new["listed"]["id"]}
    if old is None:
        yield "OpportunityTriggered", 1, data
    coupon = new.get("coupon")
    if coupon and (old is None or old.get("coupon") != coupon):
        yield "CouponApplied", coupon["number"], data | {"collaboratorId": coupon["collaboratorId"]}
    if new["listed"]["status"] == "invalid" and status_changed(old, new):
        yield "OpportunityInvalidated", new["version"], data
    elif _settles(old, new):
        yield "OpportunitySettled", new["version"], data | {"epoch": new["epoch"]}


def _settles(old: Item | None, new: Item) -> bool:
    """True if engagements may no longer be live: consumed by a decision, merged, or displaced by newer ones."""
    live = {held["id"] for held in new["engagements"]}
    return new["epoch"] > 0 if old is None else bool({held["id"] for held in old["engagements"]} - live)


def engagement(old: Item | None, new: Item) -> Announced:
    if old is None or old["listed"]["score"] != new["listed"]["score"]:
        data = pick(new, "opportunityId", "programId", "collaboratorId", "score")
        former = {} if old is None else {"formerScore": old["listed"]["score"]}
        yield "EngagementsTriggered", new["version"], {"engagementId": new["listed"]["id"], **data, **former}
    if new["listed"]["status"] == "complete" and status_changed(old, new):
        data = pick(new, "opportunityId", "programId", "collaboratorId")
        data |= {"engagementId": new["listed"]["id"], "transactionId": new.get("transactionId")}
        yield "EngagementCompleted", new["version"], data
