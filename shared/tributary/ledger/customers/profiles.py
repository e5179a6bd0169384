"""`profile` references of points of sale and senders of messages: a customer's own id (`prof_…`) or an external id.

An unknown external id makes a customer with no other data.
"""

from tributary.domain.customer import is_own, read_spelled
from tributary.domain.errors import Failure, ValidationFailed
from tributary.ledger.customers import customer_items, customers
from tributary.ledger.customers.customers import Identity
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

#: A bare id is the oldest possible report, so that any other data is newer.
_BEFORE_ALL = "0001-01-01T00:00:00.000Z"


def key(organization: str, profile: str) -> Key | None:
    """The key that identifies the customer in one read: the customer or the external id's link; None for an impossible
    id."""
    if not is_own(profile):
        return customer_items.link_key(organization, "externalId", profile)
    customer_id = read_spelled(profile)
    return customer_items.key(organization, customer_id) if customer_id else None


def customer_id(organization: str, profile: str, found: Item | None, field: str) -> int:
    """Resolve a `profile` reference to a customer id from the item at its key.

    Makes a customer for an unknown external id. ValidationFailed, naming `field`, for an unknown own id.
    """
    if is_own(profile):
        if found is None or found["listed"]["status"] == "erased":
            raise ValidationFailed([Failure(field, f"{field} is no profile that is known.", "UNKNOWN")])
        return int(found["listed"]["id"])
    if found is not None:
        return int(found["customerId"])
    made = customers.upsert(organization, Identity(external_id=profile), {}, _BEFORE_ALL, prefer="externalId")
    return made.customer_id
