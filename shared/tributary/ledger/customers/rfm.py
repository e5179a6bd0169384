"""Score bounds: partition `<organization>#rfm`, item `bounds`.

`rfm-organizations` lists the organizations with customers, so that the nightly job needs no Scan.
"""

from contextlib import suppress

from tributary.domain import times
from tributary.domain.rfm import bounds_of
from tributary.ledger.customers import customer_items
from tributary.ledger.store import lists, table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND, SK = "rfm-bounds", "bounds"
_ORGANIZATIONS = "rfm-organizations"
_noted: set[str] = set()


def key(organization: str) -> Key:
    return f"{organization}#rfm", SK


def note(organization: str) -> None:
    """Add the organization to the nightly job; one put per process."""
    if organization in _noted:
        return
    item = item_header("rfm-organization", organization, (_ORGANIZATIONS, organization))
    with suppress(table.ConditionFailed):
        table.put_new(item)
    _noted.add(organization)


def forget() -> None:
    """Drop the process's notes."""
    _noted.clear()


def organizations() -> list[str]:
    return [item["organization"] for item in table.query(_ORGANIZATIONS)]


def set_bounds(organization: str, now: str | None = None) -> Item:
    """Compute bounds from one walk of the customer list.

    Unchanged bounds keep their moment, so that a repeated night changes nothing.
    """
    active = (it for it in lists.every(lists.of_kind(organization, customer_items.KIND)) if it["status"] == "active")
    item = {
        **item_header(KIND, organization, key(organization)),
        "bounds": bounds_of(active),
        "setAt": now or times.now(),
    }
    with suppress(table.ConditionFailed):
        table.put(item, "attribute_not_exists(pk) OR bounds <> :bounds", bounds=item["bounds"])
    return item
