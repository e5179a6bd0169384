"""Events: each change of a record as versioned events.

Data are ids, states and amounts in minor units; people appear as ids only. An event's id derives from the record, its
version and the event's type: a change announced again has the same id, a second change another.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tributary.domain import distribution_events, earned_events, organization_events, payout_events, shop_events
from tributary.domain.announced import Announced, Item, of_history, pick, status_changed
from tributary.domain.ids import text_digest

SOURCE = "tributary"
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Event:
    """One event: `detail_type` in the past tense, `detail` with `metadata` and `data`."""

    detail_type: str
    detail: Mapping[str, Any]


class UnknownRecord(ValueError):
    """A record without an announcer; retrying does not help."""


def events_of(old: Item | None, new: Item | None) -> list[Event]:
    """The events of one change of the table. Deletions and bookkeeping records have none.

    A record seen for the first time yields all events of its present state, so the table suffices to announce again.
    """
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
    } | ({"actorId": int(trace["actorId"])} if "actorId" in trace else {})
    metadata |= {"history": True} if trace.get("history") else {}
    return Event(detail_type, {"metadata": metadata, "data": dict(data)})


def _customer(old: Item | None, new: Item) -> Announced:
    data, erased = {"customerId": new["listed"]["id"]}, new["listed"]["status"] == "erased"
    if old is None:
        yield "CustomerCreated", 1, data
    if erased and status_changed(old, new):
        yield "CustomerErased", new["version"], data
    elif old is not None:
        yield "CustomerUpdated", new["version"], data


def _sales_event(old: Item | None, new: Item) -> Announced:
    if old is None:
        data = {"salesEvent": new["listed"]["id"], "store": new["listed"]["storeId"]}
        data |= pick(new, "externalId", "total", "currency", "occurredAt")
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
    yield what, new["version"], {"programGroupId": new["listed"]["id"], **pick(new, "sorter", "programs")}


def _nothing(old: Item | None, new: Item) -> Announced:
    return iter(())


_ANNOUNCERS: dict[str, Callable[[Item | None, Item], Announced]] = {
    "transaction": earned_events.transaction,
    "amendment": earned_events.amendment,
    "conversion": earned_events.conversion,
    "obligation": earned_events.obligation,
    "fulfillment": payout_events.fulfillment,
    "payout": payout_events.payout,
    "proof": payout_events.proof,
    "referral": earned_events.referral,
    "opportunity": earned_events.opportunity,
    "engagement": earned_events.engagement,
    "program": _managed("Program"),
    "program-group": _group,
    "lead": earned_events.lead,
    "distributor": distribution_events.distributor,
    "distribution": distribution_events.distribution,
    "metric": distribution_events.metric,
    "collaborator": organization_events.collaborator,
    "settings": organization_events.settings,
    "webhook": organization_events.webhook,
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
            "program-version",
            "sale-change",
            "referral-waiting",
            "alias",
            "email",
            "user",
            "organization",
            "api-key",
            "api-key-lookup",
            "api-key-count",
            "event-source",
            "count",
            "source",
            "event-type",
            "refund",
            "withdrawal",
            "parked-edit",
            "parked",
            "customer-link",
            "customer-order",
            "customer-opportunity",
            "message",
            "visit",
            "store",
            "rfm-bounds",
            "rfm-organization",
            "waiting",
            "waits",
            "webhook-count",
            "preview",
            "fulfillment-turn",
            "audit",
            "preview-row",
            "proof-organization",
            "distributors-version",
            "distributor-version",
            "distributor-organization",
            "pool-entry",
            "metric-score",
            "payer",
            "payment-files",
            "payment-file",
            "connection",
            "connection-delivery",
            "partner-source",
            "tie",
            "stated",
            "movement",
            "vanished",
            "statistics",
        ),
        _nothing,
    ),
}
