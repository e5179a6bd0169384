"""Reports and changes of affiliate sales."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from tributary.api.growi.platforms import Platform, not_an_app_order, order_name
from tributary.api.growi.requests.fields import AnyMoment
from tributary.api.http.bodies import Dated, SnakeBody
from tributary.api.http.fields import AnyCurrency, Email, Identifier, Minor, NameOrNumber, Text, TextOrNumber, past
from tributary.api.http.inputs import blanks
from tributary.api.http.unread_members import money
from tributary.domain.errors import Failure

_UNREAD = money("discount", instead="is not read: send total and subtotal less the discount.")
_UNREAD |= money("tax", "shipping", "fee", instead="is not read: send total with it, and subtotal without it.")
_UNREAD |= money("refund", instead="is not read: send it to /siren/v1/event/refund with the source growi.")
_PAIR = ("growi_user_id", "growi_campaign_id")


class AffiliateSaleBody(Dated):
    """A sale and its affiliate; amounts in minor units of `currency`. At least one of `total` and `subtotal`, and
    either `campaign_affiliate_id` or both of `growi_user_id` and `growi_campaign_id`."""

    unread = _UNREAD

    order_id: Annotated[NameOrNumber, AfterValidator(not_an_app_order)]
    platform: Platform = "website"
    sub_id: TextOrNumber | None = None
    total: Minor | None = None
    subtotal: Minor | None = None
    currency: AnyCurrency
    campaign_affiliate_id: Text | None = None
    growi_user_id: Identifier | None = None
    growi_campaign_id: Identifier | None = None
    occurred_at: Annotated[AnyMoment, AfterValidator(past)] | None = None
    due_at: AnyMoment | None = None
    customer_email: Email | None = None
    customer_name: Text | None = None
    visitor_uid: NameOrNumber | None = None
    sale_type: Literal["one_time", "subscription"] = "one_time"
    commission: Minor | None = None

    @property
    def name(self) -> str:
        """The external id of the order's sale."""
        return order_name(self.platform, self.order_id)


class AffiliateSaleChange(SnakeBody):
    """Members to change; all others stay. null clears the buyer's members and leaves others unchanged."""

    unread = _UNREAD

    total: Minor | None = None
    subtotal: Minor | None = None
    currency: AnyCurrency | None = None
    occurred_at: Annotated[AnyMoment, AfterValidator(past)] | None = None
    due_at: AnyMoment | None = None
    customer_email: Email | None = None
    customer_name: Text | None = None
    visitor_uid: NameOrNumber | None = None
    commission: Minor | None = None
    status: Literal["unpaid", "paid", "paid_externally", "cancelled"] | None = None


_INSTEAD = {
    "total": "is required, or subtotal.",
    "growi_user_id": "is required with growi_campaign_id.",
    "growi_campaign_id": "is required with growi_user_id.",
    "campaign_affiliate_id": "is required, or growi_user_id and growi_campaign_id.",
}


def missing(document: Any) -> list[Failure]:
    """Failures for members that depend on one another and are absent."""
    return [Failure(name, f"{name} {_INSTEAD[name]}", "REQUIRED") for name in _missing(document)]


def _missing(document: Any) -> list[str]:
    if not isinstance(document, dict):
        return []
    given = {name for name, value in document.items() if value is not None and not blanks.is_blank(value)}
    lacking = [] if {"total", "subtotal"} & given else ["total"]
    absent = [name for name in _PAIR if name not in given]
    if len(absent) == 1:
        return lacking + absent
    return lacking if not absent or "campaign_affiliate_id" in given else [*lacking, "campaign_affiliate_id"]
