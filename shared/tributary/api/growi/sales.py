"""One affiliate sale, by its id."""

from tributary.domain.errors import NotFound
from tributary.ledger.earnings.affiliate_sales import AffiliateSale, earned
from tributary.ledger.sales import transactions
from tributary.ledger.store.values import Item

#: The source of all affiliate sales.
SOURCE = "growi"


def item(organization: str, sale_id: int) -> Item:
    """Its transaction as it is stored. NotFound if there is none with this id, or one that is no affiliate sale."""
    found = transactions.get(organization, sale_id)
    if found is None or found["reported"]["source"] != SOURCE or "claimed" not in found["listed"]:
        raise NotFound("id: not found")
    return found


def sale(organization: str, sale_id: int) -> AffiliateSale:
    """It and what it has earned. NotFound as above."""
    return earned(item(organization, sale_id))
