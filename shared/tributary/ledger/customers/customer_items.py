"""Customers as items of the table, and the link items that lead to them."""

from collections.abc import Mapping
from typing import Any

from tributary.domain.customer import PERSONAL, Dated, Totals
from tributary.domain.errors import TooLarge
from tributary.domain.ids import text_digest
from tributary.ledger.store import table
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header, replace_unchanged_action
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import MAX_BYTES, Item, size

KIND = SK = "customer"
LINK = "customer-link"
#: The link from the customer to the opportunity.
OPPORTUNITY = "opportunity"
#: Bytes that attributes leave to names, links and totals.
_ROOM = 20_000


def pk(organization: str, customer_id: int) -> str:
    return f"{organization}#customer#{customer_id}"


def key(organization: str, customer_id: int) -> Key:
    return pk(organization, customer_id), SK


def link_key(organization: str, kind: str, text: str) -> Key:
    """The key of the link from a text to its customer."""
    compared = text.strip().casefold() if kind == "email" else text
    return f"{organization}#customer-{kind}#{text_digest(compared)}", LINK


def totals_of(item: Mapping[str, Any]) -> Totals:
    return Totals(item["sums"], item["stated"])


def changed(item: Mapping[str, Any], now: str, totals: Totals | None = None) -> Item:
    """The next version of a stored item, with `listed` derived from its fields and totals."""
    totals = totals or totals_of(item)
    listed = {**item["listed"], **_shown(item, totals), "dateModified": now}
    own = {"sums": totals.sums, "stated": totals.stated, "listed": listed}
    return {**item, **own, "version": item["version"] + 1, "changedAt": now}


def has_room(item: Item, attributes: Dated) -> bool:
    """True if the next version of a customer with these attributes leaves room for names and order totals."""
    return size(changed({**item, "attributes": attributes}, item["changedAt"])) <= MAX_BYTES - _ROOM


def checked_size(item: Item) -> Item:
    """The item; TooLarge if its profile leaves no room for order totals."""
    if size(item) > MAX_BYTES:
        raise TooLarge("The customer does not fit one record of the ledger.", {"limit": "400 KB"})
    return item


def put_changed(item: Item) -> Item:
    """Transaction action: the put of a next version, at the version read."""
    return replace_unchanged_action(item, item["version"] - 1)


def new(organization: str, customer_id: int, now: str) -> Item:
    """A blank customer item; `changed` fills in version 1."""
    return {
        **item_header(KIND, organization, (pk(organization, customer_id), SK), now, version=0),
        "fields": {},
        "attributes": {},
        "links": [],
        "sums": {},
        "stated": {},
        "listed": {"id": customer_id, "status": "active", "dateCreated": now},
        **listing(organization, KIND, customer_id, now),
    }


def put_first(item: Item) -> Item:
    """Transaction action: the put of a new customer."""
    return table.put_action(checked_size(changed(item, item["changedAt"])))


def put_links(links: list[str], item: Item) -> list[Item]:
    """Transaction actions: the puts of links to a customer."""
    headers = (item_header(LINK, item["organization"], (link, LINK)) for link in links)
    return [table.put_action({**header, "customerId": item["listed"]["id"]}) for header in headers]


def _shown(item: Mapping[str, Any], totals: Totals) -> Item:
    known = {name: held["value"] for name, held in item["attributes"].items() if held["value"] is not None}
    named = {name: item["fields"].get(name, {}).get("value") for name in PERSONAL}
    last = {"lastOrders": item["lastOrders"]} if "lastOrders" in item else {}
    return {**named, "attributes": known, "totals": totals.shown(), **last}
