import achkit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.payments.builders import ACH, BATCH, PAYER, ROUTINGS, batch, names, payment
from tributary.domain.money import MAX_MINOR
from tributary.payments.batch import Payment
from tributary.payments.files import bank_files
from tributary.payments.formats.nacha import individual_id, payout_of_individual_id
from tributary.payments.methods import SAVINGS, Ach
from tributary.payments.payers import AchPayer, Payer

WHOLE = """\
101 12104288212345678902611291020A094101WELLS FARGO            ACME INC
5220ACME INC                            1234567890PPDPAYOUT    261201261201   1121042880000001
622021000021123456789        0000123456X7             JURGEN GROSS            0121042880000001
632091000019987654321012345670000000005X1FFFFFFFFFFFFFMAXIMILIAN MUSTERMANN-  0121042880000002
822000000200112000030000000000000000001234611234567890                         121042880000001
9000001000001000000020011200003000000000000000000123461
"""
FILLER = ["9" * 94] * 4


def read(content: bytes) -> dict:
    """The file as a second library reads it, which finds no fault."""
    verdict = achkit.validate(content.decode())
    assert verdict["ok"], verdict["errors"]
    return achkit.parse(content.decode())


def test_records_have_the_columns_of_the_rules():
    payments = [
        payment(7, 123456, "USD", Ach(ROUTINGS[0], "123456789", "checking", "Jürgen Groß")),
        payment(MAX_MINOR, 5, "USD", Ach(ROUTINGS[2], "98765432101234567", SAVINGS, "Maximilian Mustermann-Lang")),
    ]

    [file] = bank_files(BATCH, payments).files

    lines = file.content.decode("ascii").splitlines()
    assert {len(line) for line in lines} == {94}
    assert [line.rstrip() for line in lines] == [*WHOLE.splitlines(), *FILLER]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, MAX_MINOR), st.integers(1, 10**10 - 1), names, st.sampled_from(ROUTINGS),
            st.from_regex(r"[0-9]{4,17}", fullmatch=True), st.sampled_from(["checking", SAVINGS]),
        ),
        max_size=25, unique_by=lambda it: it[0],
    )
)  # fmt: skip
def test_a_second_library_reads_every_entry_hash_and_sum_as_meant(rows):
    payments = [Payment(row[0], row[1], "USD", Ach(*row[3:], row[2]), "R") for row in rows]

    [file] = bank_files(BATCH, [*payments, payment(MAX_MINOR + 1, 1, "USD", ACH)]).files

    made = {it.payout_id: it for it in payments}
    [entries] = [it["entries"] for it in read(file.content)["batches"]]
    assert [payout_of_individual_id(it["id_number"]) for it in entries] == list(file.payout_ids)
    for it in entries[:-1]:
        paid = made[payout_of_individual_id(it["id_number"])]
        assert (it["amount_cents"], it["routing"], it["account"]) == (
            paid.value,
            paid.method.routing,
            paid.method.account,
        )
        assert it["txn_code"] == (22 if paid.method.account_type == "checking" else 32)
        assert 0 < len(it["name"]) <= 22
    assert sum(it["amount_cents"] for it in entries) == file.control_sum


def test_names_of_apostrophes_hyphens_and_dots_are_whole():
    [file] = bank_files(
        BATCH, [payment(1, 100, "USD", Ach(ROUTINGS[0], "12345", "checking", "Anne-Marie O'Neil Jr."))]
    ).files

    [[entry]] = [it["entries"] for it in read(file.content)["batches"]]
    assert entry["name"] == "ANNE-MARIE O'NEIL JR."


@pytest.mark.parametrize(("rows", "lines"), [(1, 10), (6, 10), (7, 20), (16, 20), (17, 30)])
def test_a_file_ends_with_nines_at_a_whole_block(rows: int, lines: int):
    [file] = bank_files(BATCH, [payment(number, 1, "USD", ACH) for number in range(1, rows + 1)]).files

    assert len(file.content.splitlines()) == lines
    read(file.content)


def test_trace_numbers_go_on_in_the_next_part_and_its_modifier_differs():
    made = bank_files(BATCH, [payment(number, 1, "USD", ACH) for number in range(1, 10_002)])

    first, second = (read(file.content) for file in made.files)
    assert second["batches"][0]["entries"][0]["trace_number"] == "121042880010001"
    assert first["batches"][0]["entries"][-1]["trace_number"] == "121042880010000"
    assert (first["file_id_modifier"], second["file_id_modifier"]) == ("A", "B")


def test_the_entry_hash_keeps_its_last_ten_digits():
    rows = [payment(number, 1, "USD", Ach(ROUTINGS[3], "12345", "checking", "N")) for number in range(1, 401)]

    [file] = bank_files(BATCH, rows).files

    assert 400 * int(ROUTINGS[3][:8]) > 10**10
    assert int(read(file.content)["control"]["entry_hash"]) == 400 * int(ROUTINGS[3][:8]) % 10**10


def test_the_origin_may_differ_from_the_companys_id():
    ach = AchPayer("121042882", "Wells Fargo", "1234567890", "Acme", "121042882")

    [file] = bank_files(batch(payer=Payer(ach=ach)), [payment(1, 1, "USD", ACH)]).files

    assert PAYER.ach.origin is None
    assert file.content[:24] == b"101 121042882 1210428822"


@given(st.integers(1, MAX_MINOR))
def test_a_payout_fits_the_individual_id(payout_id: int):
    assert len(individual_id(payout_id)) <= 15
    assert payout_of_individual_id(individual_id(payout_id)) == payout_id


@pytest.mark.parametrize("text", ["", "X", "7", "Xg", "X-1", "X 1"])
def test_any_other_individual_id_names_no_payout(text: str):
    assert payout_of_individual_id(text) is None
