"""Order totals of customers.

One guard per order in the customer's partition, `order#<occurredAt>#<id>`, states its share of the sums and is written
with them in one transaction. Its key has the order's moment, so that later orders are one Query. Returns have guards
too.
"""

from collections.abc import Mapping
from typing import Any

from tributary.domain import times
from tributary.domain.customer import STATABLE, Share, last_orders, share_of
from tributary.domain.errors import NotFound
from tributary.domain.sales_event import returned
from tributary.ledger.customers import customer_items, customers
from tributary.ledger.orders import sales_events
from tributary.ledger.sales import transaction_items, transactions
from tributary.ledger.store import table
from tributary.ledger.store.records import check_unchanged_action, item_header, replace_unchanged_action
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

ORDER = "customer-order"
_END = "order#~"
_TRIES = 30


def reconcile(organization: str, customer_id: int, transaction_id: int, now: str | None = None) -> bool:
    """Reconcile the customer's totals with an order; True if that wrote anything. An unknown order adds nothing.
    NotFound if there is no such customer."""
    now = now or times.now()
    return _reconcile(organization, customer_id, transaction_id, now)


def add_return(organization: str, customer_id: int, event_id: str, now: str | None = None) -> bool:
    """Add a return to the customer's totals, once; True if that wrote anything. An unknown return adds nothing.
    NotFound if there is no such customer."""
    now = now or times.now()
    return _add_return(organization, customer_id, event_id, now)


def override_totals(
    organization: str, customer_id: int, currency: str, totals: Mapping[str, int], at: str, now: str | None = None
) -> bool:
    """Take the organization's own totals as of a moment, in minor units, for members of STATABLE; True if that wrote
    anything.

    The newest moment counts for each member, and later orders are added.
    """
    given = {name: totals[name] for name in STATABLE if name in totals}
    now = now or times.now()
    return _override(organization, customer_id, currency, given, at, now)


@retried("the customer", _TRIES)
def _reconcile(organization: str, customer_id: int, transaction_id: int, now: str) -> bool:
    """Try once.

    The guard keeps the sale's version even without a change of amounts, so that a reader of an older version sees it or
    fails to write. Once the sale is another buyer's, the former buyer's guard no longer follows it: no event names
    them.
    """
    sold = transactions.stored(organization, transaction_id)
    if sold is None:
        return False
    transaction = transaction_items.of_item(sold)
    after = share_of(transaction, customer_id)
    place = (customer_items.pk(organization, customer_id), f"{_after(after.at)}{transaction_id}")
    found = table.batch_get([customer_items.key(organization, customer_id), place])
    customer, guard = _there(found.get(customer_items.key(organization, customer_id)), customer_id), found.get(place)
    emptied, theirs = guard is not None and not guard["amounts"], transaction.sale.customer_id == customer_id
    if guard and (guard["transactionVersion"] >= sold["version"] or (emptied and not theirs)):
        return False
    actions, before = [_guard(place, organization, after, sold, guard)], _share(guard) if guard else None
    if emptied:  # no event updates it while the sale is another's
        key = transaction_items.key(organization, transaction_id)
        actions.append(check_unchanged_action(key, sold["version"]))
    held = customer.get("lastOrders", {})
    latest = last_orders(held, after)
    if after != (before or Share(after.currency, after.at)) or latest != held:
        totals = customer_items.totals_of(customer).changed(before, after)
        customer = {**customer, "lastOrders": latest}
        actions.append(customer_items.put_changed(customer_items.changed(customer, now, totals)))
    table.transact(actions)
    return True


@retried("the customer", _TRIES)
def _add_return(organization: str, customer_id: int, event_id: str, now: str) -> bool:
    """Try once. The event never changes, so neither does its guard."""
    event = sales_events.get(organization, event_id)
    if event is None:
        return False
    listed = event["listed"]
    share = returned(listed["currency"], listed["occurredAt"], listed["total"])
    place = (customer_items.pk(organization, customer_id), f"{_after(share.at)}{event_id}")
    found = table.batch_get([customer_items.key(organization, customer_id), place])
    customer = _there(found.get(customer_items.key(organization, customer_id)), customer_id)
    if place in found or (listed["type"], listed["customerId"]) != ("RETURN", customer_id):
        return False
    guard = _share_item(place, organization, share, version=1) | {"salesEventId": event_id}
    totals = customer_items.totals_of(customer).changed(None, share)
    changed = customer_items.put_changed(customer_items.changed(customer, now, totals))
    table.transact([table.put_action(guard), changed])
    return True


@retried("the customer", _TRIES)
def _override(organization: str, customer_id: int, currency: str, given: Mapping[str, int], at: str, now: str) -> bool:
    """Try once. The guards are read after the customer, whose version stands for them."""
    customer = _there(customers.get(organization, customer_id), customer_id)
    later = map(_share, table.query_between(customer_items.pk(organization, customer_id), _after(at), _END))
    before = customer_items.totals_of(customer)
    after = before.overridden(currency, given, at, later)
    if after == before:
        return False
    table.transact([customer_items.put_changed(customer_items.changed(customer, now, after))])
    return True


def _there(customer: Item | None, customer_id: int) -> Item:
    if customer is None:
        raise NotFound("There is no such customer.", {"customerId": customer_id})
    return customer


def _after(at: str) -> str:
    return f"order#{at}#"


def _share(guard: Mapping[str, Any]) -> Share:
    return Share(guard["currency"], guard["occurredAt"], guard["amounts"])


def _guard(place: table.Key, organization: str, share: Share, sold: Item, guard: Item | None) -> Item:
    item = _share_item(place, organization, share, guard["version"] + 1 if guard else 1) | {
        "transactionId": sold["listed"]["id"],
        "transactionVersion": sold["version"],
    }
    return replace_unchanged_action(item, guard["version"]) if guard else table.put_action(item)


def _share_item(place: table.Key, organization: str, share: Share, version: int) -> Item:
    return {
        **item_header(ORDER, organization, place, version=version),
        "currency": share.currency,
        "occurredAt": share.at,
        "amounts": share.amounts,
    }
