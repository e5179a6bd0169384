"""Wise's batch files, at most 1,000 rows, with the headers of its templates for saved recipients and for e-mail.

Source: Wise Help, "How do I fill in my batch template?". The collaborator gets the amount exactly; the payer pays fees.
"""

from collections.abc import Sequence

from tributary.payments.bank_text import plain_text
from tributary.payments.batch import Batch, Format, Part, Payment, iso_amount, reference_of
from tributary.payments.csv_text import csv_text
from tributary.payments.methods import Wise

_BY_EMAIL = (
    "name", "recipientEmail", "paymentReference", "receiverType", "amountCurrency", "amount", "sourceCurrency",
    "targetCurrency", "type",
)  # fmt: skip
_TO_SAVED = (
    "recipientId", "name", "recipientEmail", "recipientDetail", "sourceCurrency", "targetCurrency", "amountCurrency",
    "amount", "paymentReference", "receiverType",
)  # fmt: skip
_NAME = 140


def _cells(batch: Batch, payment: Payment) -> dict[str, str]:
    method = payment.method
    assert isinstance(method, Wise)
    return {
        "recipientId": method.recipient_id or "",
        "recipientEmail": method.email or "",
        "name": plain_text("accountHolder", method.holder or "", _NAME),
        "paymentReference": reference_of(payment.payout_id),
        "recipientDetail": "",
        "receiverType": method.receiver_type.upper(),
        "amountCurrency": "target",
        "amount": iso_amount(payment.value, payment.currency),
        "sourceCurrency": batch.payer.wise_source or payment.currency,
        "targetCurrency": payment.currency,
        "type": "EMAIL",
    }


def _whole_by_email(_: Part, lines: Sequence[dict[str, str]]) -> bytes:
    return _csv(_BY_EMAIL, lines)


def _whole_to_saved(_: Part, lines: Sequence[dict[str, str]]) -> bytes:
    return _csv(_TO_SAVED, lines)


def _csv(header: Sequence[str], lines: Sequence[dict[str, str]]) -> bytes:
    return csv_text([header, *([line[name] for name in header] for line in lines)]).encode()


BY_EMAIL = Format("wise-email", "csv", "text/csv", 1_000, _cells, _whole_by_email, iso_amount)
TO_SAVED = Format("wise", "csv", "text/csv", 1_000, _cells, _whole_to_saved, iso_amount)
