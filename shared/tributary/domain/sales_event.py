"""Purchases and returns as reported by a point of sale, and the sale made by a purchase."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tributary.domain.customer import Share
from tributary.domain.quantity import Quantity
from tributary.domain.transaction import Line, Sale, divided

#: The source of all points of sale's transactions; an event's own source is reported separately.
SOURCE = "noticia"
CURRENCIES = ("EUR", "GBP", "USD", "CHF")


@dataclass(frozen=True)
class Article:
    """One line sold or returned; `total` is for the whole quantity, in minor units.

    `price` is per unit, as text in major units, or None if not reported."""

    name: str
    quantity: Quantity
    total: int
    attributes: Mapping[str, str] = field(default_factory=dict)
    price: str | None = None

    @property
    def details(self) -> tuple[Line, ...]:
        """Details with a price per unit. If the total does not divide evenly, some units cost one more."""
        return divided(Line(self.name, 0, attributes=self.attributes), self.total, self.quantity, self.price)


@dataclass(frozen=True)
class SalesEvent:
    """A reported event, immutable. `total` is the amount paid or returned, less discount, including tax.

    `text` is the rest of the report, as JSON. `automations=False` marks an import, skipped by automations."""

    id: str
    external_id: str | None
    type: Literal["PURCHASE", "RETURN"]
    occurred_at: str
    currency: str
    total: int
    discount: int
    tax: int | None
    source: str
    articles: tuple[Article, ...]
    text: str
    automations: bool = True

    @property
    def sold_as(self) -> str:
        """The external id of a purchase's sale."""
        return self.external_id or self.id

    def sale(self, customer_id: int | None, tracking_id: int | None = None) -> Sale:
        """The sale made by a purchase."""
        said = (SOURCE, self.sold_as, tracking_id, self.total, self.currency, self.occurred_at)
        return Sale(*said, balanced(self.articles, self.total), customer_id, automations=self.automations)


def balanced(articles: Iterable[Article], total: int) -> tuple[Line, ...]:
    """Details that sum up to the amount paid: a discount line or a fee line makes up the difference."""
    lines = [line for article in articles for line in article.details]
    rest = total - sum(line.total for line in lines)
    if rest < 0:
        lines.append(Line("Discount", rest, type="discount"))
    elif rest > 0:
        lines.append(Line("Not on a line", rest, type="fee"))
    return tuple(lines)


def returned(currency: str, occurred_at: str, total: int) -> Share:
    """A return's share of its customer's totals: refunded, but neither an order nor less spending."""
    return Share(currency, occurred_at, {"ordersCount": 0, "totalSpent": 0, "refundedTotal": total})
