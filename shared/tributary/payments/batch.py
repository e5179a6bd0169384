"""A batch of payments, and the files that pay it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from tributary.domain import money
from tributary.payments.checks import Unsayable
from tributary.payments.methods import PayoutMethod
from tributary.payments.payers import Payer

_LETTER = "P"


@dataclass(frozen=True)
class Payment:
    """One payout as it was generated: its value in minor units, and the method of that moment."""

    payout_id: int
    value: int
    currency: str
    method: PayoutMethod
    reference: str


@dataclass(frozen=True)
class Batch:
    """A fulfillment: everything in a file that is not of one payment comes from here, never from a clock."""

    fulfillment_id: int
    created_at: str
    execution_date: date
    payer: Payer


@dataclass(frozen=True)
class BankFile:
    """A file to upload, and the payouts in it; `control_text` is the sum as the file spells it."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    method: str
    currency: str
    message_id: str
    payout_ids: tuple[int, ...]
    control_sum: int
    control_text: str

    @property
    def rows(self) -> int:
        return len(self.payout_ids)


class RefusedPayment(NamedTuple):
    """A payment that no file can express."""

    payout_id: int
    field: str
    reason: str


@dataclass(frozen=True)
class BankFiles:
    """Each payment of a batch once: in a file, refused, or to be made by hand."""

    files: tuple[BankFile, ...]
    refused: tuple[RefusedPayment, ...]
    by_hand: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """Payments of one file, of those of its format and currency in the order of their payouts."""

    batch: Batch
    form: str
    payments: Sequence[Payment]
    number: int
    offset: int

    @property
    def message_id(self) -> str:
        """Name of the file's message, at most 35 characters of the SEPA set; a bank refuses it the second time."""
        return f"F{self.batch.fulfillment_id}-{self.form.upper()}-{self.payments[0].currency}-{self.number}"

    @property
    def total(self) -> int:
        return sum(payment.value for payment in self.payments)


@dataclass(frozen=True)
class Format:
    """A kind of file. `line` raises Unsayable for a payment that the format cannot express."""

    name: str
    suffix: str
    media_type: str
    most_rows: int
    line: Callable[[Batch, Payment], Any]
    whole: Callable[[Part, Sequence[Any]], bytes]
    amount: Callable[[int, str], str]
    most_total: int | None = None


def reference_of(payout_id: int) -> str:
    """A payout's name in every file: a letter keeps spreadsheets from rounding 16 digits."""
    return f"{_LETTER}{payout_id}"


def payout_of(reference: str) -> int | None:
    """The payout that a text names, by its reference or its digits; None for any other text."""
    digits = reference.strip().removeprefix(_LETTER)
    known = digits.isascii() and digits.isdigit() and len(digits) <= len(str(money.MAX_MINOR))
    return int(digits) if known and 0 < int(digits) <= money.MAX_MINOR else None


def iso_amount(value: int, currency: str) -> str:
    """A value in major units with the decimals of ISO 4217."""
    if value <= 0:
        raise Unsayable("value", "must be above zero.")
    return money.major_text(value, currency)
