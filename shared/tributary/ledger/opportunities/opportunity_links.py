"""Links to opportunities: one item per shop account, by hash, and one per customer.

A link is set in the transaction that writes its opportunity, and then always leads to that or to its merge target.
"""

from dataclasses import dataclass

from tributary.domain.ids import text_digest
from tributary.domain.opportunity import Opportunity
from tributary.ledger.customers import customer_items
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item


@dataclass(frozen=True)
class Link:
    """The key of a link, and the item read there."""

    key: Key
    entity: str
    held: Item | None = None

    @property
    def opportunity_id(self) -> int | None:
        return int(self.held["opportunityId"]) if self.held else None

    def set_action(self, opportunity: Opportunity) -> Item:
        """Transaction action: points the link at the opportunity if it is unchanged since read."""
        pk, sk = self.key
        item = item_header(self.entity, opportunity.organization, (pk, sk))
        item["opportunityId"] = opportunity.id
        if self.held is None:
            return table.put_action(item)
        return table.put_action(item, "opportunityId = :seen", seen=self.opportunity_id)


def of_user(organization: str, user_id: str) -> Link:
    """The unread link of an account at the shop."""
    return Link((f"{organization}#user#{text_digest(user_id)}", "user"), "user")


def of_customer(organization: str, customer_id: int) -> Link:
    """The unread link of a customer."""
    return Link((customer_items.pk(organization, customer_id), customer_items.OPPORTUNITY), "customer-opportunity")
