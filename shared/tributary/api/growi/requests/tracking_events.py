"""Tracking events, which are visits of the affiliate they name."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from tributary.api.growi.requests.fields import AnyMoment
from tributary.api.http.bodies import SnakeBody
from tributary.api.http.fields import NameOrNumber, Text, past
from tributary.domain.errors import Failure
from tributary.ledger.opportunities.visits import Visit
from tributary.ledger.programs.collaborators import Alias

EventName = Literal[
    "cart_viewed", "checkout_address_info_submitted", "checkout_completed", "checkout_contact_info_submitted",
    "checkout_shipping_info_submitted", "checkout_started", "collection_viewed", "page_viewed",
    "payment_info_submitted", "product_added_to_cart", "product_removed_from_cart", "product_viewed",
    "search_submitted", "payment_completed", "app_installed", "app_uninstalled",
]  # fmt: skip
#: Events that a client could send in place of a sale.
_OF_A_SALE = ("checkout_completed", "payment_completed")
_INSTEAD = "is not read: report the sale to /api/public/v1/affiliate_sales."


class TrackingEvent(SnakeBody):
    """An event of a visitor whom an affiliate referred. Its other members are taken and not kept."""

    event_name: EventName
    campaign_affiliate_id: Text
    visitor_uid: NameOrNumber | None = None
    external_user_id: NameOrNumber | None = None
    occurred_at: Annotated[AnyMoment, AfterValidator(past)] | None = None

    def to_visit(self) -> Visit:
        visitor = self.visitor_uid or self.external_user_id
        return Visit(Alias("tracking", self.campaign_affiliate_id), visitor, occurred_at=self.occurred_at)


def paid(document: Any) -> list[Failure]:
    """A failure for the amount of an event that tells of a sale: none is made of it, so nothing would be owed."""
    if not isinstance(document, dict) or document.get("event_name") not in _OF_A_SALE:
        return []
    return [Failure("subtotal", f"subtotal {_INSTEAD}", "UNKNOWN")] if document.get("subtotal") else []
