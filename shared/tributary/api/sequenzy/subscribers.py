"""Customers, read as Sequenzy's subscribers."""

from typing import Any

from tributary.api.sequenzy.responses import subscriber_response
from tributary.domain.errors import NotFound
from tributary.ledger.customers import customers
from tributary.ledger.organization import organization_settings


def subscriber(organization: str, email: str) -> dict[str, Any]:
    """The customer with an e-mail, with order totals per currency, net of refunds if the organization's settings say
    so. NotFound if there is none."""
    item = customers.find(organization, "email", email)
    if item is None:
        raise NotFound("There is no such subscriber.")
    return subscriber_response(item, organization_settings.get(organization)["netRefunds"])
