"""Ties between payments and the orders that they paid: partition `<organization>#payment#<digest>`, item `tie`.

What is told of a payment before its order is known waits in the item, so one write ties the payment and finds it.
"""

from tributary.domain import times
from tributary.domain.errors import Conflict
from tributary.domain.ids import text_digest
from tributary.ledger.store import table
from tributary.ledger.store.expressions import Tally
from tributary.ledger.store.records import item_header
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = "tie"
#: Facts that wait for the order of a payment, so that the item stays small.
MAX_WAITING = 100
_TOLD = "told_"


def _key(organization: str, source: str, payment: str) -> Key:
    return f"{organization}#payment#{text_digest(source, payment)}", KIND


def tie_action(organization: str, source: str, payment: str, order: str) -> Item:
    """Transaction action: tie a payment of which nothing was told before."""
    return table.put_action(item_header(KIND, organization, _key(organization, source, payment)) | {"order": order})


def tie(organization: str, source: str, payment: str, order: str) -> tuple[Item, bool]:
    """Tie a payment; return the tie, which keeps the first order told, and true if it is new."""
    place = _key(organization, source, payment)
    changes = {**_header(organization, place), "#order": order}
    try:
        return table.update(*place, changes, "attribute_not_exists(#order)"), True
    except table.ConditionFailed as failure:
        return failure.item or {"order": order}, False


def order_of(organization: str, source: str, payment: str) -> str | None:
    """The order that a payment paid, strongly consistent."""
    item = table.get(*_key(organization, source, payment))
    return item.get("order") if item else None


def wait(organization: str, source: str, payment: str, name: str, told: Item) -> str | None:
    """Keep what is told of a payment until its order is known; return the order if it is. Conflict beyond
    MAX_WAITING."""
    place, named = _key(organization, source, payment), _TOLD + text_digest(name)[:24]
    changes = {**_header(organization, place), f"#{named}": told, "#waiting": Tally(1)}
    free = "(attribute_not_exists(#waiting) OR #waiting < :most)"
    condition = f"attribute_not_exists(#order) AND attribute_not_exists(#{named}) AND {free}"
    try:
        table.update(*place, changes, condition, most=MAX_WAITING)
    except table.ConditionFailed as failure:
        held = failure.item or {}
        if "order" not in held and named not in held:
            sentence = f"{MAX_WAITING} refunds wait for the order of this payment already."
            raise Conflict(sentence, {"limit": MAX_WAITING}) from failure
        return held.get("order")
    return None


def waiting(tie: Item) -> list[Item]:
    """Everything that waited for the order of a payment, in one order."""
    return [tie[name] for name in sorted(tie) if name.startswith(_TOLD)]


def _header(organization: str, place: Key) -> Item:
    named = item_header(KIND, organization, place, times.now())
    return {f"#{name}": value for name, value in named.items() if name not in ("pk", "sk")}
