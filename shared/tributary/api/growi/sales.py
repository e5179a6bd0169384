"""One affiliate sale, by its id."""

from tributary.domain.errors import NotFound
from tributary.ledger.earnings.affiliate_sales import AffiliateSale, earned
from tributary.ledger.sales import transactions
from tributary.ledger.store.values import Item

#: The source of all affiliate sales.
SOURCE = "growi"


def item(organization: str, sale_id: int) -> Item:
    """The stored transaction. NotFound if the id is unknown or is not an affiliate sale's."""
    found = transactions.get(organization, sale_id)
    if found is None or found["reported"]["source"] != SOURCE or "claimed" not in found["listed"]:
        raise NotFound("id: not found")
    return found


def sale(organization: str, sale_id: int) -> AffiliateSale:
    """The sale with its earnings. NotFound as above."""
    return earned(item(organization, sale_id))
