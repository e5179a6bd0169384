"""PayPal's payouts from a file: no header, one currency, at most 5,000 rows.

Columns are address, amount, currency, id, note and wallet (docs.paypal.ai, payouts, "Use Web UI").
Decimals are PayPal's own, not those of ISO 4217.
"""

from collections.abc import Sequence

from tributary.domain import money
from tributary.payments.bank_text import plain_text
from tributary.payments.batch import Batch, Format, Part, Payment, iso_amount, reference_of
from tributary.payments.checks import Unsayable
from tributary.payments.csv_text import csv_text
from tributary.payments.methods import PayPal

#: Currencies that PayPal pays out, each with its decimals.
DECIMALS = dict.fromkeys(
    "AUD BRL CAD CHF CZK DKK EUR GBP HKD ILS MXN MYR NOK NZD PHP PLN SEK SGD THB USD".split(), 2
) | dict.fromkeys("HUF JPY TWD".split(), 0)
_NOTE = 400


def amount(value: int, currency: str) -> str:
    """A value in major units with PayPal's decimals; Unsayable if it has more."""
    if currency not in DECIMALS:
        raise Unsayable("currency", f"must be one that PayPal pays out, and {currency} is not.", "ENUM")
    text = iso_amount(value, currency)
    surplus = money.exponent(currency) - DECIMALS[currency]
    if not surplus:
        return text
    if value % 10**surplus:
        raise Unsayable("value", f"must be whole, since PayPal takes no decimals in {currency}.")
    return str(value // 10**surplus)


def _line(_: Batch, payment: Payment) -> list[str]:
    assert isinstance(payment.method, PayPal)
    paid = amount(payment.value, payment.currency)
    note = plain_text("reference", payment.reference, _NOTE)
    return [payment.method.email, paid, payment.currency, reference_of(payment.payout_id), note, "PAYPAL"]


def _whole(_: Part, lines: Sequence[list[str]]) -> bytes:
    return csv_text(lines).encode()


FORMAT = Format("paypal", "csv", "text/csv", 5_000, _line, _whole, amount)
