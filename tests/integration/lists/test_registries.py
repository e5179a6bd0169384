"""The registries over HTTP: the possible values of each setting."""

import pytest

from tests.stack.house import House
from tributary.domain.incentives import INCENTIVES
from tributary.domain.money import CURRENCIES
from tributary.domain.program import STATUSES


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("/programs/status-types", list(STATUSES)),
        ("/programs/incentive-types", list(INCENTIVES)),
        ("/programs/currency-types", sorted(CURRENCIES)),
        ("/collaborators/status-types", ["active", "inactive", "pending", "rejected", "deleted"]),
    ],
)
def test_a_registry_lists_each_value_with_its_label(house: House, path: str, ids: list[str]):
    answer = house.get(path)

    assert (answer.status, [it["id"] for it in answer.json]) == (200, ids)
    assert all(it["name"][0].isupper() for it in answer.json)
    assert (house.get(path, key="reader").status, house.get(path, key=None).status) == (403, 401)


def test_a_proposed_referral_code_has_no_vowels_and_is_unused(house: House):
    codes = {house.call(method, "/collaborators/generate-referral-code").json["code"] for method in ("GET", "POST")}

    assert len(codes) == 2
    assert all(len(code) == 7 and not set(code) & set("AEIOU01") for code in codes)
    assert not codes & {it["code"] for it in house.get("/collaborators").json[0]["aliases"]}
