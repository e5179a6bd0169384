"""The answers of Siren's calls, by the names in the routes. A resource's shape has exactly the resource's fields."""

from openapi import hook_records, records
from openapi.schema import COUNT, FLAG, ID, MONEY, TEXT, Schema, listed, one_of, or_null, record, whole
from tributary.api.lists.resource import Resource
from tributary.api.siren import resources
from tributary.domain import payable, webhooks
from tributary.payments import methods

_VISIT_STATUSES = ("attributed", "recorded", "not_attributed")
#: Shapes of resources: their lists take the resource's filters, and `fields` chooses among its fields.
RESOURCES: dict[str, tuple[Resource, Schema]] = {
    "Transaction": (resources.TRANSACTIONS, records.TRANSACTION),
    "Refund": (resources.REFUNDS, records.REFUND),
    "Conversion": (resources.CONVERSIONS, records.CONVERSION),
    "Obligation": (resources.OBLIGATIONS, records.OBLIGATION),
    "Fulfillment": (resources.FULFILLMENTS, records.FULFILLMENT),
    "Payout": (resources.PAYOUTS, records.PAYOUT),
    "Proof": (resources.PROOFS, records.PROOF),
    "Distributor": (resources.DISTRIBUTORS, records.DISTRIBUTOR),
    "Distribution": (resources.DISTRIBUTIONS, records.DISTRIBUTION),
    "Audit": (resources.AUDIT, records.AUDIT),
    "Program": (resources.PROGRAMS, records.PROGRAM),
    "Collaborator": (resources.COLLABORATORS, records.COLLABORATOR),
    "Customer": (resources.CUSTOMERS, records.CUSTOMER),
    "EventSource": (resources.EVENT_SOURCES, records.EVENT_SOURCE),
    "EventType": (resources.EVENT_TYPES, records.EVENT_TYPE),
    "ProgramGroup": (resources.PROGRAM_GROUPS, records.PROGRAM_GROUP),
    "Opportunity": (resources.OPPORTUNITIES, records.OPPORTUNITY),
    "Engagement": (resources.ENGAGEMENTS, records.ENGAGEMENT),
    "ApiKey": (resources.API_KEYS, records.API_KEY),
    "Webhook": (resources.WEBHOOKS, hook_records.WEBHOOK),
    "WebhookDelivery": (resources.WEBHOOK_DELIVERIES, hook_records.WEBHOOK_DELIVERY),
    "Connection": (resources.CONNECTIONS, hook_records.CONNECTION),
    "ConnectionDelivery": (resources.CONNECTION_DELIVERIES, hook_records.CONNECTION_DELIVERY),
}
#: Answers to events when a representation is preferred.
EVENTS: dict[str, Schema] = {
    "SaleAnswer": whole(
        status=one_of("created", "duplicate"),
        created=FLAG,
        transactionId=ID,
        opportunityId=or_null(ID),
        conversions=listed(ID),
        message=TEXT,
    ),
    "ChangeAnswer": whole(
        status=one_of("changed", "duplicate"), transactionId=ID, opportunityId=or_null(ID), message=TEXT
    ),
    "RefundAnswer": whole(
        status=one_of("refunded", "withdrawn"),
        transactionId=ID,
        opportunityId=or_null(ID),
        refunded=MONEY,
        message=TEXT,
    ),
    "VisitAnswer": whole(
        status=one_of(*_VISIT_STATUSES),
        attributed=FLAG,
        opportunityId=or_null(ID),
        message=TEXT,
        reason=or_null(TEXT),
    ),
    "LeadAnswer": record(
        status=one_of("recorded", *_VISIT_STATUSES),
        leadId=ID,
        attributed=FLAG,
        opportunityId=or_null(ID),
        message=TEXT,
        reason=or_null(TEXT),
    ),
}
_NEW_KEY = whole(**records.API_KEY["properties"], rawKey={"type": "string", "description": "Shown once."})
_NEW_KEY["properties"] |= {"message": {**TEXT, "description": "Of a key made without scopes: it reads nothing."}}
_SECRET: Schema = {"type": "string", "description": "Shown once."}
_PART = whole(collaboratorId=ID, currency=records.CURRENCY, value=MONEY, obligationCount=COUNT)
OTHERS: dict[str, Schema] = {
    "NewWebhook": whole(**hook_records.WEBHOOK["properties"], signingSecret=_SECRET),
    "NewConnection": record(**hook_records.CONNECTION["properties"], secret=_SECRET),
    "Reconciled": hook_records.RECONCILED,
    "EventName": one_of(webhooks.ALL, *webhooks.NAMES),
    "TestSend": whole(success=FLAG, status=or_null(COUNT), milliseconds=COUNT, error=or_null(TEXT)),
    "Replayed": whole(
        success={"const": True},
        affected=COUNT,
        next=or_null({**TEXT, "description": "Goes into `from` of the next part."}),
    ),
    "Attribution": records.ATTRIBUTION,
    "Explanation": records.EXPLANATION,
    "Choice": whole(id=TEXT, name=TEXT),
    "ReferralCode": whole(code=TEXT),
    "Source": whole(id=TEXT, name=TEXT),
    "Settings": whole(
        netRefunds=FLAG,
        minimumPayout={"type": "object", "additionalProperties": COUNT},
        payoutMethod=or_null(TEXT),
    ),
    "Affected": whole(success={"const": True}, affected=COUNT, skipped=listed(whole(id=ID, reason=TEXT))),
    "NewApiKey": _NEW_KEY,
    "Preview": whole(
        previewId=ID,
        complete=FLAG,
        payouts=listed(_PART),
        leftOut=listed(whole(**_PART["properties"], reason=one_of(*payable.REASONS))),
    ),
    "Statement": records.STATEMENT,
    "Statistics": records.STATISTICS,
    "Metric": records.METRIC,
    "Reconciliation": records.RECONCILIATION,
    "Simulation": records.SIMULATION,
    "PayoutSettings": whole(
        collaboratorId=ID,
        method=or_null(record(type=one_of(*methods.TYPES), last4=or_null(TEXT))),
        minimumPayout={"type": "object", "additionalProperties": COUNT},
    ),
    "Payer": record(sepa=or_null(record()), ach=or_null(record()), wise=or_null(record())),
    "PaymentFile": records.PAYMENT_FILE,
    "PaymentFiles": whole(
        executionDate=TEXT,
        files=listed(records.PAYMENT_FILE),
        refused=listed(whole(payoutId=ID, field=TEXT, reason=TEXT)),
        byHand=listed(ID),
        paidBefore=listed(ID),
    ),
    "Download": {"type": "string"},
    "Results": whole(
        success={"const": True},
        affected=COUNT,
        skipped=listed(whole(id=ID, reason=TEXT)),
        waiting=listed(ID),
        errors=listed(whole(row=COUNT, field=TEXT, reason=TEXT)),
    ),
    "Export": whole(
        success={"const": True},
        csv=TEXT,
        filename=TEXT,
        exported=COUNT,
        marked=COUNT,
        paidBefore=listed(ID),
        skipped=listed(whole(id=ID, reason=TEXT)),
    ),
}


def schemas() -> dict[str, Schema]:
    """All shapes by name; an error if a resource and its shape differ in fields."""
    for name, (resource, shape) in RESOURCES.items():
        if set(shape["properties"]) != set(resource.fields):
            raise LookupError(f"{name} differs: {set(shape['properties']) ^ set(resource.fields)}")
    return {name: shape for name, (_, shape) in RESOURCES.items()} | EVENTS | OTHERS
