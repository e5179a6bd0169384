"""The resources of the Siren surface: their fields, filters and orders."""

from typing import Any

from tributary.api.lists.resource import (
    Keyed,
    Listed,
    Resource,
    contains,
    equals,
    equals_in_any_case,
    found_by_key,
    status,
)
from tributary.api.siren import keyed_filters
from tributary.domain import times
from tributary.domain.customer import PERSONAL
from tributary.domain.ids import cause_id
from tributary.ledger.connections import connections
from tributary.ledger.connections import deliveries as connection_deliveries
from tributary.ledger.customers import customer_items
from tributary.ledger.distributions import distributions, distributors
from tributary.ledger.earnings import awards
from tributary.ledger.opportunities import engagements, opportunities
from tributary.ledger.organization import api_keys, event_sources, event_types
from tributary.ledger.payouts import fulfillment_items, payouts, proofs
from tributary.ledger.programs import collaborators, program_groups, programs
from tributary.ledger.refunds import refund_items
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import audit
from tributary.ledger.store.values import Item
from tributary.ledger.webhooks import deliveries, subscriptions


def _details(item: Item) -> list[dict[str, Any]]:
    """The line items, each with an id made of the transaction and the line's position."""
    transaction = transaction_items.of_item(item)
    return [
        {
            "id": cause_id(transaction.organization, "detail", transaction.id, place),
            "transactionId": transaction.id,
            "name": line.name,
            "description": line.description,
            "type": line.type,
            "value": line.value,
            "quantity": line.quantity,
            "units": transaction.sale.currency,
            "attributes": dict(line.attributes),
        }
        for place, line in enumerate(transaction.sale.details)
    ]


def _source(listed: Listed, wanted: str) -> bool:
    """A source by its own name or by its binding type."""
    return listed["source"] in (wanted, transaction_items.binding(wanted))


def _in_program(listed: Listed, wanted: str) -> bool:
    return wanted in map(str, listed["programs"])


def _of_customer(listed: Listed, wanted: str) -> bool:
    """Sales without a known buyer have no customer."""
    return "customerId" in listed and str(listed["customerId"]) == wanted


def _key_status(listed: Listed) -> str:
    return api_keys.status_of(listed, times.now())


TRANSACTIONS = Resource(
    kind=transaction_items.KIND,
    core=("id", "status", "dateCreated"),
    extended=("details", "detailCount", "totalValue", "totalQuantity", "currency", "source", "sourceId", "customerId"),
    filters={
        "status": status,
        "source": _source,
        "sourceId": equals("sourceId"),
        "conversionId": found_by_key,
        "customerId": _of_customer,
    },
    from_item={"details": _details},
    order_by=("status",),
    keyed=(
        Keyed(("conversionId",), keyed_filters.of_conversion),
        Keyed(("source", "sourceId"), keyed_filters.by_natural_key),
    ),
    parents=("customerId",),
)
REFUNDS = Resource(
    kind=refund_items.KIND,
    core=(
        "id", "refundId", "transactionId", "status", "amount", "currency", "reason", "source", "sourceId",
        "dateCreated", "dateModified",
    ),
    filters={"status": status, "source": _source}
    | {name: equals(name) for name in ("sourceId", "transactionId", "refundId")},
    keyed=(Keyed(("transactionId",), keyed_filters.refunds_of),),
)  # fmt: skip
CONVERSIONS = Resource(
    kind=awards.CONVERSION,
    core=(
        "id", "engagementId", "transactionId", "obligationId", "type", "status", "programId", "collaboratorId",
        "value", "currency", "award", "dateCreated", "dateModified",
    ),
    filters={"status": status}
    | {name: equals(name) for name in ("type", "programId", "collaboratorId", "transactionId")},
    keyed=(Keyed(("transactionId",), keyed_filters.of_transaction),),
    hides_deleted=True,
)  # fmt: skip
OBLIGATIONS = Resource(
    kind=awards.OBLIGATION,
    core=(
        "id", "collaboratorId", "awardType", "value", "currency", "status", "payoutId", "conversionId",
        "transactionId", "dueAt", "dateCreated", "dateModified",
    ),
    filters={"status": status} | {name: equals(name) for name in ("collaboratorId", "awardType", "payoutId")},
    order_by=("collaboratorId", "status", "awardType", "value"),
    parents=("collaboratorId",),
)  # fmt: skip
FULFILLMENTS = Resource(
    kind=fulfillment_items.KIND,
    core=(
        "id", "status", "payoutCount", "totalValue", "currency", "totals", "generating", "leftOut", "reason",
        "dateCreated", "dateModified",
    ),
    filters={"status": status},
    from_listed={
        "totalValue": lambda listed: fulfillment_items.summary(listed)[1],
        "currency": lambda listed: fulfillment_items.summary(listed)[0],
    },
)  # fmt: skip
PAYOUTS = Resource(
    kind=payouts.KIND,
    core=(
        "id", "collaboratorId", "fulfillmentId", "value", "currency", "status", "method", "obligationCount",
        "reference", "reason", "datePaid", "dateCreated", "dateModified",
    ),
    filters={"status": status} | {name: equals(name) for name in ("fulfillmentId", "collaboratorId", "currency")},
    order_by=("fulfillmentId", "collaboratorId", "status", "value", "currency"),
    keyed=(Keyed(("fulfillmentId",), keyed_filters.payouts_of),),
    parents=("collaboratorId",),
)  # fmt: skip
AUDIT = Resource(
    kind=audit.KIND,
    core=("id", "actorId", "requestId", "record", "recordId", "action", "changes", "status", "dateCreated"),
    filters={"actor": equals("actorId"), "record": equals("record"), "recordId": equals("recordId")},
)  # fmt: skip
PROOFS = Resource(
    kind=proofs.KIND,
    core=(
        "id", "status", "payouts", "obligations", "paid", "disagreements", "records", "dateCreated", "dateModified",
    ),
    filters={"status": status},
)  # fmt: skip
DISTRIBUTORS = Resource(
    kind=distributors.KIND,
    core=(
        "id", "name", "description", "status", "revenuePercentage", "units", "transactionCompilers", "lineItemFilters",
        "collaborators", "resolver", "poolRemainder", "period", "clawback", "version", "dateCreated", "dateModified",
    ),
    filters={"status": status, "s": contains("name", "description"), "units": equals("units")},
    order="ASC",
)  # fmt: skip
DISTRIBUTIONS = Resource(
    kind=distributions.KIND,
    core=(
        "id", "distributorId", "periodStart", "periodEnd", "status", "sales", "grossRevenue", "revenue",
        "revenuePercentage", "pool", "allocated", "currency", "allocations", "dateCreated", "dateModified",
    ),
    filters={"status": status, "distributorId": equals("distributorId")},
    from_item={"allocations": distributions.shown},
    parents=("distributorId",),
)  # fmt: skip
PROGRAMS = Resource(
    kind=programs.KIND,
    core=(
        "id", "name", "description", "incentiveType", "incentiveResolverType", "status", "units", "engagementTypes",
        "transactionCompilers", "lineItemFilters", "incentiveCalculation", "expirationDays", "programGroupId",
        "holdingDays", "minimumPayout", "clawback", "poolRemainder", "version", "dateCreated", "dateModified",
    ),
    filters={"status": status, "s": contains("name", "description")}
    | {name: equals(name) for name in ("incentiveType", "incentiveResolverType", "units", "programGroupId")},
    order="ASC",
    from_listed={"holdingDays": lambda listed: listed.get("holdingDays", 0)},
    hides_deleted=True,
)  # fmt: skip
COLLABORATORS = Resource(
    kind=collaborators.KIND,
    core=(
        "id", "fullName", "nickname", "email", "userId", "status", "referralCode", "aliases", "programs",
        "dateCreated", "dateModified",
    ),
    filters={
        "status": status,
        "programId": _in_program,
        "s": contains("fullName", "nickname", "email"),
        **{name: equals(name) for name in ("fullName", "nickname")},
        "email": equals_in_any_case("email"),
    },
    order="ASC",
    hides_deleted=True,
)  # fmt: skip
CUSTOMERS = Resource(
    kind=customer_items.KIND,
    core=("id", "status", *PERSONAL, "attributes", "totals", "dateCreated", "dateModified"),
    filters={"status": status, "email": found_by_key, "externalId": found_by_key},
    keyed=(
        Keyed(("email", "externalId"), keyed_filters.by_both),
        Keyed(("email",), keyed_filters.by_email),
        Keyed(("externalId",), keyed_filters.by_external_id),
    ),
)
PROGRAM_GROUPS = Resource(
    kind=program_groups.KIND,
    core=("id", "name", "description", "sorter", "programs", "dateCreated", "dateModified"),
    filters={"sorter": equals("sorter"), "s": contains("name", "description")},
    order="ASC",
)
OPPORTUNITIES = Resource(
    kind=opportunities.KIND,
    core=("id", "userId", "status", "dateCreated", "dateModified"),
    filters={"status": status, "userId": equals("userId")},
)
ENGAGEMENTS = Resource(
    kind=engagements.KIND,
    core=(
        "id", "opportunityId", "programId", "collaboratorId", "score", "status", "dateCreated", "dateModified",
    ),
    filters={"status": status} | {name: equals(name) for name in ("collaboratorId", "programId", "opportunityId")},
    keyed=(Keyed(("opportunityId",), keyed_filters.of_opportunity),),
)  # fmt: skip
EVENT_SOURCES = Resource(kind=event_sources.KIND, core=("id", "account", "source", "onlySource", "dateCreated"))
EVENT_TYPES = Resource(kind=event_types.KIND, core=("id", "slug", "action", "name", "dateCreated"), order="ASC")
API_KEYS = Resource(
    kind=api_keys.KIND,
    core=(
        "id", "keyPrefix", "label", "status", "scopes", "source", "dateCreated", "createdAt", "expiresAt", "lastUsedAt",
        "revokedAt", "propertyId",
    ),
    filters={"status": lambda listed, wanted: _key_status(listed) == wanted},
    default_size=200,
    from_listed={"status": _key_status},
)  # fmt: skip
WEBHOOKS = Resource(
    kind=subscriptions.KIND,
    core=(
        "id", "targetUrl", "description", "events", "status", "pausedReason", "rotatedAt", "dateCreated",
        "dateModified", "createdAt", "propertyId",
    ),
    filters={"status": status},
    default_size=200,
)  # fmt: skip
WEBHOOK_DELIVERIES = Resource(
    kind=deliveries.KIND,
    core=("id", "webhookId", "type", "status", "attempts", "nextAttemptAt", "dateCreated", "dateModified"),
    filters={"status": status, "type": equals("type")},
)
CONNECTIONS = Resource(
    kind=connections.KIND,
    core=("id", "vendor", "label", "source", "status", "url", "hasSecret", "settings", "dateCreated", "dateModified"),
    filters={"status": status, "vendor": equals("vendor")},
    order="ASC",
)
CONNECTION_DELIVERIES = Resource(
    kind=connection_deliveries.KIND,
    core=("id", "connectionId", "topic", "outcome", "orderId", "refundId", "transactionId", "dateCreated"),
    filters={"topic": equals("topic")},
)
