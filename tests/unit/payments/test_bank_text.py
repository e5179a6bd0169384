import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.payments.builders import names
from tributary.domain.money import MAX_MINOR
from tributary.payments.bank_text import (
    END_TO_END,
    NACHA_CHARACTERS,
    NAME,
    SEPA_CHARACTERS,
    nacha_text,
    plain_text,
    sepa_text,
)
from tributary.payments.batch import reference_of
from tributary.payments.checks import Unsayable


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("Jürgen Groß", "Jurgen Gross"),
        ("Søren Ærø", "Soren Aero"),
        ("ÆRØ", "AERO"),
        ("Þórður Ðæja", "Thordur Daeja"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Đorđe Ćirić", "Dorde Ciric"),
        ("İpek Işık", "Ipek Isik"),
        ("Ștefan Țîrlea", "Stefan Tirlea"),
        ("Nguyễn Thị Ánh", "Nguyen Thi Anh"),
        ("Œuvre d’Été", "Oeuvre d'Ete"),
        ("Фёдор Достоевский", "Fedor Dostoevskii"),
        ("Щукин Объездов", "Shchukin Obieezdov"),
        ("ЖУКОВ", "ZHUKOV"),
        ("Їжакевич Ґалаґан", "Izhakevich Galagan"),
        ("Љубица Џајић", "Ljubitsa Dzajic"),
        ("Георги Игнатьев", "Georgi Ignatev"),
        ("Νίκος Παπαδόπουλος", "Nikos Papadopoulos"),
        ("Ευαγγελία Ξύδη", "Euaggelia Xydi"),
        ("ΓΙΏΡΓΟΣ ΨΆΛΤΗΣ", "GIORGOS PSALTIS"),
        ("Ｎｏｒａ　ﬁn №1", "Nora fin No1"),
        ('A & B_C; "D" – E…', "A + B-C, 'D' - E..."),
        ("  two   blanks ", "two blanks"),
        ("Nora\u00a0Ek", "Nora Ek"),
    ],
)
def test_names_are_spelled_in_the_sepa_alphabet(name: str, spelled: str):
    assert sepa_text("name", name, NAME) == spelled
    assert sepa_text("name", unicodedata.normalize("NFD", name), NAME) == spelled


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("山田", "CJK UNIFIED IDEOGRAPH-5C71 (U+5C71), CJK UNIFIED IDEOGRAPH-7530 (U+7530)"),
        ("Nora ☃", "SNOWMAN (U+2603)"),
        ("=1+1", "EQUALS SIGN (U+003D)"),
        ("Nora\nEk", "U+000A"),
        ("Nora\u200bEk", "ZERO WIDTH SPACE (U+200B)"),
        ("a´b", None),
        ("a¨b", "DIAERESIS (U+00A8)"),
        ("a¯b", "MACRON (U+00AF)"),
        ("Nora \ud800", "U+D800"),
        ("नोरा", "DEVANAGARI VOWEL SIGN O"),
        ("שָׁ", "HEBREW POINT QAMATS"),
    ],
)
def test_a_character_that_cannot_be_spelled_is_refused_by_name(name: str, named: str | None):
    if named is None:
        assert sepa_text("name", name, NAME) == "a'b"
        return
    with pytest.raises(Unsayable) as refusal:
        sepa_text("name", name, NAME)
    assert named in refusal.value.refusal.reason


@pytest.mark.parametrize("name", ["", "   ", "ь", "\u0301"])
def test_a_name_of_which_nothing_is_left_is_refused(name: str):
    with pytest.raises(Unsayable, match="no letter"):
        sepa_text("name", name, NAME)


def test_a_name_that_becomes_too_long_is_refused_and_not_cut():
    assert sepa_text("name", "ß" * 35, NAME) == "s" * 70
    with pytest.raises(Unsayable, match="at most 70"):
        sepa_text("name", "ß" * 36, NAME)


@given(names | st.text(st.characters(categories=["L", "M", "Zs", "P"]), max_size=60))
def test_any_text_is_spelled_within_alphabet_and_length_or_refused(text: str):
    try:
        spelled = sepa_text("name", text, NAME)
    except Unsayable:
        return
    assert set(spelled) <= SEPA_CHARACTERS
    assert 0 < len(spelled) <= NAME
    assert spelled == sepa_text("name", spelled, NAME) == spelled.strip()


@given(st.characters())
def test_no_character_but_an_accent_or_a_soft_sign_disappears(character: str):
    """Between two letters it becomes something, a blank only if it is one, or the text is refused."""
    try:
        between = sepa_text("name", f"x{character}x", NAME)[1:-1]
    except Unsayable:
        return
    if between == " ":
        assert unicodedata.category(character) == "Zs"
    else:
        assert between or character in "ьЬ" or unicodedata.combining(character)


@given(names)
def test_any_text_is_spelled_in_ascii_capitals_for_nacha_or_refused(text: str):
    try:
        spelled = nacha_text("name", text)
    except Unsayable:
        return
    assert set(spelled) <= NACHA_CHARACTERS
    assert spelled == spelled.upper()


def test_nacha_keeps_what_sepa_does_not_take():
    assert nacha_text("name", "Åse & Søn_@") == "ASE & SON_@"


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "a\u2028b", "\ud800", "x" * 11])
def test_plain_text_keeps_everything_and_refuses_line_breaks_and_length(text: str):
    assert plain_text("note", "=1+1 山", 10) == "=1+1 山"
    with pytest.raises(Unsayable):
        plain_text("note", text, 10)


@given(st.integers(1, MAX_MINOR))
def test_a_payouts_reference_fits_an_end_to_end_id(payout_id: int):
    assert len(reference_of(payout_id)) <= END_TO_END
    assert set(reference_of(payout_id)) <= SEPA_CHARACTERS
