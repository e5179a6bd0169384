"""Shops that report the same order in their dialects, with the demo collaborator as its referrer."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.stack.exchange import ACCOUNT, Item
from tests.stack.house import House
from tests.stack.scenarios import point_of_sale
from tests.stack.scenarios.ways import AFFILIATE_SALE, ORDER, PURCHASE, SALE, Heard, Report, send
from tributary.domain.money import major_text

_SENT_AT = "2026-04-24T09:00:00.000Z"


@dataclass(frozen=True)
class Thing:
    """A product sold: its own id, the total of its line in minor units, its quantity."""

    id: str
    cents: int
    quantity: int = 1


@dataclass(frozen=True)
class Shop:
    """A shop of one dialect. `source` names its sales in reports of any dialect; `listed` is false for a dialect whose
    sales have no items."""

    source: str
    report: Report
    body: Callable[[House, str, int, Sequence[Thing]], Item]
    listed: bool = True

    @property
    def name(self) -> str:
        return self.report.dialect

    def sells(
        self, house: House, total: int, *things: Thing, way: str = "HTTP", order: str = "R-1", **more: Any
    ) -> Heard:
        """Report an order with this total, in minor units of USD, and deliver all that follows."""
        if self.report is PURCHASE:
            self.message(house)
        heard = send(house, self.report, way, self.body(house, order, total, things) | more)
        assert heard.taken, heard.text
        return heard

    def message(self, house: House, campaign: int | str = "tracking:dEmO") -> None:
        """Send a message of a campaign, by default the demo collaborator's, to the buyer at a point of sale."""
        triggers = {"siteVisited": {"value": "100"}, "messageSent": {"value": "100"}}
        assert house.put(f"/programs/{house.program_id}", {"engagementTypes": triggers}).status == 200
        assert house.post("/event-sources", {"source": "my.sms", "account": ACCOUNT}).status in (200, 201)
        sent = {"organization": "demo", "profile": point_of_sale.BUYER, "campaign": campaign, "sentAt": _SENT_AT}
        house.event("MessageSent", sent, "my.sms")
        house.deliver()

    def named(self, order: str = "R-1") -> Item:
        """The order, as refunds and edits of Siren's routes and of the bus name it."""
        return {"source": self.source, "externalId": order}


def _siren(house: House, order: str, total: int, things: Sequence[Thing]) -> Item:
    items = [{"externalId": it.id, "amount": _each(it), "quantity": it.quantity} for it in things]
    named = {"source": "shopify", "externalId": order, "trackingId": house.tracking_id}
    return {**named, "total": major_text(total, "USD"), "items": items}


def _sequenzy(house: House, order: str, total: int, things: Sequence[Thing]) -> Item:
    items = [
        {"productId": it.id, "title": it.id, "quantity": it.quantity, "priceCents": it.cents / it.quantity}
        for it in things
    ]
    body = {"orderId": order, "totalCents": total, "currency": "USD", "trackingId": house.tracking_id}
    return {**body, "customer": {"email": "ada@example.com"}, "items": items}


def _noticia(house: House, order: str, total: int, things: Sequence[Thing]) -> Item:
    lines = [
        {
            "external_id": it.id,
            "quantity": it.quantity,
            "total_price_cents": it.cents,
            "product": {"external_id": it.id},
        }
        for it in things
    ]
    example = json.loads(point_of_sale.EXAMPLE) | {"external_id": order, "currency": "USD"}
    return example | {"total_amount_cents": total, "total_tax_cents": None, "line_items": lines}


def _growi(house: House, order: str, total: int, things: Sequence[Thing]) -> Item:
    subtotal = sum(it.cents for it in things)
    return {"order_id": order, "total": total, "subtotal": subtotal, "currency": "usd", "campaign_affiliate_id": "demo"}


def _each(thing: Thing) -> str:
    return str(thing.cents / thing.quantity / 100)


def ids(value: Any) -> str | None:
    """The name of a parametrized test's shop, report or way."""
    return value.name if isinstance(value, Shop) else getattr(value, "path", value if isinstance(value, str) else None)


SIREN, SEQUENZY = Shop("shopify", SALE, _siren), Shop("sequenzy", ORDER, _sequenzy)
NOTICIA, GROWI = Shop("noticia", PURCHASE, _noticia), Shop("growi", AFFILIATE_SALE, _growi, listed=False)
SHOPS = (SIREN, SEQUENZY, NOTICIA, GROWI)
#: Each shop with each way in which its orders can be reported.
SOLD = [(shop, way) for shop in SHOPS for way in shop.report.ways]
