import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tributary.domain.money import MAX_MINOR
from tributary.payments.people import PersonalPayout, guarded, people_csv

ROW = PersonalPayout(7, 88, "nora@example.com", "Nora Ek", "USD", 123456)


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_export_has_sirens_columns_and_decimal_values():
    assert people_csv([ROW]) == (
        "Payout ID,Collaborator Email,Collaborator Name,Collaborator ID,Currency,Value\r\n"
        "P7,nora@example.com,Nora Ek,C88,USD,1234.56\r\n"
    )


def test_a_collaborator_that_is_gone_is_named_deleted():
    [_, row] = cells(people_csv([PersonalPayout(7, 88, None, None, "JPY", 5000)]))

    assert row == ["P7", "<deleted>", "<deleted>", "C88", "JPY", "5000"]


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", " '=1+1"),
        ("  =1+1", "  '=1+1"),
        ("＝1+1", "'＝1+1"),
        ("Ek;=1+1", "Ek;'=1+1"),
        ('Ek; "=1+1"', 'Ek; "\'=1+1"'),
        ("Nora\r\n=1+1", "Nora =1+1"),
        ("9007199254740993", "'9007199254740993"),
        ("1e5", "'1e5"),
        ("3/4", "'3/4"),
        ("1.5", "'1.5"),
        ("Nora Ek", "Nora Ek"),
        ("O'Neil-Smith", "O'Neil-Smith"),
        ("3 Musketeers", "3 Musketeers"),
        ("a=b", "a=b"),
    ],
)
def test_names_like_formulas_and_numbers_are_harmless(name: str, cell: str):
    [_, row] = cells(people_csv([PersonalPayout(7, 88, name, name, "USD", 1)]))

    assert row[1] == row[2] == cell


@given(st.text(), st.sampled_from("=+-@\t\r\n "))
def test_no_cell_begins_as_a_formula_or_breaks_its_line(text: str, start: str):
    cell = guarded(start + text)

    assert not cell.startswith(tuple("=+-@＝＋－＠\t\r\n"))
    assert len(cell.splitlines()) <= 1


@given(st.integers(1, MAX_MINOR))
def test_no_id_is_read_as_a_number(number: int):
    [_, row] = cells(people_csv([PersonalPayout(number, number, "n@example.com", "N", "USD", 1)]))

    assert (row[0], row[3]) == (f"P{number}", f"C{number}")
