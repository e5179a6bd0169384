"""What is announced: each change of a record, as the versioned events it means.

Data are ids, states and amounts in minor units; people appear as ids only. An event's id comes from the record, its
version and the event's type, so that the same change announced again has the same id and a second change another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tributary.domain import shop_events
from tributary.domain.announced import Announced, Item, of_history
from tributary.domain.ids import text_digest

SOURCE = "tributary"
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Event:
    """One event: `detail_type` in the past tense, `detail` with `metadata` and `data`."""

    detail_type: str
    detail: Mapping[str, Any]


class UnknownRecord(ValueError):
    """A record that nobody has said how to announce; trying again will not help."""


def events_of(old: Item | None, new: Item | None) -> list[Event]:
    """The events of one change of the table. A record seen for the first time yields all that its present state
    means, so that the relay can announce again from the table alone. Deletions and bookkeeping records announce
    nothing."""
    if new is None:
        return []
    try:
        announce = _ANNOUNCERS[new["entity"]]
    except KeyError as error:
        raise UnknownRecord(f"no announcer for entity {new.get('entity')!r}") from error
    return [_event(detail_type, new, version, data) for detail_type, version, data in announce(old, new)]


def _event(detail_type: str, item: Item, version: int, data: Mapping[str, Any]) -> Event:
    trace = item.get("trace", {})
    metadata = {
        "id": "evt_" + text_digest(item["pk"], item["sk"], str(version), detail_type)[:32],
        "organization": item["organization"],
        "version": SCHEMA_VERSION,
        "occurredAt": item["changedAt"],
        "correlationId": trace.get("correlationId"),
        "causationId": trace.get("causationId"),
    }
    return Event(detail_type, {"metadata": metadata, "data": dict(data)})


def _status_changed(old: Item | None, new: Item) -> bool:
    return old is None or old["listed"]["status"] != new["listed"]["status"]


def _pick(item: Item, *names: str) -> dict[str, Any]:
    return {name: item["listed"].get(name) for name in names}


def _transaction(old: Item | None, new: Item) -> Announced:
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
        data["customerId"] = buyer  # there or not: rules cannot tell null from a number this large
    if old is None:
        yield "SaleTriggered", 1, data | of_history(reported)
        yield "TransactionCreated", 1, {"transactionId": data["transactionId"]} | of_history(reported)
    data |= _amended(new)
    ended = _status_changed(old, new) and new["listed"]["status"] != "complete"
    refunded, before = new.get("refunded", 0), old.get("refunded", 0) if old else 0
    if ended and new["listed"]["status"] in _ENDED:
        yield _ENDED[new["listed"]["status"]], new["version"], data | {"refunded": refunded}
    elif ended or refunded != before:
        amounts = {"amount": refunded - before, "refunded": refunded, "status": new["listed"]["status"]}
        yield "RefundTriggered", new["version"], data | amounts


def _amended(transaction: Item) -> dict[str, Any]:
    """What of a sale's data is otherwise now than it was reported: amounts that are given back are of this currency."""
    changes = transaction.get("amended", {})
    return {_SHARED[name]: value for name, value in changes.items() if name in _SHARED}


_SHARED = {"total": "total", "currency": "currency", "occurred_at": "occurredAt"}
_ENDED = {"cancelled": "TransactionCancelled", "deleted": "TransactionDeleted"}
_REVIEWED = {"approved": "ConversionApproved", "rejected": "ConversionRejected", "pending": "ConversionReopened"}


def _amendment(old: Item | None, new: Item) -> Announced:
    """That it was cancelled says the transaction itself."""
    if old is not None or "status" in new["changes"]:
        return
    buyers = {name: new[name] for name in ("customerId", "formerCustomerId") if new[name] is not None}
    changes = {_AMENDED.get(name, name): value for name, value in new["changes"].items()}
    yield "TransactionAmended", 1, {"transactionId": new["transactionId"], "changes": changes, **buyers}


_AMENDED = {"occurred_at": "occurredAt", "due_at": "dueAt", "customer_id": "customerId"}


def _conversion(old: Item | None, new: Item) -> Announced:
    data = _pick(new, "engagementId", "transactionId", "obligationId", "type", "status", "programId", "collaboratorId")
    data = {"conversionId": new["listed"]["id"], **data, **_pick(new, "leadId", "value", "currency")}
    if old is None:
        yield "ConversionAwarded", 1, data
    if _status_changed(old, new) and not (old is None and new["listed"]["status"] == "pending"):
        yield _REVIEWED[new["listed"]["status"]], new["version"], data
    elif old is not None and _terms(old) != _terms(new):
        yield "ConversionRevalued", new["version"], data


def _terms(conversion: Item) -> tuple[Any, ...]:
    """What is owed for it, when, and whether that was paid elsewhere: what its obligation has to follow."""
    return conversion["listed"]["value"], conversion.get("dueAt"), conversion.get("settled", False)


def _obligation(old: Item | None, new: Item) -> Announced:
    data = {"obligationId": new["listed"]["id"]}
    data |= _pick(new, "conversionId", "transactionId", "leadId", "programId", "collaboratorId")
    data |= _pick(new, "status", "value", "currency")
    if old is None:
        yield "ObligationIssued", 1, data
    elif _status_changed(old, new):
        yield "ObligationStatusChanged", new["version"], data
    elif old["listed"]["value"] != new["listed"]["value"]:
        yield "ObligationRevalued", new["version"], data


def _lead(old: Item | None, new: Item) -> Announced:
    if old is None:
        yield "LeadTriggered", 1, {name: new[name] for name in ("leadId", "opportunityId", "type", "externalId")}


def _opportunity(old: Item | None, new: Item) -> Announced:
    data = {"opportunityId": new["listed"]["id"]}
    if old is None:
        yield "OpportunityTriggered", 1, data
    if new["listed"]["status"] == "invalid" and _status_changed(old, new):
        yield "OpportunityInvalidated", new["version"], data
    elif _settles(old, new):
        yield "OpportunitySettled", new["version"], data | {"epoch": new["epoch"]}


def _settles(old: Item | None, new: Item) -> bool:
    """Whether engagements may have ceased to be live: consumed by a decision, merged away, or given way to newer
    ones."""
    live = {held["id"] for held in new["engagements"]}
    return new["epoch"] > 0 if old is None else bool({held["id"] for held in old["engagements"]} - live)


def _engagement(old: Item | None, new: Item) -> Announced:
    if old is None or old["listed"]["score"] != new["listed"]["score"]:
        data = _pick(new, "opportunityId", "programId", "collaboratorId", "score")
        yield "EngagementsTriggered", new["version"], {"engagementId": new["listed"]["id"], **data}
    if new["listed"]["status"] == "complete" and _status_changed(old, new):
        data = _pick(new, "opportunityId", "programId", "collaboratorId")
        yield "EngagementCompleted", new["version"], {"engagementId": new["listed"]["id"], **data}


def _customer(old: Item | None, new: Item) -> Announced:
    data, erased = {"customerId": new["listed"]["id"]}, new["listed"]["status"] == "erased"
    if old is None:
        yield "CustomerCreated", 1, data
    if erased and _status_changed(old, new):
        yield "CustomerErased", new["version"], data
    elif old is not None:
        yield "CustomerUpdated", new["version"], data


def _sales_event(old: Item | None, new: Item) -> Announced:
    if old is None:
        data = {"salesEvent": new["listed"]["id"], "store": new["listed"]["storeId"]}
        data |= _pick(new, "externalId", "total", "currency", "occurredAt")
        if new["transactionId"] is not None:
            data["transactionId"] = new["transactionId"]
        if new["listed"]["customerId"] is not None:
            data["customerId"] = new["listed"]["customerId"]
        yield _TRADED[new["listed"]["type"]], 1, data | of_history(new)


_TRADED = {"PURCHASE": "PurchaseRecorded", "RETURN": "ReturnRecorded"}


def _managed(name: str) -> Callable[[Item | None, Item], Announced]:
    def announce(old: Item | None, new: Item) -> Announced:
        what = "Created" if old is None else "Updated"
        data = {f"{name.lower()}Id": new["listed"]["id"], "status": new["listed"]["status"]}
        yield name + what, new["version"], data

    return announce


def _group(old: Item | None, new: Item) -> Announced:
    what = "ProgramGroupCreated" if old is None else "ProgramGroupUpdated"
    yield what, new["version"], {"programGroupId": new["listed"]["id"], **_pick(new, "sorter", "programs")}


def _nothing(old: Item | None, new: Item) -> Announced:
    return iter(())


_ANNOUNCERS: dict[str, Callable[[Item | None, Item], Announced]] = {
    "transaction": _transaction,
    "amendment": _amendment,
    "conversion": _conversion,
    "obligation": _obligation,
    "opportunity": _opportunity,
    "engagement": _engagement,
    "program": _managed("Program"),
    "program-group": _group,
    "lead": _lead,
    "collaborator": _managed("Collaborator"),
    "customer": _customer,
    "sales-event": _sales_event,
    "order-notice": shop_events.order_notice,
    "product": shop_events.product,
    "restock-walk": shop_events.restock_walk,
    "back-in-stock": shop_events.back_in_stock,
    "checkout": shop_events.checkout,
    "reminder": shop_events.reminder,
    **dict.fromkeys(
        (
            "decision",
            "programs-version",
            "alias",
            "email",
            "user",
            "api-key",
            "api-key-lookup",
            "api-key-count",
            "event-source",
            "count",
            "source",
            "event-type",
            "refund",
            "parked",
            "customer-link",
            "customer-order",
            "customer-opportunity",
            "message",
            "store",
            "rfm-bounds",
            "rfm-organization",
            "waiting",
            "waits",
            "settings",
        ),
        _nothing,
    ),
}
