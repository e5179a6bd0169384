"""Reports of a sale with codes: over HTTP, in batches and on the bus, refused, repeated and edited."""

from typing import Any

import pytest

from tests.stack.exchange import ACCOUNT
from tests.stack.house import House
from tests.stack.scenarios.hooks.partners import Partners


@pytest.fixture
def partners(house: House) -> Partners:
    return Partners(house)


@pytest.mark.parametrize(
    ("again", "named"),
    [
        ({"couponCodes": ["save10", " SAVE10"], "referral": "ann"}, None),
        ({"couponCodes": ["OTHER"], "referral": "ANN"}, "couponCodes"),
        ({"couponCodes": ["SAVE10"], "referral": "BOB"}, "referral"),
        ({"trackingId": 4218}, "trackingId,couponCodes,referral"),
    ],
)
def test_a_repeat_with_other_codes_is_disclosed_and_the_first_stay(
    partners: Partners, again: dict[str, Any], named: str | None
):
    partners.sold(couponCodes=["SAVE10"], referral="ANN")

    answer = partners.sold(**again)

    assert (answer.headers["Idempotency-Hit"], answer.headers.get("Idempotency-Differs")) == ("true", named)
    assert (partners.explained()["reason"], partners.owed()) == ("awarded", {partners.ann: 500})


@pytest.mark.parametrize("members", [{}, {"trackingId": None}, {"trackingId": ""}, {"couponCodes": [" "]}])
def test_a_sale_without_a_tracking_id_and_codes_is_refused_with_everything_else(
    partners: Partners, members: dict[str, Any]
):
    answer = partners.sold(total=-1, **members)

    assert answer.failures == {"total": "MIN", "trackingId": "REQUIRED"}
    assert "trackingId is required without couponCodes and referral." in answer.text
    assert partners.house.ledger("transaction") == []


@pytest.mark.parametrize(
    ("members", "failures"),
    [
        ({"couponCodes": [f"C{number}" for number in range(21)]}, {"couponCodes": "LENGTH"}),
        ({"couponCodes": "SAVE10"}, {"couponCodes": "TYPE"}),
        ({"couponCodes": ["SAVE10", "\x00", 5]}, {"couponCodes[1]": "FORMAT", "couponCodes[2]": "TYPE"}),
        ({"referral": "x" * 256}, {"referral": "LENGTH"}),
        ({"referral": {"code": "ANN"}}, {"referral": "TYPE"}),
    ],
)
def test_codes_that_cannot_be_read_are_refused_by_name(
    partners: Partners, members: dict[str, Any], failures: dict[str, str]
):
    assert partners.sold(**members).failures == failures


def test_twenty_coupons_may_have_blank_ones_between_them(partners: Partners):
    assert partners.sold(couponCodes=[*(f"C{number}" for number in range(19)), "", "SAVE10"]).status == 200

    partners.explained()

    assert partners.owed() == {partners.ann: 500}


def test_an_edit_changes_the_earnings_and_reads_no_codes(partners: Partners):
    partners.sold(couponCodes=["SAVE10"])
    edit = {"source": "shopify", "externalId": "ORD-1", "total": 100, "changedAt": "2026-11-21T09:00:00Z"}

    answer = partners.house.post("/event/sale-changed", edit | {"couponCodes": 5, "referral": "BOB"}, key="events")
    partners.explained()

    assert (answer.status, partners.owed()) == (200, {partners.ann: 1000})


def test_codes_are_read_from_the_bus_and_from_batches_too(partners: Partners):
    house, sale = partners.house, {"source": "shopify", "total": 49.99, "couponCodes": ["SAVE10"]}
    assert house.post("/event-sources", {"source": "other.shop", "account": ACCOUNT}).status == 201

    house.event("SaleTriggered", sale | {"organization": "demo", "externalId": "ORD-1"})
    house.post("/event/sale/batch", [sale | {"externalId": "ORD-2"}], key="events")

    assert [partners.explained(number)["reason"] for number in ("ORD-1", "ORD-2")] == ["awarded", "awarded"]
