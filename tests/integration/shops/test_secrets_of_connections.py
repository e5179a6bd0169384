"""Secrets made for shops fit into the field of each shop's admin."""

import pytest

from tests.stack.house import House
from tributary.shops.vendors import OURS

#: Lemon Squeezy's page of webhooks refuses a longer one.
LONGEST = 40


@pytest.mark.parametrize("vendor", OURS)
def test_a_secret_made_for_a_shop_fits_its_admin_at_creation_and_after_a_rotation(house: House, vendor: str):
    created = house.post("/connections", {"vendor": vendor, "source": vendor}).json
    rotated = house.post(f"/connections/{created['id']}/rotate", {}).json

    assert all(30 <= len(secret) <= LONGEST for secret in (created["secret"], rotated["secret"]))
    assert created["secret"] != rotated["secret"]
