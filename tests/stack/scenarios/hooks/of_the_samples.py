"""The connections that the samples in events/ name: two to be changed and deleted, and one with a secret URL."""

from local.seed import ORGANIZATION
from tributary.domain import times
from tributary.ledger.connections import connections, deliveries

CONNECTION, SPARE, AT_SECRET_URL = 4001, 4002, 4003
#: The partner event sources of the samples in events/bus/foreign.
EVENT_SOURCES = {
    "stripe": "aws.partner/stripe.com/ed_test_canal_goods",
    "shopify": "aws.partner/shopify.com/1234567/canal-goods",
}
_BASE = "https://api.example.com"
#: Signs the bodies of the samples.
_SECRET, _TOKEN = "secret-of-the-samples", "token-of-the-samples"


def connections_of_the_samples() -> None:
    """Make the connections, and a delivery of the first."""
    settings = {"clickNames": ["siren_oid"], "aliasNames": ["ref"], "eventSource": None}
    for number, vendor, secret in (
        (CONNECTION, "woocommerce", _SECRET),
        (SPARE, "woocommerce", _SECRET),
        (AT_SECRET_URL, "gumroad", _TOKEN),
    ):
        shown = {"vendor": vendor, "label": vendor, "source": f"{vendor}-{number}", "settings": settings}
        item = connections.create(ORGANIZATION, shown, secret, _BASE, vendor == "gumroad", number)
        if number == CONNECTION:
            ids = {"orderId": "7800", "transactionId": 1}
            deliveries.note(item, "order.updated", "repeat", ids, times.now())
    for vendor, event_source in EVENT_SOURCES.items():
        connections.grant(ORGANIZATION, event_source)
        bridged = {**settings, "eventSource": event_source}
        shown = {"vendor": vendor, "label": vendor, "source": f"{vendor}-bridge", "settings": bridged}
        connections.create(ORGANIZATION, shown, None, _BASE)
