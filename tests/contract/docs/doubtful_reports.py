"""Reports with a blank, null, unknown or repeated member, in each dialect, and the rule that each follows."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from tests.stack.exchange import Item
from tests.stack.scenarios.affiliate_shop import ORDER, TAG
from tests.stack.scenarios.point_of_sale import STORE, line
from tests.stack.scenarios.shop import order


class Rule(StrEnum):
    """The meaning of a doubtful member, as the pages have it."""

    ABSENT = "counts as absent"
    IGNORED = "ignored"
    REFUSED = "refused; nothing is recorded"
    UTC = "UTC"
    REPEATED = "changes nothing, and is marked"
    DISCLOSED = "changes nothing; the members are named"


ABSENT, IGNORED, REFUSED, UTC, REPEATED, DISCLOSED = Rule


class Report(NamedTuple):
    """A request that is accepted as it stands; `after` names the report that comes before it."""

    path: str
    body: Item
    after: str = ""
    method: str = "POST"


class Doubtful(NamedTuple):
    """Members that change a report, by their place as errors name it, and the rule for them."""

    row: str
    rule: Rule
    members: Item
    report: str = "sale"


class Reports(NamedTuple):
    """A dialect's reports and their doubtful forms."""

    opening: tuple[Report, ...]
    named: dict[str, Report]
    doubtful: tuple[Doubtful, ...]


BLANK, BLANK_NAME = "blank optional text", "blank name of a record"
BLANK_CHOICE = "blank amount, currency, moment or word of a list"
NULL, NULL_MONEY = "null in an optional member", "null in a member that decides about money"
UNKNOWN, UNKNOWN_MONEY = "unknown member", "unknown member that means money"
NO_OFFSET = "time without an offset"
SAME, DIFFERENT = "identical repeat", "differing repeat"
ROWS = (BLANK, BLANK_NAME, BLANK_CHOICE, NULL, NULL_MONEY, UNKNOWN, UNKNOWN_MONEY, NO_OFFSET, SAME, DIFFERENT)

_NAIVE = "2026-04-25T14:32:00"
_SALE = {"source": "shopify", "externalId": "ORD-1004", "trackingId": 4218, "total": 49.99}
_SALE |= {"items": [{"name": "Annual Plan", "amount": 49.99}], "occurredAt": "2026-11-21T12:00:00Z"}
_REFUND = {"source": "shopify", "externalId": "ORD-1004", "refundId": "R-1", "amount": 10}

SIREN = Reports(
    (),
    {
        "sale": Report("/siren/v1/event/sale", _SALE),
        "refund": Report("/siren/v1/event/refund", _REFUND, after="sale"),
    },
    (
        Doubtful(BLANK, ABSENT, {"items[0].sku": ""}),
        Doubtful(BLANK_NAME, REFUSED, {"externalId": ""}),
        Doubtful(BLANK_NAME, REFUSED, {"refundId": ""}, "refund"),
        Doubtful(BLANK_CHOICE, REFUSED, {"currency": ""}),
        Doubtful(NULL, ABSENT, {"currency": None}),
        Doubtful(NULL_MONEY, REFUSED, {"amount": None}, "refund"),
        Doubtful(UNKNOWN, IGNORED, {"giftNote": "for Ada"}),
        Doubtful(UNKNOWN_MONEY, REFUSED, {"totalDiscount": 5}),
        Doubtful(NO_OFFSET, UTC, {"occurredAt": _NAIVE}),
        Doubtful(SAME, REPEATED, {}),
        Doubtful(DIFFERENT, DISCLOSED, {"total": 59.99}),
        Doubtful(DIFFERENT, DISCLOSED, {"amount": 12}, "refund"),
    ),
)

_ORDER = {**order("1004", trackingId=4218), "orderedAt": "2026-11-21T12:00:00Z"}

SEQUENZY = Reports(
    (),
    {
        "sale": Report("/api/v1/orders", _ORDER),
        "refund": Report("/api/v1/orders", _ORDER | {"status": "refunded", "refundAmountCents": 999}, after="sale"),
    },
    (
        Doubtful(BLANK, ABSENT, {"orderNumber": ""}),
        Doubtful(BLANK_NAME, REFUSED, {"orderId": ""}),
        Doubtful(BLANK_NAME, REFUSED, {"refundId": ""}, "refund"),
        Doubtful(BLANK_CHOICE, REFUSED, {"status": ""}),
        Doubtful(NULL, ABSENT, {"items[0].sku": None}),
        Doubtful(NULL_MONEY, REFUSED, {"refundAmountCents": None}, "refund"),
        Doubtful(UNKNOWN, IGNORED, {"giftNote": "for Ada"}),
        Doubtful(UNKNOWN_MONEY, REFUSED, {"discountCents": 500}),
        Doubtful(NO_OFFSET, UTC, {"orderedAt": _NAIVE}),
        Doubtful(SAME, REPEATED, {}),
        Doubtful(DIFFERENT, DISCLOSED, {"totalCents": 5999}),
    ),
)

_EVENT = {"external_id": "T-1", "type": "PURCHASE", "occurred_at": "2026-04-25T14:32:00+02:00", "store_id": STORE}
_EVENT |= {"currency": "USD", "total_amount_cents": 12500, "total_discount_cents": 0, "line_items": [line()]}

NOTICIA = Reports(
    (Report("/v1/stores", {"external_id": STORE}),),
    {"sale": Report("/v1/sales-events", _EVENT)},
    (
        Doubtful(BLANK, ABSENT, {"profile_id": ""}),
        Doubtful(BLANK_NAME, REFUSED, {"external_id": ""}),
        Doubtful(BLANK_CHOICE, REFUSED, {"type": ""}),
        Doubtful(NULL, ABSENT, {"line_items[0].unit_price_cents": None}),
        Doubtful(NULL_MONEY, REFUSED, {"total_discount_cents": None}),
        Doubtful(UNKNOWN, IGNORED, {"gift_note": "for Ada"}),
        Doubtful(UNKNOWN_MONEY, REFUSED, {"discount_cents": 500}),
        Doubtful(NO_OFFSET, REFUSED, {"occurred_at": _NAIVE}),
        Doubtful(SAME, REPEATED, {}),
        Doubtful(DIFFERENT, DISCLOSED, {"total_amount_cents": 13000}),
    ),
)

_CLAIM = {**ORDER, **TAG, "occurred_at": "2026-11-21T12:00:00Z"}

GROWI = Reports(
    (),
    {
        "sale": Report("/api/public/v1/affiliate_sales", _CLAIM),
        "change": Report("/api/public/v1/affiliate_sales/3350244313207762", {}, after="sale", method="PATCH"),
    },
    (
        Doubtful(BLANK, ABSENT, {"sub_id": ""}),
        Doubtful(BLANK_NAME, REFUSED, {"order_id": ""}),
        Doubtful(BLANK_CHOICE, REFUSED, {"platform": ""}),
        Doubtful(NULL, ABSENT, {"sub_id": None}),
        Doubtful(NULL_MONEY, REFUSED, {"total": None}),
        Doubtful("null in a change of an amount", ABSENT, {"total": None}, "change"),
        Doubtful(UNKNOWN, IGNORED, {"gift_note": "for Ada"}),
        Doubtful(UNKNOWN_MONEY, REFUSED, {"discount": 500}),
        Doubtful(NO_OFFSET, UTC, {"occurred_at": _NAIVE}),
        Doubtful(SAME, REPEATED, {}),
        Doubtful(DIFFERENT, DISCLOSED, {"total": 10999}),
    ),
)

REPORTS = {"siren": SIREN, "sequenzy": SEQUENZY, "noticia": NOTICIA, "growi": GROWI}


def body_of(case: Doubtful, report: Report, *, only_absent: bool = False) -> Item:
    """The report's body with the case's members, or without these members."""
    body: Any = _copy(report.body)
    for place, value in case.members.items():
        *parents, name = _steps(place)
        inner = body
        for step in parents:
            inner = inner[step]
        inner.pop(name, None)
        inner.update({} if only_absent else {name: value})
    return dict(body)


def _steps(place: str) -> Iterator[str | int]:
    for step in place.split("."):
        name, many, position = step.removesuffix("]").partition("[")
        yield name
        if many:
            yield int(position)


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(it) for name, it in value.items()}
    return [_copy(it) for it in value] if isinstance(value, list) else value
