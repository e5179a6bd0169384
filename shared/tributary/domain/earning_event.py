"""Earning events: sales, with lines and a currency, and leads, with neither."""

from dataclasses import dataclass

from tributary.domain.balance import unlisted_discounts
from tributary.domain.transaction import Line, Transaction

SALE = "sale"


@dataclass(frozen=True)
class Lead:
    """A lead as reported; `type` is the event's slug."""

    id: int
    organization: str
    type: str
    opportunity_id: int | None
    occurred_at: str


@dataclass(frozen=True)
class EarningEvent:
    """`subject` and `id` name the source record; `currency` is None for a lead, paid in each program's own.

    `discounts` has the part of each line that a discount listed by no line takes off. `referred_at` is the moment until
    which visits must not have expired."""

    organization: str
    subject: str
    id: int
    type: str
    occurred_at: str
    currency: str | None
    lines: tuple[Line, ...]
    discounts: tuple[int, ...] = ()
    referred_at: str = ""

    @classmethod
    def of_sale(cls, transaction: Transaction, kind: str = SALE) -> "EarningEvent":
        sale = transaction.to_attribute
        return cls(
            transaction.organization,
            "transaction",
            transaction.id,
            kind,
            sale.occurred_at,
            sale.currency,
            sale.details,
            unlisted_discounts(sale.details, max(0, sale.total)),
            min(sale.referred_at or sale.occurred_at, sale.occurred_at),
        )

    @classmethod
    def of_lead(cls, lead: Lead) -> "EarningEvent":
        return cls(lead.organization, "lead", lead.id, lead.type, lead.occurred_at, None, ())

    @property
    def referred_earlier(self) -> bool:
        """True of the first payment after a free trial."""
        return "" < self.referred_at < self.occurred_at

    @property
    def is_sale(self) -> bool:
        return self.subject == "transaction"
