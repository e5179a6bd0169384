"""Nacha's ACH file: PPD credits in dollars, records of 94 characters, blocks of ten lines.

Source: Nacha Operating Rules, appendix 3. Trace numbers go on through the parts of a batch.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tributary.domain import times
from tributary.payments.aba import routing_failure
from tributary.payments.bank_text import nacha_text
from tributary.payments.batch import Batch, Format, Part, Payment, iso_amount
from tributary.payments.checks import Unsayable
from tributary.payments.methods import CHECKING, Ach
from tributary.payments.payers import AchPayer

_MOST_ROWS = 10_000
_MOST_VALUE, _MOST_TOTAL = 10**10 - 1, 10**12 - 1
_BLOCK, _WIDTH = 10, 94
_CREDITS_ONLY = "220"
_MODIFIERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_HEX = "X"


class _Entry(NamedTuple):
    """An entry without its trace number, and its addition to the hash."""

    record: str
    bank: int


def individual_id(payout_id: int) -> str:
    """A payout in the 15 characters of Nacha's field, where 16 digits do not fit: X and hexadecimal digits."""
    return f"{_HEX}{payout_id:X}"


def payout_of_individual_id(text: str) -> int | None:
    """The payout that `individual_id` wrote; None for any other text."""
    digits = text.strip().removeprefix(_HEX)
    written = text.strip().startswith(_HEX) and digits and not set(digits) - set("0123456789ABCDEF")
    return int(digits, 16) if written else None


def _line(batch: Batch, payment: Payment) -> _Entry:
    method = payment.method
    assert isinstance(method, Ach)
    if batch.payer.ach is None:
        raise Unsayable("payer", "must have an ACH account.", "REQUIRED")
    if payment.currency != "USD":
        raise Unsayable("currency", "must be USD, as every ACH transfer.", "ENUM")
    if failure := routing_failure(method.routing):
        raise Unsayable("routing", failure)
    if payment.value > _MOST_VALUE:
        raise Unsayable("value", "must be at most 99999999.99, as every ACH transfer.")
    iso_amount(payment.value, "USD")
    name = nacha_text("accountHolder", method.holder)[:22]
    record = (
        f"6{'22' if method.account_type == CHECKING else '32'}{method.routing}{method.account:<17}"
        f"{payment.value:010}{individual_id(payment.payout_id):<15}{name:<22}  0"
    )
    return _Entry(record, int(method.routing[:8]))


def _whole(part: Part, entries: Sequence[_Entry]) -> bytes:
    payer = part.batch.payer.ach
    assert payer
    if part.number > len(_MODIFIERS):
        raise ValueError("Nacha's file id modifier tells 36 files of a day apart, and the batch needs more")
    lender = payer.routing[:8]
    traced = [f"{it.record}{lender}{part.offset + number:07}" for number, it in enumerate(entries, 1)]
    sums = f"{sum(it.bank for it in entries) % 10**10:010}{0:012}{part.total:012}"
    company = nacha_text("companyId", payer.company_id)
    control = f"8{_CREDITS_ONLY}{len(entries):06}{sums}{company:<10}{'':25}{lender}{1:07}"
    records = [_file_header(part, payer), _batch_header(part, payer), *traced, control]
    blocks = -(-(len(records) + 1) // _BLOCK)
    records.append(f"9{1:06}{blocks:06}{len(entries):08}{sums}{'':39}")
    assert {len(record) for record in records} == {_WIDTH}
    filler = ["9" * _WIDTH] * (blocks * _BLOCK - len(records))
    return "".join(f"{record}\n" for record in [*records, *filler]).encode("ascii")


def _file_header(part: Part, payer: AchPayer) -> str:
    created = times.parse(times.text(times.parse(part.batch.created_at)))
    origin = nacha_text("origin", payer.origin or payer.company_id)
    bank, company = nacha_text("bankName", payer.bank_name), nacha_text("companyName", payer.company_name)
    return (
        f"101 {payer.routing}{origin:>10}{created:%y%m%d%H%M}{_MODIFIERS[part.number - 1]}094101"
        f"{bank:<23}{company:<23}{'':8}"
    )


def _batch_header(part: Part, payer: AchPayer) -> str:
    company, name = nacha_text("companyId", payer.company_id), nacha_text("companyName", payer.company_name)
    day = f"{part.batch.execution_date:%y%m%d}"
    return f"5{_CREDITS_ONLY}{name:<16}{'':20}{company:<10}PPD{'PAYOUT':<10}{day}{day}   1{payer.routing[:8]}{1:07}"


FORMAT = Format("ach", "ach", "text/plain", _MOST_ROWS, _line, _whole, iso_amount, _MOST_TOTAL)
