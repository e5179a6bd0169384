"""What answers look like. A resource's shape must have exactly the fields that it shows."""

from typing import Any

from tributary.api.resource import Resource
from tributary.api.siren import resources
from tributary.domain import conversion, customer, program
from tributary.domain.money import MAX_MINOR
from tributary.ledger import event_types

Schema = dict[str, Any]

ID: Schema = {"type": "integer", "minimum": 1, "maximum": MAX_MINOR}
NUMBER: Schema = {"type": "integer", "minimum": -MAX_MINOR, "maximum": MAX_MINOR}
COUNT: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_MINOR}
MONEY: Schema = {**NUMBER, "description": "Minor units."}
TEXT: Schema = {"type": "string"}
TEXTS: Schema = {"type": "array", "items": TEXT}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$"}


def one_of(*names: str) -> Schema:
    return {"type": "string", "enum": list(names)}


def or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]} | (
        {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    )


def listed(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def record(**members: Schema) -> Schema:
    return {"type": "object", "properties": members}


def whole(**members: Schema) -> Schema:
    """A record that always has all its members."""
    return record(**members) | {"required": list(members)}


_DATES = {"dateCreated": MOMENT, "dateModified": MOMENT}

_DETAIL = whole(
    id=ID,
    transactionId=ID,
    name=TEXT,
    description=TEXT,
    type=TEXT,
    value=MONEY,
    quantity=COUNT,
    units=CURRENCY,
    attributes={"type": "object", "additionalProperties": TEXT},
)
_TRANSACTION = record(
    id=ID,
    status=one_of("complete", "refunded", "cancelled"),
    dateCreated=MOMENT,
    details=listed(_DETAIL),
    detailCount=COUNT,
    totalValue=MONEY,
    totalQuantity=COUNT,
    currency=CURRENCY,
    source=or_null(TEXT),
    sourceId=or_null(TEXT),
    customerId=or_null(ID),
)
_REFUND = record(
    id=ID,
    refundId=or_null(TEXT),
    transactionId=or_null(ID),
    status=one_of("applied", "parked"),
    amount=or_null(MONEY),
    currency=or_null(CURRENCY),
    reason=TEXT,
    source=TEXT,
    sourceId=TEXT,
    **_DATES,
)
_AWARD = record(
    base=MONEY,
    reward=MONEY,
    value=MONEY,
    weight=COUNT,
    weights=COUNT,
    incentiveType=one_of(*program.INCENTIVES),
    transactionPercent=or_null(TEXT),
    payout=or_null(COUNT),
    lines={"type": "string", "description": "Positions of the counting lines, as ranges: 0-3,7."},
    clawback=TEXT,
    programVersion=COUNT,
)
_CONVERSION = record(
    id=ID,
    engagementId=ID,
    transactionId=or_null(ID),
    obligationId=or_null(ID),
    type=TEXT,
    status=one_of(*conversion.STATUSES),
    programId=ID,
    collaboratorId=ID,
    value=MONEY,
    currency=CURRENCY,
    award=_AWARD,
    **_DATES,
)
_OBLIGATION = record(
    id=ID,
    collaboratorId=ID,
    awardType=TEXT,
    value=MONEY,
    currency=CURRENCY,
    status=one_of("draft", "pending", "complete", "rejected", "cancelled", "deleted"),
    payoutId=or_null(ID),
    conversionId=ID,
    dueAt=or_null(MOMENT),
    **_DATES,
)
_CALCULATION = record(
    transactionPercent=or_null(TEXT),
    payoutPerTransaction=or_null(COUNT),
    payoutPerProduct=or_null(COUNT),
    payoutPerLead=or_null(COUNT),
    leadRequalificationDays=or_null(COUNT),
    activeConversionTypes=TEXTS,
    autoApprove=FLAG,
)
_FILTERS = record(withTypes=TEXTS, inCategories=TEXTS, withSkus=TEXTS, collaboratorOwned=FLAG)
_PROGRAM = record(
    id=ID,
    name=TEXT,
    description=TEXT,
    incentiveType=one_of(*program.INCENTIVES),
    incentiveResolverType=one_of(*program.RESOLVERS),
    status=one_of(*program.STATUSES),
    units=CURRENCY,
    engagementTypes={"type": "object", "additionalProperties": whole(value=TEXT)},
    transactionCompilers=listed(one_of(*program.COMPILERS)),
    lineItemFilters=_FILTERS,
    incentiveCalculation=_CALCULATION,
    expirationDays=COUNT,
    programGroupId=or_null(ID),
    clawback=TEXT,
    poolRemainder=one_of(*program.POOL_REMAINDERS),
    version=COUNT,
    **_DATES,
)
_COLLABORATOR = record(
    id=ID,
    fullName=TEXT,
    nickname=TEXT,
    email=or_null(TEXT),
    userId=or_null(TEXT),
    status=one_of("active", "inactive", "pending", "rejected"),
    referralCode=or_null(TEXT),
    aliases=listed(whole(type=TEXT, code=TEXT, issuedDate=MOMENT)),
    programs=listed(ID),
    **_DATES,
)
_TOTALS = whole(
    currency=CURRENCY,
    ordersCount=COUNT,
    totalSpent=MONEY,
    refundedTotal=MONEY,
    netSpent=MONEY,
    aov=MONEY,
    ltv=MONEY,
)
_CUSTOMER = record(
    id=ID,
    status=one_of(*customer.STATUSES),
    **{name: or_null(TEXT) for name in customer.PERSONAL},
    attributes={"type": "object"},
    totals=listed(_TOTALS),
    **_DATES,
)
_API_KEY = record(
    id=ID,
    keyPrefix=TEXT,
    label=TEXT,
    status=one_of("active", "revoked"),
    scopes=TEXTS,
    source=or_null(TEXT),
    dateCreated=MOMENT,
    createdAt=MOMENT,
    expiresAt=or_null(MOMENT),
    lastUsedAt=or_null(MOMENT),
    revokedAt=or_null(MOMENT),
    propertyId={"type": "null"},
)
_EVENT_SOURCE = record(id=ID, account=TEXT, source=TEXT, dateCreated=MOMENT)
_EVENT_TYPE = record(id=ID, slug=TEXT, action=one_of(*event_types.ACTIONS), name=TEXT, dateCreated=MOMENT)
_PROGRAM_GROUP = record(
    id=ID,
    name=TEXT,
    description=TEXT,
    sorter=one_of(*program.SORTERS),
    programs=listed(ID),
    **_DATES,
)
_OPPORTUNITY = record(
    id=ID,
    userId=or_null(TEXT),
    status=one_of("active", "inactive", "invalid"),
    **_DATES,
)
_ENGAGEMENT = record(
    id=ID,
    opportunityId=ID,
    programId=ID,
    collaboratorId=ID,
    score=COUNT,
    status=one_of("active", "complete", "invalid"),
    **_DATES,
)
_CANDIDATE = record(
    engagementId=ID,
    programId=ID,
    collaboratorId=ID,
    score=COUNT,
    outcome=one_of("won", "lost"),
    reason=TEXT,
    explanation=TEXT,
    award=or_null(_AWARD),
    **_DATES,
)
_PROGRAM_THEN = whole(
    id=ID,
    version=COUNT,
    status=one_of(*program.STATUSES),
    units=CURRENCY,
    incentiveType=one_of(*program.INCENTIVES),
    incentiveResolverType=one_of(*program.RESOLVERS),
    transactionPercent=or_null(TEXT),
    payout=or_null(COUNT),
    transactionCompilers=listed(one_of(*program.COMPILERS)),
    lineItemFilters=or_null(_FILTERS),
    programGroupId=or_null(ID),
    expirationDays=COUNT,
    autoApprove=FLAG,
    poolRemainder=one_of(*program.POOL_REMAINDERS),
    clawback=TEXT,
)
_DECISION = record(
    transactionId=ID,
    status=one_of("decided", "pending"),
    reason=or_null(TEXT),
    summary=TEXT,
    opportunityId=or_null(ID),
    occurredAt=MOMENT,
    decidedAt=MOMENT,
    currency=CURRENCY,
    candidates=listed(_CANDIDATE),
    programs=listed(_PROGRAM_THEN),
)
_ATTRIBUTION = {**_DECISION, "properties": {**_DECISION["properties"], "credits": listed(_DECISION)}}
_VISIT_STATUSES = ("attributed", "recorded", "not_attributed")

#: Shapes of resources: their lists take the resource's filters, and `fields` chooses among its fields.
RESOURCES: dict[str, tuple[Resource, Schema]] = {
    "Transaction": (resources.TRANSACTIONS, _TRANSACTION),
    "Refund": (resources.REFUNDS, _REFUND),
    "Conversion": (resources.CONVERSIONS, _CONVERSION),
    "Obligation": (resources.OBLIGATIONS, _OBLIGATION),
    "Program": (resources.PROGRAMS, _PROGRAM),
    "Collaborator": (resources.COLLABORATORS, _COLLABORATOR),
    "Customer": (resources.CUSTOMERS, _CUSTOMER),
    "EventSource": (resources.EVENT_SOURCES, _EVENT_SOURCE),
    "EventType": (resources.EVENT_TYPES, _EVENT_TYPE),
    "ProgramGroup": (resources.PROGRAM_GROUPS, _PROGRAM_GROUP),
    "Opportunity": (resources.OPPORTUNITIES, _OPPORTUNITY),
    "Engagement": (resources.ENGAGEMENTS, _ENGAGEMENT),
    "ApiKey": (resources.API_KEYS, _API_KEY),
}
#: What events answer to those who prefer a representation.
EVENTS: dict[str, Schema] = {
    "SaleAnswer": whole(
        status=one_of("created", "duplicate"),
        created=FLAG,
        transactionId=ID,
        opportunityId=ID,
        conversions=listed(ID),
        message=TEXT,
    ),
    "RefundAnswer": whole(
        status=one_of("refunded"), transactionId=ID, opportunityId=or_null(ID), refunded=MONEY, message=TEXT
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
OTHERS: dict[str, Schema] = {
    "Attribution": _ATTRIBUTION,
    "Choice": whole(id=TEXT, name=TEXT),
    "ReferralCode": whole(code=TEXT),
    "Source": whole(id=TEXT, name=TEXT),
    "Settings": whole(netRefunds=FLAG),
    "Affected": whole(success={"const": True}, affected=COUNT),
    "NewApiKey": whole(**_API_KEY["properties"], rawKey={"type": "string", "description": "Shown once."}),
}


def schemas() -> dict[str, Schema]:
    """All of them by name; an error if a resource shows other fields than its shape has."""
    for name, (resource, shape) in RESOURCES.items():
        if set(shape["properties"]) != set(resource.fields):
            raise LookupError(f"{name} differs: {set(shape['properties']) ^ set(resource.fields)}")
    return {name: shape for name, (_, shape) in RESOURCES.items()} | EVENTS | OTHERS
