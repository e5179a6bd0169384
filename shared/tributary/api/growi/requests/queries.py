"""Queries of lists."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from tributary.api.growi.platforms import Platform
from tributary.api.http import requests
from tributary.api.http.bodies import SnakeBody
from tributary.api.http.fields import AnyCurrency, Identifier, Text
from tributary.api.http.inputs import patterns
from tributary.api.http.inputs.taken import refuse, takes
from tributary.api.http.resolver import Resolver
from tributary.api.lists.query import bracketed
from tributary.domain import times

MAX_PER_PAGE = 100
MAX_CREATORS = 20
_LARGEST_PAGE = 5000

Query = TypeVar("Query", bound=SnakeBody)


def query_of(app: Resolver, model: type[Query]) -> Query:
    """The request's query, without empty values. ValidationFailed with all failures."""
    given = app.current_event.query_string_parameters or {}
    return requests.checked(model, {name: value for name, value in given.items() if value}, bracketed(given))


@takes()
def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 7 else value


@takes(pattern=f"^{patterns.AMERICAN_DATE}$", examples=["11/21/2026"])
def _day(value: str) -> str:
    """MM/DD/YYYY as the moment at which the day begins, in UTC."""
    if not re.fullmatch(patterns.AMERICAN_DATE, value):
        raise refuse("FORMAT", "must be a date, MM/DD/YYYY.")
    return times.text(datetime.strptime(value, "%m/%d/%Y").replace(tzinfo=UTC))


@takes(type="string", pattern="^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$")
def _flag(value: Any) -> Any:
    if str(value).lower() not in ("true", "false"):
        raise refuse("TYPE", "must be true or false.")
    return str(value).lower() == "true"


Flag = Annotated[bool, BeforeValidator(_flag)]
Page = Annotated[int, Field(ge=1, le=_LARGEST_PAGE), BeforeValidator(_whole)]
Day = Annotated[str, AfterValidator(_day)]
EnrollmentStatus = Literal["active", "paused", "left", "removed", "completed", "archived", "pending"]


class AffiliateSalesQuery(SnakeBody):
    """Filters are joined by and; days refer to `occurred_at`, both included."""

    unread = dict.fromkeys(("storeplatform", "ambassadorprogram"), "is not supported as a filter.")

    page: Page = 1
    per_page: Annotated[int, Field(ge=1, le=MAX_PER_PAGE), BeforeValidator(_whole)] = 25
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


class CampaignAffiliatesQuery(SnakeBody):
    """Filters of enrollments. Without `pagination` all are answered."""

    unread = dict.fromkeys(("perpage", "per"), "is not supported: a page has 25 rows.")

    campaign_id: Identifier | None = None
    status: EnrollmentStatus = "active"
    pagination: Flag = False
    page: Page = 1


class TopCreatorsQuery(SnakeBody):
    """The days of a ranking, both included, and its filters. Without `currency` there must be only one."""

    start_date: Day
    end_date: Day
    limit: Annotated[int, Field(ge=1, le=MAX_CREATORS), BeforeValidator(_whole)] = 4
    page: Page = 1
    include_discord: Flag = False
    organization_id: Identifier | None = None
    campaign_id: Identifier | None = None
    currency: AnyCurrency | None = None
