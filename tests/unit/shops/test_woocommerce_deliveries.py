"""Deliveries of WooCommerce: signatures, the ping, and the topic for the log."""

import pytest

from tests.unit.shops import shop_bodies
from tests.unit.shops.shop_bodies import delivery, signature
from tributary.shops.woocommerce import ADAPTER


class TestSignature:
    raw = shop_bodies.body("woocommerce", "order_updated_paid.json")

    @pytest.mark.parametrize("secrets", [["new"], ["new", "old"], ["old", "new"]])
    def test_any_of_the_secrets_may_have_signed(self, secrets):
        assert ADAPTER.signed(delivery(self.raw, x_wc_webhook_signature=signature(self.raw, "new")), secrets)

    @pytest.mark.parametrize("held", ["a&b<c>'d", "a&amp;b&lt;c&gt;&#039;d"])
    def test_a_secret_is_decoded_from_html_before_it_signs(self, held):
        sent = delivery(self.raw, x_wc_webhook_signature=signature(self.raw, "a&b<c>'d"))

        assert ADAPTER.signed(sent, [held])

    @pytest.mark.parametrize("secrets", [[], ["other"], [""]])
    def test_another_secret_is_refused(self, secrets):
        assert not ADAPTER.signed(delivery(self.raw, x_wc_webhook_signature=signature(self.raw, "new")), secrets)

    @pytest.mark.parametrize("header", ["", "é", "\udcff", "====", None])
    def test_a_missing_or_malformed_signature_is_refused(self, header):
        headers = {} if header is None else {"x_wc_webhook_signature": header}

        assert not ADAPTER.signed(delivery(self.raw, **headers), ["new"])

    def test_a_body_written_anew_is_refused(self):
        sent = delivery(self.raw.replace(b"\\/", b"/"), x_wc_webhook_signature=signature(self.raw, "new"))

        assert not ADAPTER.signed(sent, ["new"])


class TestPing:
    raw = shop_bodies.body("woocommerce", "ping.txt")

    def test_the_unsigned_ping_is_greeted(self):
        assert ADAPTER.greeting(delivery(self.raw, content_type="application/x-www-form-urlencoded")) == "ping"

    @pytest.mark.parametrize("raw", [b"webhook_id=", b"webhook_id=7&x=1", b"webhook_id=a", b"webhook_id=7\n", b""])
    def test_nothing_else_is(self, raw):
        assert ADAPTER.greeting(delivery(raw)) is None

    def test_a_delivery_with_headers_of_woocommerce_must_be_signed(self):
        assert ADAPTER.greeting(delivery(self.raw, x_wc_webhook_topic="order.updated")) is None


@pytest.mark.parametrize(
    ("headers", "topic"),
    [
        ({"x_wc_webhook_topic": "order.updated"}, "order.updated"),
        ({}, "none"),
        ({"x_wc_webhook_topic": "a b"}, "unknown"),
    ],
)
def test_the_topic_for_the_log(headers, topic):
    assert ADAPTER.topic(delivery(b"", **headers)) == topic
