"""Previews: the obligations and sums that a batch with the same arguments would pay, kept so that it pays just those.

Partition `<organization>#preview#<id>`: item `preview`, and its choices as items `row#<n>`, one page each.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tributary.domain import times
from tributary.domain.errors import Conflict, NotFound
from tributary.domain.ids import random_id
from tributary.domain.payable import HELD, Arguments, Choice, Group, Owed, Payee
from tributary.ledger.organization import organization_settings
from tributary.ledger.payouts import fulfillment_items, selection
from tributary.ledger.payouts.selection import Chosen
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header, update_unchanged
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND, ROW = "preview", "preview-row"
#: Obligations read by one call; a larger preview goes on with the next one.
_MOST = 2000
#: Obligations of one stored row, of at most 200 bytes each.
_ROW = 1000
#: Digits of a choice's place in its row.
_DIGITS = 6
_VALID_HOURS = 24


@dataclass(frozen=True)
class Preview:
    """A page of a preview: its choices, and whether more follow."""

    id: int
    choices: Sequence[Choice]
    complete: bool


def make(organization: str, arguments: Arguments) -> Preview:
    """The first page of a new preview."""
    number = random_id()
    item = {
        **item_header(KIND, organization, key(organization, number), arguments.now),
        "previewId": number,
        "arguments": fulfillment_items.stored_arguments(arguments),
        "position": None,
        "rows": 0,
        "complete": False,
    }
    table.put_new(item)
    return _advance(item)


def go_on(organization: str, preview_id: int) -> Preview:
    """The next page of a preview; an empty one after its end."""
    item = valid(organization, preview_id)
    return Preview(preview_id, (), complete=True) if item["complete"] else _advance(item)


def valid(organization: str, preview_id: int) -> Item:
    """The stored preview. NotFound once it is a day old, since days of what is due were counted at its moment."""
    item = table.get(*key(organization, preview_id))
    if item is None or times.later(item["changedAt"], hours=_VALID_HOURS) < times.now():
        raise NotFound("There is no such preview.", {"previewId": preview_id})
    return item


def key(organization: str, preview_id: int) -> Key:
    return f"{organization}#{KIND}#{preview_id}", KIND


def chosen(organization: str, preview_id: int, position: str | None) -> Iterator[list[Chosen]]:
    """The choices kept by a preview, a page at a time, after a position, with each payee's method of now.

    The reason of a choice says why its payee can no longer be paid."""
    item, settings = valid(organization, preview_id), organization_settings.get(organization)
    for number in range(item["rows"]):
        waiting = list(_waiting(item["pk"], number, position or ""))
        if waiting:
            found = selection.payees(organization, (held["collaboratorId"] for _, held in waiting), settings)
            yield [_chosen(held, *found[held["collaboratorId"]], place) for place, held in waiting]


def _waiting(pk: str, number: int, position: str) -> Iterator[tuple[str, Item]]:
    """The stored choices of a row after a position, each with the position after it."""
    row = table.get(pk, _row(number)) if _place(number) > position else None
    for at, held in enumerate(row["choices"] if row else ()):
        if _place(number, at) > position:
            yield _place(number, at), held


def _advance(item: Item) -> Preview:
    arguments, position = fulfillment_items.arguments_of(item["arguments"]), item["position"]
    found, seen, complete = [], 0, True
    for page in selection.pages(item["organization"], arguments, position):
        found += page
        position, seen = page[-1].position, seen + sum(len(one.choice.group.owed) for one in page)
        if seen >= _MOST:
            complete = False
            break
    rows = list(_rows(one for one in found if one.choice.pays))
    reached = {"position": position, "rows": item["rows"] + len(rows), "complete": complete}
    try:
        for offset, row in enumerate(rows):
            place = item["pk"], _row(item["rows"] + offset)
            table.put_new({**item_header(ROW, item["organization"], place), "choices": row})
        _reach(item, {**reached, "version": item["version"] + 1})
    except table.ConditionFailed as failure:
        about = {"previewId": item["previewId"]}
        raise Conflict("Another call has continued this preview; make a new one.", about) from failure
    return Preview(item["previewId"], [one.choice for one in found], complete)


def _reach(item: Item, reached: Item) -> None:
    """Note how far a preview has come. The rows are this call's own, so the same place is too: an answer was lost."""
    try:
        update_unchanged((item["pk"], item["sk"]), item["version"], {f"#{name}": it for name, it in reached.items()})
    except table.ConditionFailed as failure:
        if failure.item is None or any(failure.item[name] != value for name, value in reached.items()):
            raise


def _row(number: int) -> str:
    return f"row#{number:06}"


def _place(row: int, at: int = 10**_DIGITS - 1) -> str:
    """The position after a choice of a row, the last one by default."""
    return f"{_row(row)}#{at:0{_DIGITS}}"


def _rows(found: Iterator[Chosen]) -> Iterator[list[Item]]:
    """Stored rows; a group too large for one is continued in the next, into the same payout."""
    row: list[Item] = []
    count = 0
    for one in found:
        for start in range(0, len(one.choice.pays), _ROW):
            part = one.choice.pays[start : start + _ROW]
            if row and count + len(part) > _ROW:
                yield row
                row, count = [], 0
            row.append(_stored(one, part))
            count += len(part)
    if row:
        yield row


def _stored(one: Chosen, part: Sequence[Owed]) -> Item:
    group = one.choice.group
    return {
        "collaboratorId": group.collaborator_id,
        "currency": group.currency,
        "owed": [[owed.id, *owed.key, owed.value, owed.version] for owed in part],
    }


def _chosen(held: Mapping[str, Any], payee: Payee, method: Mapping[str, Any], position: str) -> Chosen:
    owed = tuple(Owed(number, (pk, sk), value, version, "") for number, pk, sk, value, version in held["owed"])
    group = Group(held["collaboratorId"], held["currency"], owed)
    return Chosen(Choice(group, owed, payee.hindrance), method, position)


def rows_of(choices: Sequence[Choice]) -> tuple[list[Item], list[Item]]:
    """The payouts of choices, and everything left out with its reason, as a client sees them."""
    pays = [_shown(one, one.value, len(one.pays)) for one in choices if one.pays]
    out = [
        _shown(one, one.left_out, len(one.group.owed) - len(one.held)) | {"reason": one.reason}
        for one in choices
        if one.reason and one.reason != HELD
    ]
    held = [
        _shown(one, sum(owed.value for owed in one.held), len(one.held)) | {"reason": HELD}
        for one in choices
        if one.held
    ]
    return pays, out + held


def _shown(choice: Choice, value: int, count: int) -> Item:
    group = choice.group
    return {
        "collaboratorId": group.collaborator_id,
        "currency": group.currency,
        "value": value,
        "obligationCount": count,
    }


def named(preview: Item) -> Arguments:
    """The arguments of a stored preview."""
    return fulfillment_items.arguments_of(preview["arguments"])
