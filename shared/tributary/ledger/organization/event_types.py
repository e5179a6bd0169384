"""Registered event slugs of an organization, each an `engagement` or a `lead`."""

from tributary.domain import times
from tributary.domain.ids import cause_id
from tributary.ledger.store import table
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header
from tributary.ledger.store.values import Item

KIND = "event-type"
ACTIONS = ("engagement", "lead")


def get(organization: str, slug: str) -> Item | None:
    """The stored item, strongly consistent."""
    return table.get(_pk(organization), slug)


def register(organization: str, slug: str, action: str, name: str, now: str | None = None) -> tuple[Item, bool]:
    """Register a slug; return its item, and True if it is new. The first registration stays."""
    now, record_id = now or times.now(), cause_id(organization, KIND, slug)
    item = {
        **item_header(KIND, organization, (_pk(organization), slug), now),
        "listed": {"id": record_id, "slug": slug, "action": action, "name": name, "dateCreated": now},
        **listing(organization, KIND, record_id, now),
    }
    try:
        table.put_new(item)
        return item, True
    except table.ConditionFailed as failure:
        return failure.item or item, False


def _pk(organization: str) -> str:
    return f"{organization}#event-types"
