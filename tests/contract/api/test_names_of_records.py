"""Names of records have visible characters only: two names must not look alike."""

from typing import Any

import pytest

from openapi.bodies import model
from tributary.api.http import requests
from tributary.domain.errors import ValidationFailed

NAMES = {
    ("siren", "sales.SaleReport"): ["source", "externalId"],
    ("siren", "refunds.RefundReport"): ["source", "externalId", "refundId"],
    ("siren", "custom_events.LeadReport"): ["externalId"],
    ("siren", "visits.VisitReport"): ["userId"],
    ("siren", "transactions.TransactionBody"): ["bindingId", "bindingDataType"],
    ("siren", "collaborators.CollaboratorBody"): ["userId", "referralCode", "aliases[0].code", "aliases[0].type"],
    ("siren", "access.EventSourceBody"): ["source"],
    ("siren", "access.ApiKeyBody"): ["source"],
    ("sequenzy", "orders.OrderPush"): ["orderId", "refundId", "customer.externalId"],
    ("sequenzy", "checkouts.CheckoutBody"): ["checkoutId"],
    ("sequenzy", "products.ProductsBody"): ["products[0].productId", "products[0].variants[0].variantId"],
    ("noticia", "sales_events.SalesEventBody"): ["external_id", "profile_id"],
    ("noticia", "messages.MessageReport"): ["messageId"],
    ("noticia", "profiles.ProfileBody"): ["external_id"],
    ("noticia", "stores.StoreBody"): ["external_id"],
    ("growi", "affiliate_sales.AffiliateSaleBody"): ["order_id", "visitor_uid"],
    ("growi", "tracking_events.TrackingEvent"): ["visitor_uid", "external_user_id"],
}
EACH = pytest.mark.parametrize(
    ("dialect", "body", "field"), [(*body, field) for body, fields in NAMES.items() for field in fields]
)


def failures(dialect: str, body: str, field: str, value: str) -> dict[str, str]:
    """Types of the failures of a body with this member only."""
    document: Any = value
    for step in reversed(field.split(".")):
        name, many, _ = step.partition("[0]")
        document = {name: [document] if many else document}
    try:
        requests.checked(model(f"requests.{body}", dialect), document)
    except ValidationFailed as refusal:
        return {failure.field: failure.type for failure in refusal.failures}
    return {}


@EACH
def test_a_name_with_a_control_or_direction_character_is_refused(dialect: str, body: str, field: str) -> None:
    unseen = ["\x00", "\t", "\n", "\x1b", "\x7f", "\u202a", "\u202e", "\u2066", "\u2069"]

    assert [failures(dialect, body, field, f"ORD{it}1").get(field) for it in unseen] == ["FORMAT"] * len(unseen)


@EACH
def test_a_name_in_any_script_is_accepted(dialect: str, body: str, field: str) -> None:
    for name in ("№ 7", "Größe_ж", "注文1", "הזמנה-1", "👩\u200d💻"):
        assert field not in failures(dialect, body, field, name), name


def test_texts_of_lines_keep_their_tabs_and_breaks() -> None:
    line = {"productId": "p\t", "title": "Mug\nblue", "quantity": 1}
    order = {"orderId": "1", "totalCents": 1, "currency": "USD", "customer": {"email": "a@b.co"}, "items": [line]}

    requests.checked(model("requests.orders.OrderPush", "sequenzy"), order)
