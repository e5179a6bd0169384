"""A plain table for another payment system: payout, its account there, amount, currency, reference."""

from collections.abc import Sequence

from tributary.payments.bank_text import plain_text
from tributary.payments.batch import Batch, Format, Part, Payment, iso_amount, reference_of
from tributary.payments.csv_text import csv_text
from tributary.payments.methods import External

_HEADER = ("payoutId", "account", "amount", "currency", "reference")
_REFERENCE = 140


def _line(_: Batch, payment: Payment) -> list[str]:
    assert isinstance(payment.method, External)
    return [
        reference_of(payment.payout_id),
        payment.method.account or "",
        iso_amount(payment.value, payment.currency),
        payment.currency,
        plain_text("reference", payment.reference, _REFERENCE),
    ]


def _whole(_: Part, lines: Sequence[list[str]]) -> bytes:
    return csv_text([_HEADER, *lines]).encode()


FORMAT = Format("external", "csv", "text/csv", 10_000, _line, _whole, iso_amount)
