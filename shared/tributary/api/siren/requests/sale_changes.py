"""Edits of sales as shops report them."""

from tributary.api.http.fields import Identifier, PastMoment
from tributary.api.siren.requests.sales import SaleContent
from tributary.domain.transaction import Change
from tributary.ledger.sales.changes import Edit


class SaleChangeReport(SaleContent):
    """A sale as edited later, before refunds. The referral, the moment and the currency stay those of the sale."""

    tracking_id: Identifier | None = None
    changed_at: PastMoment

    @property
    def is_dated(self) -> bool:
        return False

    def to_edit(self, now: str) -> Edit:
        """The edit in minor units. ValidationFailed for amounts too large in their currency."""
        sale = self.as_sale(now)
        change = Change.of_version(self.changed_at, sale.total, sale.lines)
        return Edit(self.source, self.external_id, self.currency, change, self.tracking_id)
