"""Simulation of a program's draft over the sales of a span, which writes nothing.

A page of sales comes from their list; they and their decisions are read strongly consistent.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tributary.domain.decided_again import Group
from tributary.domain.earning_event import SALE
from tributary.domain.program import Program
from tributary.domain.simulation import CREDITED, Draft, Played, Version, in_turn, play
from tributary.domain.transaction import Transaction
from tributary.ledger.earnings import awards, decisions
from tributary.ledger.opportunities import opportunities
from tributary.ledger.programs import program_groups, programs
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import lists, table
from tributary.ledger.store.lists import Range
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

#: Sales that one call reads at most. It stops earlier beyond so much work, in lines times candidates, so that it ends
#: well within its function's timeout: at the memory of a function this takes some nine seconds.
PAGE, MOST_WORK = 500, 300_000
#: Sales, and lines of sales, that one BatchGetItem reads with their decisions.
BATCH, _BATCH_LINES = 50, 1000
#: The work for a sale besides its lines and its candidates, and for a winner that is looked up.
_LEAST, _NEW = 10, 30
#: Versions of a program that are compared with a draft.
_MOST_VERSIONS = 100
#: Visitors with other visits that are told apart; beyond them every visitor counts as one.
MOST_VISITORS = 1000
_ANY, _MARKS = 0, 10**9


@dataclass(frozen=True)
class Page:
    """Sales played in the order of their decisions, the position to go on from, and the visitors whose later sales
    would have found other visits."""

    played: Sequence[Played]
    next: str | None
    other_visits: frozenset[int]


def draft_of(stored: Item, settings: Mapping[str, Any], start: str) -> Draft:
    """The draft of a stored program's settings from a moment on. One Query of the program's versions."""
    kept = programs.latest_versions(stored, _MOST_VERSIONS)
    versions = [Version(it["listed"]["dateModified"], Program.of(it["listed"], it["version"])) for it in kept]
    whole = stored["version"] <= _MOST_VERSIONS
    return Draft.of(Program.of(settings, stored["version"]), versions, start, whole=whole)


def simulate(organization: str, draft: Draft, part: Range, other_visits: Collection[int] = ()) -> Page:
    """One page of a part of the list, oldest first. `other_visits` are those of the page before."""
    page = lists.page(lists.of_kind(organization, transaction_items.KIND), part, PAGE)
    groups = {
        it["listed"]["id"]: Group(it["listed"]["sorter"], it["changedAt"]) for it in program_groups.every(organization)
    }
    listed, work, read = [listed for _, listed in page.records], 0, 0
    played: list[Played] = []
    for batch in _batches(listed):
        for transaction, decision in _decided(organization, batch):
            played.append(play(transaction, decision, draft, groups))
            work += _work(transaction, decision) + _NEW * len(played[-1].new)
        read += len(batch)
        if work > MOST_WORK:
            break
    last = listed[read - 1] if read < len(listed) else None
    onward = page.next if last is None else lists.position(last["dateCreated"], last["id"])
    played = _without_credited(organization, played)
    visitors = _visitors(organization, played, other_visits)
    in_order, others = in_turn(played, visitors, other_visits)
    return Page(in_order, onward, frozenset(others) if len(others) <= MOST_VISITORS else frozenset({_ANY}))


def _batches(listed: Iterable[Mapping[str, Any]]) -> Iterator[list[int]]:
    """The ids of listed sales, so many at once that they are not too large together."""
    batch, lines = list[int](), 0
    for sale in listed:
        if batch and (len(batch) == BATCH or lines + sale["detailCount"] > _BATCH_LINES):
            yield batch
            batch, lines = [], 0
        batch.append(sale["id"])
        lines += sale["detailCount"]
    if batch:
        yield batch


def _work(transaction: Transaction, decision: Item | None) -> int:
    candidates = len(decision["candidates"]) if decision else 0
    return (len(transaction.sale.details) + _LEAST) * (candidates + _LEAST)


def _decided(organization: str, ids: Iterable[int]) -> Iterator[tuple[Transaction, Item | None]]:
    """Sales with the decisions about them. One BatchGetItem."""
    partitions = [transaction_items.pk(organization, number) for number in ids]
    found = table.batch_get((it, name) for it in partitions for name in (transaction_items.SK, decisions.SALE))
    for partition in partitions:
        if item := found.get((partition, transaction_items.SK)):
            yield transaction_items.of_item(item), found.get((partition, decisions.SALE))


def _without_credited(organization: str, played: Sequence[Played]) -> list[Played]:
    """The sales, those left out that a credit by hand has paid to a new winner: no program pays twice."""
    asked = {sale.transaction_id: _conversions(organization, sale) for sale in played if sale.left is None and sale.new}
    found = table.batch_get(key for keys in asked.values() for key in keys)
    credited = {number for number, keys in asked.items() if not found.keys().isdisjoint(keys)}
    return [sale.without(CREDITED) if sale.transaction_id in credited else sale for sale in played]


def _conversions(organization: str, sale: Played) -> list[Key]:
    causes = (awards.Cause("transaction", sale.transaction_id, SALE, *pair) for pair in sale.new)
    return [cause.key(organization, awards.CONVERSION) for cause in causes]


def _visitors(organization: str, played: Sequence[Played], other_visits: Collection[int]) -> Mapping[int, int]:
    """Marks of the visitors of opportunities, merged ones with one mark; read only if the draft moves any visit."""
    if not other_visits and not any(sale.uses_other_visits for sale in played):
        return {}
    ids = {sale.opportunity_id for sale in played if sale.opportunity_id is not None}
    if _ANY in other_visits:
        return dict.fromkeys(ids, _ANY)
    found = table.batch_get(opportunities.header_key(organization, number) for number in ids)
    headers = map(opportunities.of_item, found.values())
    led = {it.id: it.merged_into or it.id for it in headers}
    return {number: led.get(number, number) % _MARKS or 1 for number in ids}
