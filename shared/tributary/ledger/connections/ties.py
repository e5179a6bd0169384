"""Ties between payments and the orders that they paid: partition `<organization>#payment#<digest>`, item `tie`.

Refunds that know only the payment wait there for the tie. Each of the two is put before the other is looked for, so
whichever comes second finds both.
"""

from tributary.domain import times
from tributary.domain.ids import text_digest
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.values import Item

TIE, WAITING = "tie", "tied-refund"


def _partition(organization: str, source: str, payment: str) -> str:
    return f"{organization}#payment#{text_digest(source, payment)}"


def tie(organization: str, source: str, payment: str, order: str) -> bool:
    """Put the tie of a payment, the first one told; True if this one was new."""
    place = (_partition(organization, source, payment), TIE)
    try:
        table.put_new(item_header(TIE, organization, place) | {"order": order})
    except table.ConditionFailed:
        return False
    return True


def order_of(organization: str, source: str, payment: str) -> str | None:
    """The order that a payment paid, strongly consistent."""
    item = table.get(_partition(organization, source, payment), TIE)
    return item["order"] if item else None


def wait(organization: str, source: str, payment: str, name: str, told: Item) -> bool:
    """Keep what is told of a payment until its order is known; True if it was new."""
    place = (_partition(organization, source, payment), f"waiting#{text_digest(name)}")
    try:
        table.put_new(item_header(WAITING, organization, place, times.now()) | {"told": told})
    except table.ConditionFailed:
        return False
    return True


def waiting(organization: str, source: str, payment: str) -> list[Item]:
    """Everything that waits for the order of a payment, strongly consistent."""
    return table.query(_partition(organization, source, payment), "waiting#")
