"""Affiliate sales as they are reported."""

from typing import Annotated, Literal

from pydantic import AfterValidator

from tributary.api.fields import Currency, Identifier, SnakeBody, Text, TextOrNumber, past
from tributary.api.growi.fields import AnyMoment, Email, Minor
from tributary.domain.errors import Failure, ValidationFailed

_PAIR = ("growi_user_id", "growi_campaign_id")


class AffiliateSaleBody(SnakeBody):
    """A sale and who brought it; amounts in minor units of `currency`. At least one of `total` and `subtotal`, and
    either `campaign_affiliate_id` or both of `growi_user_id` and `growi_campaign_id`."""

    order_id: TextOrNumber
    total: Minor | None = None
    subtotal: Minor | None = None
    currency: Currency
    campaign_affiliate_id: Text | None = None
    growi_user_id: Identifier | None = None
    growi_campaign_id: Identifier | None = None
    occurred_at: Annotated[AnyMoment, AfterValidator(past)] | None = None
    due_at: AnyMoment | None = None
    customer_email: Email | None = None
    customer_name: Text | None = None
    visitor_uid: TextOrNumber | None = None
    sale_type: Literal["one_time", "subscription"] = "one_time"
    commission: Minor | None = None

    def require_all(self) -> None:
        """ValidationFailed for what is missing of members that depend on one another."""
        missing = [] if (self.total, self.subtotal) != (None, None) else ["total"]
        absent = [name for name in _PAIR if getattr(self, name) is None]
        if len(absent) == 1:
            missing += absent
        elif absent and self.campaign_affiliate_id is None:
            missing.append("campaign_affiliate_id")
        if missing:
            raise ValidationFailed([Failure(name, f"{name} {_INSTEAD[name]}", "REQUIRED") for name in missing])


_INSTEAD = {
    "total": "is required, or subtotal.",
    "growi_user_id": "is required beside growi_campaign_id.",
    "growi_campaign_id": "is required beside growi_user_id.",
    "campaign_affiliate_id": "is required, or growi_user_id and growi_campaign_id.",
}
