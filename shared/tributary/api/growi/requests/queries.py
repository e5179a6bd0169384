"""Query of a list of affiliate sales."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from tributary.api.growi.platforms import Platform
from tributary.api.http.bodies import SnakeBody
from tributary.api.http.fields import Identifier, Text, refuse, takes
from tributary.domain import times

MAX_PER_PAGE = 100
_LARGEST_PAGE = 5000


@takes(type="string", pattern="^[0-9]{1,6}$")
def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 7 else value


@takes(pattern=r"^\d{1,2}/\d{1,2}/\d{4}$")
def _day(value: str) -> str:
    """MM/DD/YYYY as the moment at which the day begins, in UTC."""
    try:
        return times.text(datetime.strptime(value, "%m/%d/%Y").replace(tzinfo=UTC))
    except ValueError:
        raise refuse("FORMAT", "must be a date, MM/DD/YYYY.") from None


Whole = Annotated[int, BeforeValidator(_whole), Field(ge=1)]
Day = Annotated[str, AfterValidator(_day)]


class AffiliateSalesQuery(SnakeBody):
    """Filters are joined by and; days refer to `occurred_at`, both included."""

    unread = dict.fromkeys(("storeplatform", "ambassadorprogram"), "is not supported as a filter.")

    page: Annotated[Whole, Field(le=_LARGEST_PAGE)] = 1
    per_page: Annotated[Whole, Field(le=MAX_PER_PAGE)] = 25
    start_date: Day | None = None
    end_date: Day | None = None
    search: Text | None = None
    creator_id: Identifier | None = None
    creator_email: Text | None = None
    campaign_id: Identifier | None = None
    order_id: Text | None = None
    status: Literal["paid", "due", "unpaid", "canceled", "refunded"] | None = None
    affiliate_tag: Text | None = None
    platform: Platform | None = None
    sub_id: Text | None = None
