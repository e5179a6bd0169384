"""Sales events: partition `<organization>#sales-event#<id>`, item `sales-event`.

The id comes from the external id, or is random without one. Events never change. A purchase and its sale are put in one
transaction.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from tributary.domain import times
from tributary.domain.customer import read_spelled
from tributary.domain.errors import NotFound, TooLarge
from tributary.domain.ids import is_named, named_id, transaction_ids, unnamed_id
from tributary.domain.ids import number_of as place_of
from tributary.domain.sales_event import SOURCE, SalesEvent
from tributary.domain.transaction import Sale
from tributary.ledger.customers import customer_items, profiles
from tributary.ledger.opportunities import opportunity_links
from tributary.ledger.orders import stores
from tributary.ledger.sales import transaction_items, transactions
from tributary.ledger.store import table
from tributary.ledger.store.lists import listing, parent_attributes
from tributary.ledger.store.records import item_header
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import MAX_BYTES, Item, size

KIND = SK = "sales-event"
_PREFIX = "evt"


@dataclass(frozen=True)
class Recorded:
    """The stored event, and True if this report made it. `buyer` is the customer that a repeat names, if known."""

    item: Item
    created: bool
    buyer: int | None = None


def new_id(organization: str, external_id: str | None) -> str:
    """The id of an event; a new random one without an external id."""
    return named_id(_PREFIX, organization, external_id) if external_id is not None else unnamed_id(_PREFIX)


def key(organization: str, event_id: str) -> Key:
    return f"{organization}#sales-event#{event_id}", SK


def get(organization: str, event_id: str) -> Item | None:
    """The stored item, strongly consistent."""
    return table.get(*key(organization, event_id))


def find(organization: str, reference: str) -> Item | None:
    """The event with this id, else with this external id."""
    if is_named(_PREFIX, reference) and (item := get(organization, reference)):
        return item
    return get(organization, new_id(organization, reference))


def record(
    organization: str, event: SalesEvent, store: str, profile: str | None = None, now: str | None = None
) -> Recorded:
    """Record an event once. `store` and `profile` are external ids or own ids.

    NotFound for an unknown store, ValidationFailed for an unknown own id as `profile`; an unknown external id makes a
    customer, which a retry finds. A purchase takes the buyer's opportunity: read with the rest for an own id, else in
    one more request.
    """
    now = now or times.now()
    place, its_store = key(organization, event.id), stores.key(organization, store)
    buyer = _buyer_keys(organization, profile) if profile is not None else []
    found = table.batch_get([place, its_store, *buyer])
    if place in found:
        return Recorded(found[place], created=False, buyer=_number(found.get(buyer[0])) if buyer else None)
    if its_store not in found:
        raise NotFound("There is no such store; stores must be there before their sales.", {"store_id": store})
    known = found.get(buyer[0]) if buyer else None
    customer_id = profiles.customer_id(organization, profile, known, "profile_id") if profile is not None else None
    item = _item(organization, event, found[its_store], customer_id, now)
    if event.type == "RETURN":
        return _put(item)
    led = _link(organization, customer_id, found) if customer_id is not None and known is not None else None
    return _put_with_sale(organization, item, event.sale(customer_id, led["opportunityId"] if led else None), now)


def _put(item: Item) -> Recorded:
    try:
        table.put_new(_checked_size(item))
        return Recorded(item, created=True)
    except table.ConditionFailed as failure:
        return Recorded(failure.item or {}, created=False)


def _put_with_sale(organization: str, item: Item, sale: Sale, now: str) -> Recorded:
    """Put the event with its sale. The nonce recognizes an own transaction that was applied before its response was
    lost."""
    nonce = secrets.token_hex(6)
    for transaction_id in transaction_ids(organization, SOURCE, sale.external_id):
        marked = _checked_size({**item, "transactionId": transaction_id, "nonce": nonce})
        sold = transactions.first(organization, transaction_id, sale, now)
        try:
            table.transact([table.put_action(marked), table.put_action(sold)])
            return Recorded(marked, created=True)
        except table.ConditionFailed as failure:
            if 0 in failure.positions:
                stored = table.get(item["pk"], SK) or {}
                return Recorded(stored, created=stored.get("nonce") == nonce)
        if transaction_items.is_of(transactions.stored(organization, transaction_id) or sold, SOURCE, sale.external_id):
            return _put({**item, "transactionId": transaction_id})  # it was reported before through another dialect
    raise OverflowError("the probe chain is full")


def _number(buyer: Item | None) -> int | None:
    """The customer's id, from the customer or from the link of an external id."""
    return None if buyer is None else int(buyer["listed"]["id"] if "listed" in buyer else buyer["customerId"])


def _buyer_keys(organization: str, profile: str) -> list[Key]:
    """The buyer's key and, for an own id, the key of the link to the opportunity."""
    buyer, customer_id = profiles.key(organization, profile), read_spelled(profile)
    link = opportunity_links.of_customer(organization, customer_id).key if customer_id else None
    return [key for key in (buyer, link) if key]


def _link(organization: str, customer_id: int, found: Mapping[Key, Item]) -> Item | None:
    """The link from the buyer to the opportunity, read now if only an external id was known."""
    link = opportunity_links.of_customer(organization, customer_id).key
    if customer_items.key(organization, customer_id) in found:
        return found.get(link)
    return table.get(*link)


def _checked_size(item: Item) -> Item:
    if size(item) > MAX_BYTES:
        raise TooLarge("The event does not fit one record of the ledger.", {"limit": "400 KB"})
    return item


def _item(organization: str, event: SalesEvent, store: Item, customer_id: int | None, now: str) -> Item:
    listed = {
        "id": event.id,
        "externalId": event.external_id,
        "type": event.type,
        "occurredAt": event.occurred_at,
        "storeId": store["listed"]["id"],
        "storeExternalId": store["listed"]["externalId"],
        "customerId": customer_id,
        "currency": event.currency,
        "total": event.total,
        "discount": event.discount,
        "tax": event.tax,
        "source": event.source,
        "dateCreated": now,
    }
    pk, sk = key(organization, event.id)
    return {
        **item_header(KIND, organization, (pk, sk), now),
        "transactionId": None,
        "text": event.text,
        "listed": listed,
        **({} if event.automations else {"automations": False}),
        **listing(organization, KIND, place_of(event.id), now),
        **(parent_attributes(organization, KIND, customer_id) if customer_id is not None else {}),
    }
