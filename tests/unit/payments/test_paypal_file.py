import csv
import io

import pytest
from iso4217 import Currency

from tests.unit.payments.builders import BATCH, PAYPAL, payment
from tributary.payments.batch import Payment
from tributary.payments.files import bank_files
from tributary.payments.formats.paypal import DECIMALS
from tributary.payments.methods import PayPal


def test_a_row_has_address_amount_currency_id_note_and_wallet_and_there_is_no_header():
    [file] = bank_files(BATCH, [payment(7, 123456, "USD", PAYPAL), payment(9007199254740991, 5, "USD", PAYPAL)]).files

    assert file.content.decode() == (
        "nora@example.com,1234.56,USD,P7,Payout 7,PAYPAL\r\n"
        "nora@example.com,0.05,USD,P9007199254740991,Payout 9007199254740991,PAYPAL\r\n"
    )
    assert (file.media_type, file.rows, file.control_sum, file.control_text) == ("text/csv", 2, 123461, "1234.61")


@pytest.mark.parametrize(
    ("value", "currency", "amount"), [(123400, "HUF", "1234"), (1234, "JPY", "1234"), (123400, "TWD", "1234")]
)
def test_forints_yen_and_taiwan_dollars_have_no_decimals(value: int, currency: str, amount: str):
    [file] = bank_files(BATCH, [payment(1, value, currency, PAYPAL)]).files

    assert file.content.decode().split(",")[1] == amount == file.control_text


def test_every_other_currency_has_the_decimals_of_iso_4217():
    iso = {it.code: it.exponent for it in Currency}

    assert {code for code, decimals in DECIMALS.items() if decimals != iso[code]} == {"HUF", "TWD"}


def test_text_like_a_formula_is_not_changed():
    row = Payment(1, 100, "USD", PayPal("=nora@example.com"), '=1+1, "two"')

    [file] = bank_files(BATCH, [row]).files

    [cells] = csv.reader(io.StringIO(file.content.decode()))
    assert (cells[0], cells[4]) == ("=nora@example.com", '=1+1, "two"')


@pytest.mark.parametrize("reference", ["two\nlines", "x" * 401])
def test_a_note_that_does_not_fit_is_refused(reference: str):
    made = bank_files(BATCH, [Payment(1, 100, "USD", PAYPAL, reference)])

    assert [(it.payout_id, it.field) for it in made.refused] == [(1, "reference")]
