"""Statements: a collaborator's movements, newest first, with the balance before and after them.

The balance is everything payable now, from the index of what is owed; each page leads back from it to the moment before
its oldest movement. So a page costs what it shows and what is newer than the period, never what is older.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import merge
from typing import Any

from tributary.ledger.earnings.awards import OBLIGATION
from tributary.ledger.payouts import payouts
from tributary.ledger.store import lists, owed_index
from tributary.ledger.store.lists import Range
from tributary.ledger.store.values import Item

Sums = dict[str, int]
#: Statuses of obligations that are owed, or were and are paid; drafts still wait for an approval.
_OWED = ("pending", "complete")
EARNED, REVERSED, PAID, ELSEWHERE = "earned", "reversed", "paid", "paid_elsewhere"


@dataclass
class Statement:
    """A page of movements and the sums by currency: `closing` after the newest, `opening` before the oldest."""

    closing: Sums
    opening: Sums
    totals: dict[str, Sums] = field(default_factory=dict)
    lines: list[Item] = field(default_factory=list)
    next: str | None = None


def of(organization: str, collaborator_id: int, part: Range, size: int, closing: Sums | None = None) -> Statement:
    """A page of a statement over the moments of a part. `closing` is the opening of the page before.

    Without it, the balance now is led back over everything newer than the part."""
    if closing is None:
        closing = _balance(organization, collaborator_id)
        for _, line in _movements(organization, collaborator_id, Range(start=part.end)):
            _add(closing, line, -1)
    statement = Statement(dict(closing), dict(closing))
    for position, line in _movements(organization, collaborator_id, part):
        if len(statement.lines) == size:
            return statement
        statement.next = position
        statement.lines.append(line)
        _add(statement.opening, line, -1)
        sums = statement.totals.setdefault(line["kind"], {})
        sums[line["currency"]] = sums.get(line["currency"], 0) + abs(line["value"])
    statement.next = None
    return statement


def _balance(organization: str, collaborator_id: int) -> Sums:
    balance: Sums = {}
    for entry in owed_index.of_collaborator(organization, collaborator_id):
        listed = entry["listed"]
        balance[listed["currency"]] = balance.get(listed["currency"], 0) + listed["value"]
    return balance


def _movements(organization: str, collaborator_id: int, part: Range) -> Iterator[tuple[str, Item]]:
    """Lines with their position, newest first; obligations and payouts of one moment in the order of their ids."""
    walks = [
        lists.walk(lists.of_parent(organization, kind, collaborator_id), part) for kind in (OBLIGATION, payouts.KIND)
    ]
    for entry in merge(*walks, key=lambda entry: str(entry["listSk"]), reverse=True):
        for line in _lines(entry["listed"]):
            yield entry["listSk"], line


def _lines(listed: Mapping[str, Any]) -> Iterator[Item]:
    if "fulfillmentId" in listed:
        if listed["status"] in payouts.LIVE:
            yield _line(PAID, "payout", listed, -listed["value"]) | {"status": listed["status"]}
    elif listed["status"] in _OWED:
        kind = EARNED if listed["value"] >= 0 else REVERSED
        value = listed["value"]
        if listed["status"] == "complete" and listed["payoutId"] is None:
            kind, value = ELSEWHERE, 0
        yield _line(kind, "obligation", listed, value)


def _line(kind: str, record: str, listed: Mapping[str, Any], value: int) -> Item:
    return {
        "date": listed["dateCreated"],
        "kind": kind,
        "record": record,
        "id": listed["id"],
        "transactionId": listed.get("transactionId"),
        "value": value,
        "currency": listed["currency"],
    }


def _add(sums: Sums, line: Item, sign: int) -> None:
    sums[line["currency"]] = sums.get(line["currency"], 0) + sign * line["value"]
