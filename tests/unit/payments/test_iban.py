import pytest
import schwifty
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from schwifty.exceptions import SchwiftyException

from tests.unit.examples import EXAMPLES
from tests.unit.payments.builders import IBANS
from tributary.payments.iban import COUNTRIES, SEPA_COUNTRIES, bic_failure, compact, iban_failure, sepa_failure


def schwifty_takes(iban: str) -> bool:
    try:
        schwifty.IBAN(iban)
    except SchwiftyException:
        return False
    return True


@pytest.mark.parametrize("iban", IBANS)
def test_ibans_of_the_registry_are_taken(iban: str):
    assert iban_failure(iban) is None


@pytest.mark.parametrize(
    ("iban", "reason"),
    [
        ("DE88370400440532013000", "right check digits"),
        ("DE8937040044053201300", "must have 22 characters"),
        ("US89370400440532013000", "in the IBAN registry"),
        ("DE8937040044053201300O", "letters and digits where every IBAN of DE has them"),
        ("DE893704004405320130ÄÖ", "must be an IBAN"),
        ("D", "must be an IBAN"),
        ("", "must be an IBAN"),
        ("DE٨٩370400440532013000", "must be an IBAN"),
    ],
)
def test_a_text_that_is_not_an_iban_is_refused_with_its_reason(iban: str, reason: str):
    assert reason in (iban_failure(iban) or "")


def test_spaces_and_small_letters_are_taken_off():
    assert compact(" de89 3704\u00a00044 0532 0130 00 ") == IBANS[0]


def test_an_iban_outside_sepa_is_refused_for_sepa_only():
    turkish = "TR330006100519786457841326"

    assert iban_failure(turkish) is None
    assert sepa_failure(turkish) == "must be an IBAN of a SEPA country."


#: In the SEPA schemes since 2024 and 2025, which schwifty 2026.10.1 does not know yet.
JOINED_LATELY = {"AL", "MD", "ME", "MK", "RS"}


def test_sepa_countries_are_those_of_a_second_library_and_the_five_that_joined_lately():
    theirs = {it for it in COUNTRIES if schwifty.registry.get_iban_spec(it).in_sepa_zone}

    assert theirs | JOINED_LATELY == SEPA_COUNTRIES


def test_lengths_are_those_of_a_second_library():
    for country in COUNTRIES:
        length = schwifty.registry.get_iban_spec(country).iban_length
        assert f"must have {length} characters" in (iban_failure(f"{country}00{'0' * 40}") or "")


@given(st.sampled_from(sorted(COUNTRIES)), st.data())
def test_an_iban_drawn_by_a_second_librarys_rules_is_taken(country: str, data: st.DataObject):
    form = schwifty.registry.get_iban_spec(country).regex.pattern.replace("A-Za-z", "A-Z").replace(r"\d", "[0-9]")
    iban = schwifty.IBAN.from_bban(country, data.draw(st.from_regex(form, fullmatch=True)))

    assert iban_failure(str(iban)) is None


@settings(max_examples=EXAMPLES)
@given(st.sampled_from(IBANS), st.lists(st.tuples(st.integers(0, 33), st.sampled_from("0123456789ABCXYZ")), max_size=2))
def test_of_changed_ibans_a_second_library_takes_the_same(iban: str, changes: list[tuple[int, str]]):
    characters = list(iban)
    for place, character in changes:
        characters[place % len(iban)] = character
    changed = "".join(characters)

    assert (iban_failure(changed) is None) == schwifty_takes(changed)


@given(st.sampled_from(IBANS), st.integers(0, 33), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(iban: str, place: int, more: int):
    place %= len(iban)
    assume(iban[place].isdigit())
    changed = f"{iban[:place]}{(int(iban[place]) + more) % 10}{iban[place + 1 :]}"

    assert iban_failure(changed) == "must be an IBAN with the right check digits."


@pytest.mark.parametrize("iban", ["DE00370400440000000060", "DE01370400440000000042", "DE99370400440000000024"])
def test_check_digits_that_are_never_assigned_are_refused_though_the_remainder_is_right(iban: str):
    assert iban_failure(iban) == "must be an IBAN with the right check digits."
    assert not schwifty_takes(iban)


@pytest.mark.parametrize("bic", ["COBADEFF", "COBADEFFXXX", "MALTMTMT"])
def test_a_bic_has_8_or_11_characters(bic: str):
    assert bic_failure(bic) is None
    assert schwifty.BIC(bic)


@pytest.mark.parametrize("bic", ["COBADEF", "COBADEFFX", "COBA12FF", "", "COBADEFFXXXX", "COBÄDEFF"])
def test_a_text_of_another_form_is_no_bic(bic: str):
    assert bic_failure(bic)
