"""Claimed sales and their earnings, stored at keys that follow from the claim."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tributary.domain.earning_event import SALE
from tributary.domain.transaction import Transaction
from tributary.ledger.earnings import awards
from tributary.ledger.earnings.awards import Cause
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import holders, lists, table
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

Listed = Mapping[str, Any]


@dataclass(frozen=True)
class AffiliateSale:
    """A sale with the `conversion` of each program that pays its claim and, if any, its `obligation` and the `payout`
    that holds it."""

    transaction: Transaction
    awards: Sequence[Mapping[str, Item]]


class TooMany(Exception):
    """More records than one request examines."""


def matching(
    organization: str, source: str, since: str | None, accept: Callable[[Listed], bool]
) -> Sequence[AffiliateSale]:
    """The claimed sales of a source that `accept` takes, newest first.

    Examines each transaction recorded after `since`. TooMany for more than lists.MAX_EXAMINED.
    """
    binding = transaction_items.binding(source)
    part = lists.Range(start=lists.position(since, 0)) if since else lists.Range()
    page = lists.page(
        lists.of_kind(organization, transaction_items.KIND),
        part,
        lists.MAX_EXAMINED,
        0,
        lambda listed: listed["source"] == binding and "claimed" in listed and accept(listed),
    )
    if page.next is not None:
        raise TooMany
    return read(organization, [listed for _, listed in page.records])


def read(organization: str, found: Sequence[Listed]) -> Sequence[AffiliateSale]:
    """The sales behind their listed forms, strongly consistent. One BatchGetItem per hundred records, and one per
    hundred payouts that hold what they earned."""
    wanted = {listed["id"]: _causes(listed) for listed in found}
    keys = [transaction_items.key(organization, number) for number in wanted]
    keys += [key for number, causes in wanted.items() for cause in causes for key in _keys(organization, cause)]
    items = table.batch_get(keys)
    paying = holders.of(item for item in items.values() if item["entity"] == awards.OBLIGATION)
    return [
        AffiliateSale(transaction_items.of_item(item), [*_held(organization, causes, items, paying)])
        for number, causes in wanted.items()
        if (item := transaction_items.unless_deleted(items.get(transaction_items.key(organization, number))))
    ]


def earned(item: Item) -> AffiliateSale:
    """The sale of a stored item with its present earnings. One BatchGetItem, and one of payouts that hold them."""
    organization, causes = item["organization"], _causes(item["listed"])
    found = table.batch_get(key for cause in causes for key in _keys(organization, cause))
    paying = holders.of(it for it in found.values() if it["entity"] == awards.OBLIGATION)
    return AffiliateSale(transaction_items.of_item(item), [*_held(organization, causes, found, paying)])


def of_report(transaction: Transaction) -> AffiliateSale:
    """A reported sale with its earnings, without manual credits. One Query, and a BatchGetItem of payouts that hold
    them."""
    held = awards.of_subject(transaction.organization, "transaction", transaction.id)
    paying = holders.of(award[awards.OBLIGATION] for award in held.values() if awards.OBLIGATION in award)
    held = {place: _paid_by(award, paying) for place, award in held.items()}
    claim = transaction.sale.claim
    if claim is None:
        return AffiliateSale(transaction, [*held.values()])
    causes = [Cause("transaction", transaction.id, SALE, it, claim.collaborator_id) for it in claim.program_ids]
    places = [cause.prefix.removesuffix("#") for cause in causes]
    return AffiliateSale(transaction, [held[place] for place in places if place in held])


def _causes(listed: Listed) -> list[Cause]:
    claimed = listed["claimed"]
    return [
        Cause("transaction", listed["id"], SALE, program_id, claimed["collaboratorId"])
        for program_id in claimed["programIds"]
    ]


def _keys(organization: str, cause: Cause) -> list[Key]:
    return [cause.key(organization, kind) for kind in (awards.CONVERSION, awards.OBLIGATION)]


def _held(
    organization: str, causes: Iterable[Cause], items: Mapping[Key, Item], paying: Mapping[int, Item]
) -> Iterable[Mapping[str, Item]]:
    for cause in causes:
        conversion, obligation = _keys(organization, cause)
        if conversion in items:
            owed = {awards.OBLIGATION: items[obligation]} if obligation in items else {}
            yield _paid_by({awards.CONVERSION: items[conversion], **owed}, paying)


def _paid_by(award: dict[str, Item], paying: Mapping[int, Item]) -> dict[str, Item]:
    """The items of an award with the payout that holds its obligation."""
    obligation = award.get(awards.OBLIGATION)
    payout = paying.get(obligation["listed"]["payoutId"]) if obligation else None
    return award | ({holders.PAYOUT: payout} if payout else {})
