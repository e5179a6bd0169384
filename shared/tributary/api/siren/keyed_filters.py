"""Filters that map straight to keys: one read or one Query, without a scan of the list."""

from tributary.domain.ids import read_id
from tributary.ledger.customers import customers
from tributary.ledger.earnings import awards
from tributary.ledger.opportunities import engagements
from tributary.ledger.payouts import payouts
from tributary.ledger.refunds import refunds
from tributary.ledger.sales import transaction_items, transactions
from tributary.ledger.store import id_index
from tributary.ledger.store.records import unless_gone
from tributary.ledger.store.values import Item


def by_natural_key(organization: str, source: str, external_id: str) -> list[Item]:
    spellings = {source, source.removesuffix(transaction_items.binding(""))}
    found = [transactions.find(organization, spelling, external_id) for spelling in sorted(spellings)]
    return [item for item in found if item]


def of_conversion(organization: str, conversion_id: str) -> list[Item]:
    """The sale of a conversion; empty for a lead's."""
    number = read_id(conversion_id)
    conversion = id_index.find(organization, awards.CONVERSION, number) if number else None
    transaction_id = conversion["listed"]["transactionId"] if conversion else None
    item = transactions.get(organization, transaction_id) if transaction_id else None
    return [item] if item else []


def of_transaction(organization: str, transaction_id: str) -> list[Item]:
    number = read_id(transaction_id)
    held = awards.of_subject(organization, "transaction", number) if number else {}
    found = (unless_gone(award[awards.CONVERSION]) for award in held.values())
    return [item for item in found if item]


def refunds_of(organization: str, transaction_id: str) -> list[Item]:
    number = read_id(transaction_id)
    return refunds.of_transaction(organization, number) if number else []


def payouts_of(organization: str, fulfillment_id: str) -> list[Item]:
    number = read_id(fulfillment_id)
    return payouts.of_fulfillment(organization, number) if number else []


def of_opportunity(organization: str, opportunity_id: str) -> list[Item]:
    number = read_id(opportunity_id)
    return engagements.of_opportunity(organization, number) if number else []


def by_email(organization: str, email: str) -> list[Item]:
    found = customers.find(organization, "email", email)
    return [found] if found else []


def by_external_id(organization: str, external_id: str) -> list[Item]:
    found = customers.find(organization, "externalId", external_id)
    return [found] if found else []


def by_both(organization: str, email: str, external_id: str) -> list[Item]:
    others = by_external_id(organization, external_id)
    return [item for item in by_email(organization, email) if item in others]
