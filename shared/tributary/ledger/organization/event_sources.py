"""Foreign event sources that may speak for an organization: (account, source) of the event, and the organization."""

from tributary.domain import times
from tributary.domain.ids import cause_id, text_digest
from tributary.ledger.store import table
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header
from tributary.ledger.store.values import Item

KIND = "event-source"


def bind(organization: str, account: str, source: str, now: str | None = None) -> tuple[Item, bool]:
    """Bind a foreign source to the organization; return its item, and True if it is new."""
    now = now or times.now()
    record_id = cause_id(organization, KIND, account, source)
    item = {
        **item_header("event-source", organization, (_pk(account, source), organization)),
        "listed": {"id": record_id, "account": account, "source": source, "dateCreated": now},
        **listing(organization, KIND, record_id, now),
    }
    try:
        table.put_new(item)
        return item, True
    except table.ConditionFailed as failure:
        return failure.item or item, False


def may_speak_for(account: str, source: str, organization: str) -> bool:
    """True if the organization has bound this source of this account."""
    return table.get(_pk(account, source), organization) is not None


def _pk(account: str, source: str) -> str:
    return f"event-source#{text_digest(account, source)}"
