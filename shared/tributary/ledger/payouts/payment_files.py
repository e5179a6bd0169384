"""Bank files of a batch: made once, then the same bytes at each download.

Item `files` in the batch's partition fixes all that their bytes depend on; item `file#<name>` has the payouts in a file
and the digest of its bytes.
"""

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from tributary.domain import times
from tributary.domain.errors import Conflict, Failure, ValidationFailed
from tributary.ledger.payouts import fulfillment_items, methods, payouts
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item
from tributary.payments.batch import BankFile, BankFiles, Batch, Payment, RefusedPayment, reference_of
from tributary.payments.files import bank_files

_ALL, _FILE = "files", "file"
_PAYER = "payer"
_MOST_NAMED = 100
#: Days for which a bank may be asked to wait.
_DAYS_AHEAD = 366


@dataclass(frozen=True)
class Made:
    """The files of a batch as records, and the payouts that are in none."""

    files: Sequence[Item]
    refused: Sequence[RefusedPayment]
    by_hand: Sequence[int]
    paid_before: Sequence[int]
    execution_date: str


class NoPayer(Conflict):
    """Payments for whose method the organization has no account."""


def make(batch_item: Item, execution_date: date) -> Made:
    """Make the files of a batch's unpaid payouts. A repeat returns those made before, whatever has ended since.

    NoPayer if an account to pay from is missing, Conflict for another date than before, ValidationFailed for one that
    no bank takes."""
    organization, number = batch_item["organization"], batch_item["listed"]["id"]
    held = table.get(*_key(organization, number, _ALL)) or _begin(batch_item, execution_date)
    if held["executionDate"] != execution_date.isoformat():
        about = {"executionDate": held["executionDate"]}
        raise Conflict("The files of this fulfillment were made with another date; download them.", about)
    found = records(organization, number)
    if len(found) < held["fileCount"]:
        _complete(organization, number, held)
        found = records(organization, number)
    refused = [RefusedPayment(*it) for it in held["refused"]]
    return Made(found, refused, held["byHand"], held["paidBefore"], held["executionDate"])


def _begin(batch_item: Item, execution_date: date) -> Item:
    """Fix the payouts in the files, and everything else that their bytes depend on."""
    organization, number = batch_item["organization"], batch_item["listed"]["id"]
    _require_near(execution_date)
    all_of_it = payouts.of_fulfillment(organization, number)
    unpaid, paid = ([it for it in all_of_it if it["listed"]["status"] == wanted] for wanted in payouts.LIVE)
    item = {
        **item_header("payment-files", organization, _key(organization, number, _ALL), times.now()),
        "createdAt": batch_item["listed"]["dateCreated"],
        "executionDate": execution_date.isoformat(),
        "payer": methods.sealed_payer(organization),
        "payoutIds": [it["listed"]["id"] for it in unpaid],
        "paidBefore": [it["listed"]["id"] for it in paid],
    }
    made = _files(_whole(organization, number, item), organization, unpaid)
    if missing := [it.payout_id for it in made.refused if it.field.startswith(_PAYER)]:
        sentence = "There is no account to pay some of the payouts from; set it with /payer."
        raise NoPayer(sentence, {"payoutIds": missing[:_MOST_NAMED]})
    item |= {"refused": [list(it) for it in made.refused], "byHand": list(made.by_hand), "fileCount": len(made.files)}
    try:
        table.transact([table.put_action(item), fulfillment_items.unhindered_action(organization, number)])
    except table.ConditionFailed as failure:
        if (held := table.get(item["pk"], item["sk"])) is not None:
            return held
        raise Conflict("The fulfillment is not ready for payment.", {"status": fulfillment_items.FAILED}) from failure
    return item


def _require_near(day: date) -> None:
    """ValidationFailed for a day that has passed everywhere, or is more than a year away."""
    first, last = (times.later(times.now(), days=days)[:10] for days in (-1, _DAYS_AHEAD))
    sentence = f"executionDate must be from {first} to {last}."
    if day.isoformat() < first:
        raise ValidationFailed([Failure("executionDate", sentence, "MIN")])
    if day.isoformat() > last:
        raise ValidationFailed([Failure("executionDate", sentence, "MAX")])


def _complete(organization: str, number: int, held: Item) -> None:
    """Put the records of files, again after a crash."""
    items = _named(organization, number, held["payoutIds"])
    for file in _files(_whole(organization, number, held), organization, items).files:
        with suppress(table.ConditionFailed):
            table.put_new(_record(organization, number, file))


def records(organization: str, fulfillment_id: int) -> list[Item]:
    """The records of a batch's files."""
    return table.query(fulfillment_items.pk(organization, fulfillment_id), f"{_FILE}#")


def download(organization: str, fulfillment_id: int, name: str) -> BankFile | None:
    """A file as it was made; None if the batch has none of this name."""
    found = table.batch_get([_key(organization, fulfillment_id, it) for it in (_ALL, f"{_FILE}#{name}")])
    if len(found) < 2:
        return None
    held, record = (found[_key(organization, fulfillment_id, it)] for it in (_ALL, f"{_FILE}#{name}"))
    kin = [it for it in records(organization, fulfillment_id) if it["group"] == record["group"]]
    items = _named(organization, fulfillment_id, [payout_id for it in kin for payout_id in it["payoutIds"]])
    made = _files(_whole(organization, fulfillment_id, held), organization, items)
    (file,) = (it for it in made.files if it.name == name)
    if _digest(file) != record["digest"]:
        raise RuntimeError("a payment file differs from the one made first")
    return file


def _named(organization: str, fulfillment_id: int, ids: Iterable[int]) -> list[Item]:
    wanted = set(ids)
    return [it for it in payouts.of_fulfillment(organization, fulfillment_id) if it["listed"]["id"] in wanted]


def _whole(organization: str, number: int, held: Item) -> Batch:
    day = date.fromisoformat(held["executionDate"])
    return Batch(number, held["createdAt"], day, methods.opened_payer(organization, held["payer"]))


def _files(whole: Batch, organization: str, items: Sequence[Item]) -> BankFiles:
    opened = methods.of_payouts(organization, list(items))
    return bank_files(whole, [_payment(item, method) for item, method in zip(items, opened, strict=True)])


def _payment(item: Item, method: Any) -> Payment:
    listed = item["listed"]
    return Payment(listed["id"], listed["value"], listed["currency"], method, f"Payout {reference_of(listed['id'])}")


def _record(organization: str, number: int, file: BankFile) -> Item:
    return {
        **item_header("payment-file", organization, _key(organization, number, f"{_FILE}#{file.name}")),
        "name": file.name,
        "mediaType": file.media_type,
        "messageId": file.message_id,
        "method": file.method,
        "currency": file.currency,
        "group": file.name.rsplit("-", 3)[0],
        "payoutIds": list(file.payout_ids),
        "controlSum": file.control_sum,
        "controlText": file.control_text,
        "digest": _digest(file),
    }


def _digest(file: BankFile) -> str:
    return hashlib.sha256(file.content).hexdigest()


def _key(organization: str, fulfillment_id: int, sk: str) -> Key:
    return fulfillment_items.pk(organization, fulfillment_id), sk
