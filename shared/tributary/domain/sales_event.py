"""A purchase or a return as a point of sale reports it, and the details of the sale that a purchase is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from tributary.domain.customer import Share
from tributary.domain.transaction import Line, Sale

#: What the transactions of all points of sale have as their source; what an event names as its own is told with it.
SOURCE = "noticia"
CURRENCIES = ("EUR", "GBP", "USD", "CHF")


@dataclass(frozen=True)
class Article:
    """What was sold or brought back on one line: `total` is for the whole quantity, in minor units."""

    name: str
    quantity: int
    total: int
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def details(self) -> list[Line]:
        """Details have a price per unit. Where the total does not divide evenly, some units cost one more."""
        price, dearer = divmod(self.total, self.quantity)
        lots = ((price, self.quantity - dearer), (price + 1, dearer))
        return [Line(self.name, value, units, attributes=self.attributes) for value, units in lots if units]


@dataclass(frozen=True)
class SalesEvent:
    """Immutable. `total` is what was paid, or given back: discount taken off, tax included. `text` is what the report
    says beyond that, as JSON. Without `automations` it is history, which whoever automates passes over."""

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
        """The external id of the sale that a purchase is."""
        return self.external_id or self.id

    def sale(self, customer_id: int | None, tracking_id: int | None = None) -> Sale:
        """The sale that a purchase is."""
        said = (SOURCE, self.sold_as, tracking_id, self.total, self.currency, self.occurred_at)
        return Sale(*said, balanced(self.articles, self.total), customer_id, automations=self.automations)


def balanced(articles: Iterable[Article], total: int) -> tuple[Line, ...]:
    """The details, whose sum is what was paid. What the articles cost more is a discount, be it in their prices or on
    the whole; what they cost less was paid for something that stands on no line."""
    lines = [line for article in articles for line in article.details]
    rest = total - sum(line.total for line in lines)
    if rest < 0:
        lines.append(Line("Discount", rest, type="discount"))
    elif rest > 0:
        lines.append(Line("Not on a line", rest, type="fee"))
    return tuple(lines)


def returned(currency: str, occurred_at: str, total: int) -> Share:
    """What a return adds to its customer's totals: it is no order and takes nothing from what was spent."""
    return Share(currency, occurred_at, {"ordersCount": 0, "totalSpent": 0, "refundedTotal": total})
