"""Referrals that a shop tells apart from the sale: partition `<organization>#referral#<digest>`, item `referral`.

A subscription's first invoice may come before the checkout that knows its visitor, or after it. Whichever comes second
finds the other: a sale notes that it waits before it reads the referral, and the referral is announced once it is put.
"""

from contextlib import suppress
from dataclasses import replace

from tributary.domain.codes import Code
from tributary.domain.ids import text_digest
from tributary.domain.transaction import Transaction
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.values import Item

KIND, WAITING = "referral", "referral-waiting"


def name_of(source: str, subscription: str) -> str:
    """The name of a subscription's referral, in keys and events."""
    return text_digest(source, subscription)


def _partition(organization: str, name: str) -> str:
    return f"{organization}#{KIND}#{name}"


def tell(
    organization: str, source: str, subscription: str, tracking_id: int | None, codes: tuple[Code, ...], now: str
) -> bool:
    """Put the referral of a subscription, the first one told; True if this one was new."""
    name = name_of(source, subscription)
    item = {
        **item_header(KIND, organization, (_partition(organization, name), KIND), now),
        "name": name,
        "trackingId": tracking_id,
        "codes": [[code.type, code.code] for code in codes],
    }
    try:
        table.put_new(item)
    except table.ConditionFailed:
        return False
    return True


def with_referral(transaction: Transaction, now: str) -> Transaction | None:
    """The sale with the referral told for its subscription; None while none is, and the sale noted as waiting."""
    sale = transaction.sale
    name = name_of(sale.source, sale.subscription or "")
    partition = _partition(transaction.organization, name)
    told = table.get(partition, KIND)
    if told is None:
        _wait(transaction, partition, now)
        told = table.get(partition, KIND)
    return _referred(transaction, told) if told else None


def _wait(transaction: Transaction, partition: str, now: str) -> None:
    place = (partition, f"waiting#{transaction.id}")
    with suppress(table.ConditionFailed):
        noted = {"transactionId": transaction.id}
        table.put_new(item_header(WAITING, transaction.organization, place, now) | noted)


def _referred(transaction: Transaction, told: Item) -> Transaction:
    named = {"tracking_id": told["trackingId"], "codes": tuple(Code(kind, code) for kind, code in told["codes"])}
    unchanged = transaction.unchanged and replace(transaction.unchanged, **named)
    return replace(transaction, sale=replace(transaction.sale, **named), unchanged=unchanged)


def waiting(organization: str, name: str) -> list[int]:
    """The sales that wait for a referral, strongly consistent."""
    return [item["transactionId"] for item in table.query(_partition(organization, name), "waiting#")]
