"""Movements: changes of what a record counts, kept by the relay once it has read them from the stream.

Partition `<organization>#movements#<digest of the record's key>`: item `first` of the first one, `<version>` of the
rest, `vanished` of a record that left its list. All are listed: movements by their moment, `vanished` by the creation
of its record, so that this hour still counts it when it is closed again.
"""

from collections.abc import Iterable

from tributary.domain.ids import text_digest
from tributary.domain.statistics import Movement, Sums
from tributary.ledger.store import table
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND, VANISHED = "movement", "vanished"
_FIRST = "first"


def keep(movement: Movement) -> None:
    """Keep a movement; a repeat finds it kept.

    The changes of a record come in order, but for those that the relay had given up and that are republished. One
    older than the first kept is in that one's counts of before already."""
    held = _put(_movement(movement, _FIRST))
    if held["recordVersion"] < movement.version:
        _put(_movement(movement, f"{movement.version:010d}"))
    if not movement.listed_still:
        _put(_vanished(movement, held["first"]))


def firsts(organization: str, records: Iterable[Key]) -> dict[Key, Sums]:
    """The counts of records before anything moved, of those that something did. One BatchGetItem per hundred."""
    places = {(_pk(organization, *record), _FIRST): record for record in records}
    return {places[place]: item["first"] for place, item in table.batch_get(places).items()}


def _put(item: Item) -> Item:
    """Put an item at a free key; the item that is there then."""
    try:
        table.put_new(item)
    except table.ConditionFailed as failure:
        return failure.item or item
    return item


def _movement(movement: Movement, sk: str) -> Item:
    listed = {
        "id": movement.id,
        "record": movement.record,
        "recordId": movement.record_id,
        "moved": movement.moved,
        "dateCreated": movement.at,
    }
    counted = {"recordVersion": movement.version, "first": movement.first}
    return _item(movement, KIND, sk) | counted | {"listed": listed, **_listing(movement, KIND, movement.at)}


def _vanished(movement: Movement, first: Sums) -> Item:
    listed = {
        "id": movement.id,
        "record": movement.record,
        "recordId": movement.record_id,
        "moved": first,
        "dateCreated": movement.created,
    }
    return _item(movement, VANISHED, VANISHED) | {"listed": listed, **_listing(movement, VANISHED, movement.created)}


def _item(movement: Movement, kind: str, sk: str) -> Item:
    return item_header(kind, movement.organization, (_pk(movement.organization, movement.pk, movement.sk), sk))


def _listing(movement: Movement, kind: str, at: str) -> Item:
    return listing(movement.organization, kind, movement.id, at)


def _pk(organization: str, pk: str, sk: str) -> str:
    return f"{organization}#movements#{text_digest(pk, sk)[:32]}"
