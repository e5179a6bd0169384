"""History: an import with `automations=false` is told to no webhook, nor is what follows from it; news is."""

import pytest

from tests.stack.house import House
from tests.stack.scenarios.hooks.partners import Partners
from tests.stack.scenarios.hooks.webhook_shop import WebhookShop
from tests.stack.scenarios.shop import order

OLD = {"source": "shopify", "externalId": "OLD-1", "total": 49.99}


def sales(house: House, row: object, automations: str = "false") -> None:
    assert house.post("/event/sale/batch", [row], automations=automations).status == 200


def orders(house: House, row: object) -> None:
    assert house.post("/orders/batch", [row], base="/api/v1", automations="false").status == 202


def test_partners_of_imported_sales_by_coupon_are_history(shop: WebhookShop) -> None:
    Partners(shop.house)
    shop.house.deliver()
    number = shop.subscribe()["id"]

    sales(shop.house, OLD | {"couponCodes": ["SAVE10"]})
    shop.house.deliver()

    assert len(shop.house.conversions()) == 1
    assert shop.deliveries(number) == []


@pytest.mark.parametrize("at_once", [True, False])
def test_refunds_of_imported_orders_are_history_if_they_are_imported_too(shop: WebhookShop, at_once: bool) -> None:
    number = shop.subscribe()["id"]
    tracked = {"trackingId": shop.house.tracking_id}

    for status in (None, "refunded"):
        orders(shop.house, order(status=status, **tracked))
        if not at_once:
            shop.house.deliver()
    shop.house.deliver()

    assert [it["listed"]["status"] for it in shop.house.ledger("transaction")] == ["refunded"]
    assert shop.deliveries(number) == []


@pytest.mark.parametrize("at_once", [True, False])
def test_a_refund_of_imported_history_that_is_reported_later_is_news(shop: WebhookShop, at_once: bool) -> None:
    number = shop.subscribe()["id"]
    sales(shop.house, OLD | {"trackingId": shop.house.tracking_id})
    if at_once:
        shop.house.publish()
    else:
        shop.house.deliver()

    shop.house.refund("OLD-1")
    shop.house.deliver()

    expected = {"refund.created"} if at_once else {"refund.created", "conversion.rejected"}
    assert shop.states(number).keys() >= expected
    assert not shop.states(number).keys() & {"sale.created", "conversion.created", "engagement.completed"}


def test_engagements_settled_together_are_told_by_their_own_sales(shop: WebhookShop) -> None:
    number = shop.subscribe("engagement.completed")["id"]
    house, settling = shop.house, []
    for automations in ("true", "false"):
        house.visit(headers={"X-Siren-OID": str(house.tracking_id)})
        sales(house, OLD | {"externalId": f"X-{automations}", "trackingId": house.tracking_id}, automations)
        house.publish()
        house.consume(next(it for it in house.arrived() if it.function == "attribute_sale"))
        house.publish()
        settling += [it for it in house.arrived() if it.function == "settle_engagements"]

    for message in reversed(settling):
        assert house.consume(message)
    house.deliver()

    assert len(settling) == 2
    (only,) = shop.deliveries(number)
    assert only["type"] == "engagement.completed"
