"""Whom a `profile` means, as points of sale and senders of messages name buyers: a customer's spelled id (`prof_…`), or
an external id, which makes a customer of whom nothing else is known."""

from tributary.domain.customer import is_own, read_spelled
from tributary.domain.errors import Failure, ValidationFailed
from tributary.ledger.customers import customer_items, customers
from tributary.ledger.customers.customers import Identity
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

#: A light profile says nothing but the id, so whatever else is said of it is later.
_BEFORE_ALL = "0001-01-01T00:00:00.000Z"


def key(organization: str, profile: str) -> Key | None:
    """What tells who it is, in one read: the customer, or the link that an external id has to it; None for an id that
    nobody can have."""
    if not is_own(profile):
        return customer_items.link_key(organization, "externalId", profile)
    customer_id = read_spelled(profile)
    return customer_items.key(organization, customer_id) if customer_id else None


def customer_id(organization: str, profile: str, found: Item | None, field: str) -> int:
    """The customer, by what lies at the key; ValidationFailed, with the field's name, for an unknown id of Tributary's
    own. An unknown external id makes one."""
    if is_own(profile):
        if found is None or found["listed"]["status"] == "erased":
            raise ValidationFailed([Failure(field, f"{field} is no profile that is known.", "UNKNOWN")])
        return int(found["listed"]["id"])
    if found is not None:
        return int(found["customerId"])
    return customers.upsert(organization, Identity(external_id=profile), {}, _BEFORE_ALL, prefer="externalId")
