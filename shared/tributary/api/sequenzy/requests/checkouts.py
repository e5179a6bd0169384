"""Checkouts as shops report them."""

from typing import Annotated

from pydantic import Field

from tributary.api.http.bodies import Dated, RequestBody
from tributary.api.http.fields import AnyCurrency, LongText, Minor, NameOrNumber, PastMoment
from tributary.api.sequenzy.requests.customers import CustomerReport
from tributary.api.sequenzy.requests.orders import MAX_ITEMS, OrderItemReport
from tributary.api.sequenzy.requests.properties import Properties


class CheckoutBody(RequestBody, Dated):
    """A checkout, once per id; amounts in minor units of `currency`."""

    moment = "started_at"

    checkout_id: NameOrNumber
    customer: CustomerReport
    items: Annotated[list[OrderItemReport], Field(max_length=MAX_ITEMS)] = []
    total_cents: Minor | None = None
    currency: AnyCurrency | None = None
    started_at: PastMoment | None = None
    checkout_url: LongText | None = None
    url: LongText | None = None
    properties: Properties = {}
