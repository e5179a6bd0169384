"""Deliveries of Shopify: signatures, and the topic for the log."""

import pytest

from tests.unit.shops import shop_bodies
from tests.unit.shops.shop_bodies import delivery, signature
from tributary.shops.adapter import Delivery
from tributary.shops.shopify import ADAPTER


class TestSignature:
    raw = shop_bodies.body("shopify", "orders_paid_guest_click.json")

    @pytest.mark.parametrize("header", ["x-shopify-hmac-sha256", "shopify-hmac-sha256"])
    @pytest.mark.parametrize("secrets", [["new"], ["new", "old"], ["old", "new"]])
    def test_any_of_the_secrets_may_have_signed(self, header, secrets):
        assert ADAPTER.signed(Delivery({header: signature(self.raw, "new")}, self.raw, 0), secrets)

    @pytest.mark.parametrize("secrets", [[], ["other"], [""]])
    def test_another_secret_is_refused(self, secrets):
        assert not ADAPTER.signed(delivery(self.raw, x_shopify_hmac_sha256=signature(self.raw, "new")), secrets)

    def test_another_body_is_refused(self):
        sent = delivery(self.raw + b" ", x_shopify_hmac_sha256=signature(self.raw, "new"))

        assert not ADAPTER.signed(sent, ["new"])

    def test_an_empty_secret_signs_nothing(self):
        assert not ADAPTER.signed(delivery(self.raw, x_shopify_hmac_sha256=signature(self.raw, "")), [""])

    @pytest.mark.parametrize("header", ["", "é", "\udcff", "====", "a" * 10_000])
    def test_a_malformed_signature_is_refused(self, header):
        assert not ADAPTER.signed(delivery(self.raw, x_shopify_hmac_sha256=header), ["new"])

    def test_a_missing_signature_is_refused(self):
        assert not ADAPTER.signed(delivery(self.raw), ["new"])


@pytest.mark.parametrize(
    ("headers", "topic"),
    [
        ({"x_shopify_topic": "orders/paid"}, "orders/paid"),
        ({"shopify_topic": "orders/updated", "x_shopify_topic": "orders/paid"}, "orders/updated"),
        ({}, "none"),
        ({"x_shopify_topic": "<b>jo@example.com"}, "unknown"),
    ],
)
def test_the_topic_for_the_log(headers, topic):
    assert ADAPTER.topic(delivery(b"", **headers)) == topic


def test_no_delivery_of_shopify_goes_unsigned():
    assert ADAPTER.greeting(delivery(b"{}")) is None
