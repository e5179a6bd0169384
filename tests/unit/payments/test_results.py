import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.payments.results import Answer, Result, RowError, masked, read_rows

IDS = "must be a payout's id."
STATUSES = "must be one of paid, failed."


def test_rows_name_a_payout_its_outcome_and_a_reason():
    rows = [
        {"payoutId": 7, "status": "paid"},
        {"payoutId": "P8", "status": "failed", "reason": "account closed"},
        {"payoutId": "9", "status": "failed", "reason": None},
    ]

    assert read_rows(rows) == Answer(
        (Result(7, "paid", None), Result(8, "failed", "account closed"), Result(9, "failed", None)), (), ()
    )


@pytest.mark.parametrize(
    ("row", "errors"),
    [
        ({"status": "paid"}, [("payoutId", IDS)]),
        ({"payoutId": 0, "status": "paid"}, [("payoutId", IDS)]),
        ({"payoutId": True, "status": "paid"}, [("payoutId", IDS)]),
        ({"payoutId": 1.0, "status": "paid"}, [("payoutId", IDS)]),
        ({"payoutId": "seven", "status": "PAID"}, [("payoutId", IDS), ("status", STATUSES)]),
        ({"payoutId": 7}, [("status", STATUSES)]),
        ({"payoutId": 7, "status": "waiting"}, [("status", STATUSES)]),
        ({"payoutId": 7, "status": ["paid"]}, [("status", STATUSES)]),
        ({"payoutId": 7, "status": "paid", "reason": 4}, [("reason", "must be text.")]),
        ([7, "paid"], [("row", "must be an object.")]),
        (None, [("row", "must be an object.")]),
    ],
)
def test_errors_name_the_row_and_every_wrong_field_and_the_other_rows_count(row, errors):
    answer = read_rows([{"payoutId": 1, "status": "paid"}, row])

    assert answer.results == (Result(1, "paid", None),)
    assert answer.errors == tuple(RowError(2, field, reason) for field, reason in errors)


def test_a_repeated_row_changes_nothing():
    row = {"payoutId": 7, "status": "failed", "reason": "closed"}

    assert read_rows([row, row]) == read_rows([row])


def test_a_payout_both_paid_and_failed_is_an_error_and_not_used():
    rows = [{"payoutId": number, "status": status} for number, status in [(7, "paid"), (8, "paid"), (7, "failed")]]

    answer = read_rows(rows)

    assert answer.results == (Result(8, "paid", None),)
    assert answer.errors == (RowError(3, "status", "differs from another row of payout 7; neither is used."),)


@pytest.mark.parametrize(
    ("reason", "kept"),
    [
        ("AC04: account closed", "AC04: account closed"),
        ("DE89370400440532013000 is closed", "[account] is closed"),
        ("account de89 3704 0044 0532 0130 00 is closed", "account [account] is closed"),
        ("no account 123-456-789", "no account [account]"),
        ("DE89.3704.0044.0532.0130.00 is closed", "[account] is closed"),
        ("acct 12345 closed", "acct [account] closed"),
        ("nora@example.com is unknown", "[address] is unknown"),
        ("two\r\n lines", "two lines"),
        (" ", None),
        (None, None),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_reason_keeps_no_account_or_address(reason: str | None, kept: str | None):
    assert masked(reason) == kept


@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from(["paid", "failed"]))))
def test_a_payout_has_at_most_one_outcome_whatever_the_rows(rows):
    answer = read_rows([{"payoutId": number, "status": status} for number, status in rows])

    outcomes = {number: {status for it, status in rows if it == number} for number, _ in rows}
    assert {it.payout_id: {it.status} for it in answer.results} == {n: s for n, s in outcomes.items() if len(s) == 1}
    assert len(answer.results) == len({it.payout_id for it in answer.results})
