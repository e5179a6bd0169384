import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.payments.formats.paypal_report import read_paypal_report
from tributary.payments.results import Answer, Result, RowError

HEADER = "Recipient,Amount,Currency,Customer ID,Status,Reason"


def lines(*rows: str, separator: str = ",", header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows]).replace(",", separator).encode()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_rows_are_paid_or_failed_with_a_reason(separator: str):
    content = lines(
        "nora@example.com,1.00,USD,P7,Completed,",
        "per@example.com,1.00,USD,P8,Failed,Receiver is unregistered",
        separator=separator,
    )

    assert read_paypal_report(content) == Answer(
        (Result(7, "paid", None), Result(8, "failed", "Receiver is unregistered")), (), ()
    )


@pytest.mark.parametrize("status", ["RETURNED", "refunded", "Denied", "Reversed", "canceled"])
def test_money_that_came_back_is_failed(status: str):
    [result] = read_paypal_report(lines(f"n@example.com,1,USD,P7,{status},")).results

    assert (result.payout_id, result.status) == (7, "failed")


@pytest.mark.parametrize("status", ["Unclaimed", "PENDING", "On Hold", "ON_HOLD", "Onhold", "Blocked", "New"])
def test_money_that_paypal_holds_is_neither_paid_nor_failed(status: str):
    answer = read_paypal_report(lines(f"n@example.com,1,USD,P7,{status},"))

    assert answer == Answer((), (Result(7, "waiting", None),), ())


def test_a_later_row_ends_the_waiting_and_an_earlier_end_stays():
    rows = ["a,1,USD,P7,Unclaimed,", "a,1,USD,P7,Returned,", "a,1,USD,P8,Success,", "a,1,USD,P8,Pending,"]

    answer = read_paypal_report(lines(*rows))

    assert answer == Answer((Result(7, "failed", None), Result(8, "paid", None)), (), ())


@pytest.mark.parametrize(
    "header", ["Email,Unique ID,Transaction Status", "\ufeffEmail,UNIQUE_ID,Status", "x,Sender Item ID,Payout Status"]
)
def test_columns_are_found_by_name(header: str):
    assert read_paypal_report(lines("n,P7,SUCCESS", header=header)).results == (Result(7, "paid", None),)


def test_lines_before_the_header_and_blank_lines_are_passed_over():
    content = lines(
        "n@example.com,1,USD,P7,Success,", "", "n@example.com,1,USD,x,Success,", header=f"Report,of,May\n\n{HEADER}"
    )

    answer = read_paypal_report(content)

    assert answer.results == (Result(7, "paid", None),)
    assert answer.errors == (RowError(6, "Customer ID", "must be a payout's reference."),)


def test_errors_name_the_row_and_every_wrong_field():
    content = lines("n@example.com,1,USD,P7,Success,", "n@example.com,1,USD,,Odd,", "n@example.com")

    answer = read_paypal_report(content)

    assert answer.results == (Result(7, "paid", None),)
    assert [(it.row, it.field) for it in answer.errors] == [
        (3, "Customer ID"), (3, "Status"), (4, "Customer ID"), (4, "Status")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "must have a header with the columns Customer ID and Status."),
        (b"a,b\r\n1,2", "must have a header with the columns Customer ID and Status."),
        (b"\xff\xfe", "must be a table of text in UTF-8."),
        (f"{HEADER}\n{'x' * 200_000}".encode(), "must be a table of text in UTF-8."),
    ],
)
def test_a_file_that_is_no_report_is_refused_and_never_raises(content: bytes, reason: str):
    assert read_paypal_report(content) == Answer((), (), (RowError(0, "file", reason),))


_CELLS = st.sampled_from(["P7", "P8", "x", "Success", "Failed", "Pending", '"', "", ",", "\n", "\r", "\t", ";", "\x00"])


@given(st.lists(_CELLS).map("".join) | st.text())
def test_whatever_a_report_holds_each_payout_has_at_most_one_outcome(text: str):
    answer = read_paypal_report(f"{HEADER}\n{text}".encode("utf-8", "surrogatepass"))

    outcomes = [it.payout_id for it in answer.results + answer.waiting]
    assert len(outcomes) == len(set(outcomes))
