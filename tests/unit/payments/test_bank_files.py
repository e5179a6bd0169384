import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.examples import EXAMPLES
from tests.unit.payments.builders import (
    ACH,
    BATCH,
    EXTERNAL,
    PAYPAL,
    SEPA,
    WISE_EMAIL,
    WISE_SAVED,
    batch,
    batches_of,
    payment,
    spellable,
)
from tributary.domain.money import MAX_MINOR, exponent
from tributary.payments.batch import payout_of, reference_of
from tributary.payments.files import bank_files
from tributary.payments.methods import Manual, Sepa
from tributary.payments.payers import Payer


@settings(deadline=None)
@given(batches_of())
def test_every_payout_is_in_one_file_or_refused_or_made_by_hand(payments):
    made = bank_files(BATCH, payments)

    placed = [number for file in made.files for number in file.payout_ids]
    placed += [it.payout_id for it in made.refused] + list(made.by_hand)
    assert Counter(placed) == Counter(it.payout_id for it in payments)


@settings(max_examples=EXAMPLES, deadline=None)
@given(batches_of(spellable))
def test_the_control_sum_of_each_file_is_the_sum_of_its_payouts(payments):
    values = {it.payout_id: it.value for it in payments}

    for file in bank_files(BATCH, payments).files:
        assert file.control_sum == sum(values[number] for number in file.payout_ids)
        assert file.rows == len(file.payout_ids)
        assert float(file.control_text) == pytest.approx(file.control_sum / 10 ** exponent(file.currency))


@settings(deadline=None)
@given(batches_of(spellable), st.randoms(use_true_random=False))
def test_the_same_batch_makes_the_same_bytes_in_any_order(payments, chance: random.Random):
    shuffled = chance.sample(payments, len(payments))

    assert bank_files(BATCH, shuffled).files == bank_files(BATCH, payments).files


def test_a_file_is_of_one_method_and_currency():
    payments = [
        payment(1, method=PAYPAL),
        payment(2, method=PAYPAL, currency="USD"),
        payment(3, method=SEPA),
        payment(4, method=ACH, currency="USD"),
        payment(5, method=EXTERNAL, currency="KWD"),
        payment(6, method=WISE_EMAIL),
        payment(7, method=WISE_SAVED),
        payment(8, method=Manual()),
        payment(9, method=PAYPAL),
    ]

    made = bank_files(BATCH, payments)

    assert [(file.name, file.payout_ids) for file in made.files] == [
        ("payouts-4218-ach-USD-1-of-1.ach", (4,)),
        ("payouts-4218-external-KWD-1-of-1.csv", (5,)),
        ("payouts-4218-paypal-EUR-1-of-1.csv", (1, 9)),
        ("payouts-4218-paypal-USD-1-of-1.csv", (2,)),
        ("payouts-4218-sepa-EUR-1-of-1.xml", (3,)),
        ("payouts-4218-wise-EUR-1-of-1.csv", (7,)),
        ("payouts-4218-wise-email-EUR-1-of-1.csv", (6,)),
    ]
    assert (made.refused, made.by_hand) == ((), (8,))
    assert len({file.message_id for file in made.files}) == len(made.files)


@pytest.mark.parametrize(
    ("method", "currency", "most"),
    [
        (PAYPAL, "USD", 5000),
        (WISE_EMAIL, "EUR", 1000),
        (WISE_SAVED, "EUR", 1000),
        (SEPA, "EUR", 5000),
        (ACH, "USD", 10000),
    ],
)
def test_a_file_is_split_at_the_receivers_limit(method, currency: str, most: int):
    payments = [payment(number, value=number, method=method, currency=currency) for number in range(1, most + 2)]

    whole = bank_files(BATCH, payments[:most]).files
    first, second = bank_files(BATCH, payments).files

    assert [it.rows for it in whole] == [most]
    assert (first.rows, second.rows) == (most, 1)
    assert first.payout_ids + second.payout_ids == tuple(it.payout_id for it in payments)
    assert first.control_sum + second.control_sum == sum(it.value for it in payments)
    assert first.message_id != second.message_id
    assert first.name != second.name


def test_a_file_is_split_where_its_total_no_longer_fits():
    largest = 10**10 - 1
    payments = [payment(number, largest, "USD", ACH) for number in range(1, 102)]

    files = bank_files(BATCH, payments).files

    assert [it.rows for it in files] == [100, 1]
    assert sum(it.control_sum for it in files) == 101 * largest


def test_a_payout_named_twice_makes_no_file_at_all():
    with pytest.raises(ValueError, match=r"named twice: \[7\]"):
        bank_files(BATCH, [payment(7), payment(8), payment(7, value=1, method=PAYPAL)])


@pytest.mark.parametrize(
    ("refused", "field", "reason"),
    [
        (payment(2, 0), "value", "must be above zero."),
        (payment(2, -1, method=PAYPAL), "value", "must be above zero."),
        (payment(2, -1, method=EXTERNAL), "value", "must be above zero."),
        (payment(2, 0, method=WISE_SAVED), "value", "must be above zero."),
        (payment(2, 0, "USD", ACH), "value", "must be above zero."),
        (payment(2, 10**11), "value", "must be at most 999999999.99, as every SEPA transfer."),
        (payment(2, 10**10, "USD", ACH), "value", "must be at most 99999999.99, as every ACH transfer."),
        (payment(2, 100, "USD"), "currency", "must be EUR, as every SEPA transfer."),
        (payment(2, 100, "EUR", ACH), "currency", "must be USD, as every ACH transfer."),
        (payment(2, 100, "KWD", PAYPAL), "currency", "must be one that PayPal pays out, and KWD is not."),
        (payment(2, 12345, "HUF", PAYPAL), "value", "must be whole, since PayPal takes no decimals in HUF."),
        (payment(2, method=Sepa(SEPA.iban, "山")), "accountHolder", "CJK UNIFIED IDEOGRAPH-5C71 (U+5C71)"),
        (payment(2, 1, "USD", replace(ACH, routing="021000022")), "routing", "must be a routing number"),
        (
            payment(2, method=Sepa("DE88370400440532013000", "N")),
            "iban",
            "must be an IBAN with the right check digits.",
        ),
    ],
)
def test_a_payment_that_cannot_be_said_is_refused_by_name_and_the_others_are_made(refused, field: str, reason: str):
    made = bank_files(BATCH, [payment(1), refused, payment(3)])

    assert [file.payout_ids for file in made.files] == [(1, 3)]
    assert [(it.payout_id, it.field) for it in made.refused] == [(2, field)]
    assert reason in made.refused[0].reason


@pytest.mark.parametrize(("method", "currency"), [(SEPA, "EUR"), (ACH, "USD")])
def test_a_method_without_an_account_of_the_payer_is_refused(method, currency: str):
    made = bank_files(batch(payer=Payer()), [payment(1, method=method, currency=currency)])

    assert made.files == ()
    assert [(it.payout_id, it.field) for it in made.refused] == [(1, "payer")]


def test_bank_data_is_in_no_repr_of_a_payment_or_file():
    payments = [payment(1), payment(2, currency="USD", method=ACH)]

    text = repr([payments, bank_files(BATCH, payments)])

    assert "payout_id=1" in text
    assert not [it for it in (SEPA.iban, SEPA.holder, ACH.routing, ACH.account, BATCH.payer.sepa.iban) if it in text]


@given(st.integers(1, MAX_MINOR))
def test_a_reference_names_its_payout(payout_id: int):
    assert payout_of(reference_of(payout_id)) == payout_of(f" {payout_id} ") == payout_id


@pytest.mark.parametrize("text", ["", "P", "PP1", "P0", "-1", "1.0", "٣", f"P{MAX_MINOR + 1}", "9" * 5000, "x"])
def test_any_other_text_names_no_payout(text: str):
    assert payout_of(text) is None
