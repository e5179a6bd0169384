"""Foreign event sources that may speak for an organization: (account, source) of the event, and the organization.

A binding may be narrowed to sales and refunds of one `onlySource`."""

from typing import Any

from tributary.domain import times
from tributary.domain.errors import NotFound
from tributary.domain.ids import cause_id, text_digest
from tributary.ledger.store import audit, id_index, table
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header
from tributary.ledger.store.values import Item

KIND = "event-source"


def bind(
    organization: str, account: str, source: str, only_source: str | None = None, now: str | None = None
) -> tuple[Item, bool]:
    """Bind a foreign source to the organization, or narrow it anew; return its item, and True if it is new."""
    now = now or times.now()
    record_id = cause_id(organization, KIND, account, source)
    shown = {"id": record_id, "account": account, "source": source, "onlySource": only_source, "dateCreated": now}
    item = {
        **item_header("event-source", organization, (_pk(account, source), organization)),
        "listed": shown,
        **listing(organization, KIND, record_id, now),
        **id_index.label(organization, KIND, record_id),
    }
    try:
        table.put_new(item)
        return item, True
    except table.ConditionFailed as failure:
        stored = failure.item or item
    if stored["listed"].get("onlySource") == only_source:
        return stored, False
    return _narrowed(stored, only_source), False


def binding(account: str, source: str, organization: str) -> dict[str, Any] | None:
    """The bindings of this source of this account to the organization."""
    item = table.get(_pk(account, source), organization)
    return None if item is None else item["listed"]


def unbind(organization: str, record_id: int) -> Item:
    """Delete a binding; return it as it was. NotFound if the organization has no such binding."""
    item = id_index.find(organization, KIND, record_id)
    if item is None:
        raise NotFound("There is no event source with this id.", {"id": record_id})
    try:
        deletion = table.delete_action(item["pk"], item["sk"], "attribute_exists(pk)")
        table.transact([deletion, *audit.deletion_actions(item)])
    except table.ConditionFailed as failure:
        raise NotFound("There is no event source with this id.", {"id": record_id}) from failure
    return item


def _narrowed(item: Item, only_source: str | None) -> Item:
    try:
        return table.update(item["pk"], item["sk"], {"listed.onlySource": only_source}, "attribute_exists(pk)")
    except table.ConditionFailed as failure:
        raise NotFound("The event source was unbound meanwhile.", {"id": item["listed"]["id"]}) from failure


def _pk(account: str, source: str) -> str:
    return f"event-source#{text_digest(account, source)}"
