"""The state of a sale as members of its item: the sums of its refunds, its edit, its endings.

Members are stored only for the few sales that have them.
"""

from collections.abc import Mapping
from typing import Any

from tributary.domain.endings import UNDATED, Endings
from tributary.domain.given_back import FINE, GivenBack
from tributary.domain.transaction import Change, Line, Transaction, Versions
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.records import touch
from tributary.ledger.store.values import Item


def line_item(line: Line) -> Item:
    """A line without its default members: a thousand lines must fit one item."""
    item: Item = {"name": line.name, "value": line.value, "quantity": line.quantity, "type": line.type}
    if line.description:
        item["description"] = line.description
    if line.attributes:
        item["attributes"] = dict(line.attributes)
    if line.continues:
        item["continues"] = True
    return item


def sums_item(transaction: Transaction) -> Item:
    """The stored form of the sums of a sale's refunds."""
    given = transaction.given
    return {
        "given": {
            "byPosition": {str(position): fine for position, fine in given.by_position.items()},
            "byExternalId": dict(given.by_external_id),
            "loose": given.loose,
            "rests": given.rests,
            **({"soFar": given.so_far} if given.so_far else {}),
        }
    }


def given_of(item: Mapping[str, Any]) -> GivenBack:
    """The sums of a sale's refunds; those of earlier records are whole minor units, by detail.

    A sale ended as a whole has no sums unless refunds were reported too."""
    if (held := item.get("given")) is not None:
        by_position = {int(position): fine for position, fine in held["byPosition"].items()}
        return GivenBack(by_position, held["byExternalId"], held["loose"], held["rests"], held.get("soFar", 0))
    if "refundedAt" in item:
        return GivenBack()
    lines = {int(place): amount * FINE for place, amount in item.get("refundedLines", {}).items()}
    return GivenBack(lines, loose=item.get("refunded", 0) * FINE - sum(lines.values()))


def change_item(change: Change) -> Item:
    """The stored form of an edit of a sale."""
    lines = [line_item(line) for line in change.lines]
    return {"at": change.at, "digest": change.digest, "total": change.total, "lines": lines}


def change_of(item: Mapping[str, Any]) -> Change:
    """The edit of a stored form."""
    return Change(item["at"], item["digest"], item["total"], tuple(Line(**line) for line in item["lines"]))


def seen_item(seen: Versions) -> Item:
    """The stored form of the names in all versions of a sale."""
    return {"items": seen.items, "externalIds": sorted(seen.external_ids)}


def seen_of(item: Mapping[str, Any] | None) -> Versions:
    return Versions(item["items"], frozenset(item["externalIds"])) if item else Versions()


#: Attributes of the moments in Endings.
_ENDINGS = {"refunded": "wholeRefundAt", "cancelled": "cancelledAt", "withdrawn": "withdrawnAt"}


def endings_item(endings: Endings) -> Item:
    """The stored form of the endings of a sale."""
    moments = {attribute: getattr(endings, name) for name, attribute in _ENDINGS.items()}
    return {attribute: at for attribute, at in moments.items() if at is not None}


def endings_of(item: Mapping[str, Any]) -> Endings:
    """The endings of a sale. Those of earlier records are known by its status only."""
    endings = Endings() | Endings(**{name: item.get(attribute) for name, attribute in _ENDINGS.items()})
    if endings != Endings() or "refundedAt" not in item:
        return endings
    if item["listed"]["status"] == "cancelled":
        return Endings(cancelled=UNDATED)
    return endings if "given" in item else Endings(refunded=UNDATED)


def lacks_sums(item: Mapping[str, Any]) -> bool:
    """True for an earlier record of a sale that has ended."""
    return "refundedAt" in item and not any(name in item for name in ("given", *_ENDINGS.values()))


def restatement(before: Transaction, after: Transaction, now: str) -> Item:
    """The changes that bring a stored sale to the next version, with the status and sums its reports leave it."""
    nothing = after.status == "complete" and not after.refunded
    changes: Item = {"refunded": GONE if nothing else after.refunded, **touch(now, after.version)}
    if after.endings != before.endings:
        changes |= dict.fromkeys(_ENDINGS.values(), GONE)
    changes |= endings_item(after.endings)  # an earlier record has them in its status only
    if after.given != before.given:
        changes |= sums_item(after) if after.given != GivenBack() else {"given": GONE}
    if after.status != before.status:
        changes |= {"listed.#status": after.status, "refundedAt": GONE if after.status == "complete" else now}
    return changes
