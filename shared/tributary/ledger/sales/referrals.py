"""Referrals that a shop tells apart from the sale: partition `<organization>#referral#<digest>`, item `referral`.

A subscription's first invoice may come before the checkout that knows its visitor, or after it. Whichever comes second
finds the other: a sale notes that it waits before it reads the referral, and the referral is announced once it is put.

An order recorded from a shop's list waits likewise, for its first webhook.

One that began as a free trial has no first invoice: its referral is of the first renewal decided, and a visit counts
if it had not expired when the trial began. Trials last for days, so a renewal waits for nothing.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from tributary.domain.codes import Code, joined, of_stored, stored
from tributary.domain.ids import text_digest
from tributary.domain.transaction import Transaction
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.values import Item


@dataclass(frozen=True)
class Onward:
    """A further subscription whose referral counts, and true if the sale is a renewal of it."""

    subscription: str | None
    renewal: bool = False


KIND, WAITING = "referral", "referral-waiting"


def name_of(source: str, subscription: str) -> str:
    """The name of a subscription's referral, in keys and events."""
    return text_digest(source, subscription)


def _partition(organization: str, name: str) -> str:
    return f"{organization}#{KIND}#{name}"


def tell(
    organization: str,
    source: str,
    subscription: str,
    tracking_id: int | None,
    codes: tuple[Code, ...],
    now: str,
    free_since: str | None = None,
    onward: Onward | None = None,
) -> bool:
    """Put the referral of a subscription, the first one told; True if this one was new.

    `onward` names another subscription, to be asked unless this referral has a partner."""
    name = name_of(source, subscription)
    item = {
        **item_header(KIND, organization, (_partition(organization, name), KIND), now),
        "name": name,
        "trackingId": tracking_id,
        "codes": stored(codes),
        **({"freeSince": free_since} if free_since else {}),
        **({"onward": asdict(onward)} if onward else {}),
    }
    try:
        table.put_new(item)
    except table.ConditionFailed:
        return False
    return True


def with_referral(transaction: Transaction, now: str) -> Transaction | None:
    """The sale with the referral told for its subscription; None while none is, and the sale noted as waiting.

    A renewal comes back as it is unless it is the first payment after a free trial. The answer has no subscription, or
    the one that is to be asked next."""
    sale = transaction.sale
    name = name_of(sale.source, sale.subscription or "")
    partition = _partition(transaction.organization, name)
    told = table.get(partition, KIND)
    if sale.renewal:
        first = told is not None and "freeSince" in told and _is_first_payment(told, transaction.id)
        return _referred(transaction, told) if told and first else _named(transaction, subscription=None)
    if told is None:
        _wait(transaction, partition, now)
        told = table.get(partition, KIND)
    return _referred(transaction, told) if told else None


def _is_first_payment(told: Item, transaction_id: int) -> bool:
    """Give a trial's referral to one sale; true if it is this one."""
    condition = "attribute_not_exists(#paidBy) OR #paidBy = :sale"
    try:
        table.update(told["pk"], told["sk"], {"#paidBy": transaction_id}, condition, sale=transaction_id)
    except table.ConditionFailed:
        return False
    return True


def _wait(transaction: Transaction, partition: str, now: str) -> None:
    place = (partition, f"waiting#{transaction.id}")
    with suppress(table.ConditionFailed):
        noted = {"transactionId": transaction.id}
        table.put_new(item_header(WAITING, transaction.organization, place, now) | noted)


def _referred(transaction: Transaction, told: Item) -> Transaction:
    """The sale with its own codes and those told."""
    codes = joined(*transaction.sale.codes, *of_stored(told["codes"]))
    onward = Onward(**told["onward"]) if "onward" in told else Onward(None)
    named = {"tracking_id": told["trackingId"], "codes": codes, "referred_at": told.get("freeSince")}
    return _named(transaction, **named, **asdict(onward))


def _named(transaction: Transaction, **members: Any) -> Transaction:
    unchanged = transaction.unchanged and replace(transaction.unchanged, **members)
    return replace(transaction, sale=replace(transaction.sale, **members), unchanged=unchanged)


def waiting(organization: str, name: str) -> list[int]:
    """The sales that wait for a referral, strongly consistent."""
    return [item["transactionId"] for item in table.query(_partition(organization, name), "waiting#")]
