"""Referral codes: the newest one is shown, and every earlier one still leads to its collaborator."""

import re
from typing import Any

import pytest

from tests.stack.house import House

PATH = "/collaborators/88"


def put(house: House, **members: Any) -> Any:
    answer = house.put(PATH, members)
    assert answer.status == 200, answer.text
    return answer.json


def codes(record: Any) -> list[str]:
    return [it["code"] for it in record["aliases"] if it["type"] == "tracking"]


def test_another_referral_code_is_issued_as_the_newest_row(house: House):
    before = house.get(PATH).json

    after = put(house, referralCode="NEW")

    assert (before["referralCode"], after["referralCode"]) == ("DEMO", "NEW")
    assert after["aliases"][: len(before["aliases"])] == before["aliases"]
    assert after["aliases"][-1] == {"type": "tracking", "code": "NEW", "issuedDate": after["dateModified"]}
    assert all("X-Siren-OID" in house.visit(f"tracking:{it}").headers for it in ("DEMO", "NEW", "new"))


def test_an_earlier_code_can_be_issued_again(house: House):
    put(house, referralCode="NEW")

    after = put(house, referralCode="demo")

    assert (after["referralCode"], codes(after)) == ("demo", ["DEMO", "NEW", "demo"])
    assert house.get(PATH).json == after


@pytest.mark.parametrize("code", ["DEMO", "demo", " DEMO ", None, ""])
def test_the_present_code_or_none_changes_nothing(house: House, code: str | None):
    before = house.get(PATH).json

    after = put(house, referralCode=code)

    assert {**after, "dateModified": before["dateModified"]} == before


def test_a_code_added_among_the_aliases_wins_over_the_present_code_sent_back(house: House):
    read = house.get(PATH).json

    after = put(house, **read | {"aliases": [*read["aliases"], {"type": "tracking", "code": "NEW"}]})

    assert (after["referralCode"], codes(after)) == ("NEW", ["DEMO", "NEW"])


def test_a_new_collaborator_may_choose_its_code(house: House):
    aliases = [{"type": "tracking", "code": "mine"}, {"type": "tracking", "code": "OTHER"}]

    made = house.post("/collaborators", {"fullName": "x", "aliases": aliases, "referralCode": "MINE"}).json

    assert (made["referralCode"], codes(made)) == ("MINE", ["OTHER", "MINE"])


def test_the_code_of_another_collaborator_is_refused_and_nothing_is_written(house: House):
    other = house.new_collaborator()
    before = house.ledger()

    answers = [
        house.put(f"/collaborators/{other}", {"referralCode": "demo"}),
        house.post("/collaborators", {"fullName": "x", "referralCode": "DEMO"}),
    ]

    assert [(it.status, it.error["code"]) for it in answers] == [(409, "conflict")] * 2
    assert house.ledger() == before


def test_a_code_has_visible_characters_and_a_length(house: House):
    answers = [house.put(PATH, {"referralCode": code}) for code in ("a\u202eb", "x" * 256, 5)]

    assert [it.failures for it in answers] == [{"referralCode": kind} for kind in ("FORMAT", "LENGTH", "TYPE")]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_proposed_code_is_free_and_has_no_vowels(house: House, method: str):
    proposed = [house.call(method, "/collaborators/generate-referral-code").json for _ in range(5)]

    assert all(re.fullmatch("[BCDFGHJKLMNPQRSTVWXZ]{7}", it.pop("code")) for it in proposed)
    assert proposed == [{}] * 5
