"""Claimed sales and their earnings, stored at keys that follow from the claim."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tributary.domain.earning_event import SALE
from tributary.domain.transaction import Transaction
from tributary.ledger.earnings import adjustments, awards
from tributary.ledger.earnings.awards import Cause
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import holders, lists, table
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

Listed = Mapping[str, Any]


@dataclass(frozen=True)
class AffiliateSale:
    """A sale with the earnings of each program that pays its claim: a `conversion` and, if any, its `obligation`, the
    `payout` that holds it, and `rises` that are not paid."""

    transaction: Transaction
    awards: Sequence[Mapping[str, Any]]


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
    paying = _Paying(item for item in items.values() if item["entity"] == awards.OBLIGATION)
    return [
        AffiliateSale(transaction_items.of_item(item), [*_held(organization, causes, items, paying)])
        for number, causes in wanted.items()
        if (item := transaction_items.unless_deleted(items.get(transaction_items.key(organization, number))))
    ]


def earned(item: Item) -> AffiliateSale:
    """The sale of a stored item with its present earnings. One BatchGetItem, and one of payouts that hold them."""
    organization, causes = item["organization"], _causes(item["listed"])
    found = table.batch_get(key for cause in causes for key in _keys(organization, cause))
    paying = _Paying(it for it in found.values() if it["entity"] == awards.OBLIGATION)
    return AffiliateSale(transaction_items.of_item(item), [*_held(organization, causes, found, paying)])


def of_report(transaction: Transaction) -> AffiliateSale:
    """A reported sale with its earnings, without manual credits. One Query, and a BatchGetItem of payouts that hold
    them."""
    held = awards.of_subject(transaction.organization, "transaction", transaction.id)
    paying = _Paying(award[awards.OBLIGATION] for award in held.values() if awards.OBLIGATION in award)
    earned = {place: paying.with_payments(award) for place, award in held.items()}
    claim = transaction.sale.claim
    if claim is None:
        return AffiliateSale(transaction, [*earned.values()])
    causes = [Cause("transaction", transaction.id, SALE, it, claim.collaborator_id) for it in claim.program_ids]
    places = [cause.prefix.removesuffix("#") for cause in causes]
    return AffiliateSale(transaction, [earned[place] for place in places if place in earned])


def _causes(listed: Listed) -> list[Cause]:
    claimed = listed["claimed"]
    return [
        Cause("transaction", listed["id"], SALE, program_id, claimed["collaboratorId"])
        for program_id in claimed["programIds"]
    ]


def _keys(organization: str, cause: Cause) -> list[Key]:
    return [cause.key(organization, kind) for kind in (awards.CONVERSION, awards.OBLIGATION)]


def _held(
    organization: str, causes: Iterable[Cause], items: Mapping[Key, Item], paying: "_Paying"
) -> Iterable[Mapping[str, Any]]:
    for cause in causes:
        conversion, obligation = _keys(organization, cause)
        if conversion in items:
            owed = {awards.OBLIGATION: items[obligation]} if obligation in items else {}
            yield paying.with_payments({awards.CONVERSION: items[conversion], **owed})


class _Paying:
    """The payments of obligations: payouts that hold them, and their rises. Up to two BatchGetItem per hundred, none
    for obligations that were never paid out."""

    def __init__(self, obligations: Iterable[Item]) -> None:
        paid = list(obligations)
        self._rises = adjustments.rises(paid)
        self._payouts = holders.of([*paid, *self._rises.values()])

    def with_payments(self, award: Mapping[str, Item]) -> Mapping[str, Any]:
        """The items of an award with what pays its obligation."""
        owed = award.get(awards.OBLIGATION)
        if owed is None:
            return award
        payout = self._payouts.get(owed["listed"]["payoutId"])
        rises = [it for it in self._rises.values() if it["listed"]["adjusts"] == owed["listed"]["id"]]
        unpaid = [it for it in rises if not self._is_paid(it)]
        return {**award, **({holders.PAYOUT: payout} if payout else {}), **({"rises": unpaid} if unpaid else {})}

    def _is_paid(self, rise: Item) -> bool:
        payout_id = rise["listed"]["payoutId"]
        if payout_id is None:
            return bool(rise["listed"]["status"] == "complete")
        return payout_id in self._payouts and self._payouts[payout_id]["listed"]["status"] == "paid"
