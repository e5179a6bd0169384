"""What leads to an opportunity: an item of the visitor's account at the shop, by its hash, and one of the customer.

Each is set in the transaction that writes the opportunity, and goes on leading to it, or to what that was merged into.
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
    """The place of such an item, and what lay there when it was read."""

    key: Key
    entity: str
    held: Item | None = None

    @property
    def opportunity_id(self) -> int | None:
        return int(self.held["opportunityId"]) if self.held else None

    def set_action(self, opportunity: Opportunity) -> Item:
        """Has it lead to the opportunity, as a part of a transaction, unless somebody has set it meanwhile."""
        pk, sk = self.key
        item = item_header(self.entity, opportunity.organization, (pk, sk))
        item["opportunityId"] = opportunity.id
        if self.held is None:
            return table.put_action(item)
        return table.put_action(item, "opportunityId = :seen", seen=self.opportunity_id)


def of_user(organization: str, user_id: str) -> Link:
    """The link of an account at the shop, not read yet."""
    return Link((f"{organization}#user#{text_digest(user_id)}", "user"), "user")


def of_customer(organization: str, customer_id: int) -> Link:
    """The link of a customer, not read yet."""
    return Link((customer_items.pk(organization, customer_id), customer_items.OPPORTUNITY), "customer-opportunity")
