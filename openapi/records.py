"""The records of the ledger as Siren's calls show them."""

from openapi.schema import COUNT, CURRENCY, FLAG, ID, MOMENT, MONEY, TEXT, TEXTS, listed, one_of, or_null, record, whole
from tributary.domain import (
    audit,
    clawback,
    codes,
    conversion,
    customer,
    distribution,
    distributor,
    obligation,
    program,
    simulation,
    statistics,
)
from tributary.domain.incentives import INCENTIVES, PERCENT
from tributary.ledger.organization import event_types
from tributary.ledger.payouts import fulfillment_items, payouts, proofs, statements
from tributary.ledger.programs import collaborators
from tributary.ledger.statistics import rows

DATES = {"dateCreated": MOMENT, "dateModified": MOMENT}

DETAIL = whole(
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
TRANSACTION = record(
    id=ID,
    status=one_of("complete", "refunded", "cancelled"),
    dateCreated=MOMENT,
    details=listed(DETAIL),
    detailCount=COUNT,
    totalValue=MONEY,
    totalQuantity=COUNT,
    currency=CURRENCY,
    source=or_null(TEXT),
    sourceId=or_null(TEXT),
    customerId=or_null(ID),
)
REFUND = record(
    id=ID,
    refundId=or_null(TEXT),
    transactionId=or_null(ID),
    status=one_of("applied", "parked", "refused", "withdrawn"),
    amount=or_null(MONEY),
    currency=or_null(CURRENCY),
    reason=TEXT,
    source=TEXT,
    sourceId=TEXT,
    **DATES,
)
AWARD = record(
    base=MONEY,
    reward=MONEY,
    value=MONEY,
    weight=COUNT,
    weights=COUNT,
    incentiveType=one_of(*INCENTIVES),
    transactionPercent=or_null(TEXT),
    payout=or_null(COUNT),
    lines={"type": "string", "description": "Positions of the counting lines, as ranges: 0-3,7."},
    clawback=one_of(*clawback.CLAWBACKS),
    holdingDays=COUNT,
    programVersion=COUNT,
)
CONVERSION = record(
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
    award=AWARD,
    **DATES,
)
OBLIGATION = record(
    id=ID,
    collaboratorId=ID,
    awardType=TEXT,
    value=MONEY,
    currency=CURRENCY,
    status=one_of(*obligation.STATUSES),
    payoutId=or_null(ID),
    conversionId=or_null(ID),
    transactionId=or_null(ID),
    dueAt=or_null(MOMENT),
    **DATES,
)
FULFILLMENT = record(
    id=ID,
    status=one_of(*fulfillment_items.STATUSES),
    payoutCount=COUNT,
    totalValue=or_null(MONEY),
    currency=or_null(CURRENCY),
    totals={"type": "object", "additionalProperties": MONEY},
    generating=FLAG,
    leftOut=COUNT,
    reason=or_null(TEXT),
    **DATES,
)
PAYOUT = record(
    id=ID,
    collaboratorId=ID,
    fulfillmentId=ID,
    value=MONEY,
    currency=CURRENCY,
    status=one_of(*payouts.STATUSES),
    method=or_null(TEXT),
    obligationCount=COUNT,
    reference=or_null(TEXT),
    reason=or_null(TEXT),
    datePaid=or_null(MOMENT),
    **DATES,
)
AUDIT = record(
    id=ID,
    actorId=ID,
    requestId=TEXT,
    record=one_of(*sorted(audit.AUDITED)),
    recordId=or_null(ID),
    action=one_of("created", "changed", "deleted"),
    changes=TEXTS,
    status=or_null(TEXT),
    dateCreated=MOMENT,
)
_BOTH = whole(here={"type": ["string", "integer", "null"]}, there={"type": ["string", "integer", "null"]})
RECONCILIATION = whole(
    compared=COUNT,
    agreeing=COUNT,
    differing=listed(whole(id=TEXT, transactionId=ID, fields={"type": "object", "additionalProperties": _BOTH})),
    missingHere=TEXTS,
    missingThere=listed(
        whole(id=TEXT, transactionId=ID, totalValue=MONEY, currency=CURRENCY, status=TEXT, dateCreated=MOMENT)
    ),
    cursor=or_null(TEXT),
)
_EARNED = listed(whole(collaboratorId=ID, programId=ID, value=MONEY))
SIMULATION = whole(
    programId=ID,
    sales=COUNT,
    left={"type": "object", "propertyNames": one_of(*simulation.LEFT), "additionalProperties": COUNT},
    collaborators=listed(whole(collaboratorId=ID, currency=CURRENCY, before=MONEY, after=MONEY, difference=MONEY)),
    changed=listed(whole(transactionId=ID, currency=CURRENCY, before=_EARNED, after=_EARNED)),
    changedCount=COUNT,
    cursor=or_null(TEXT),
)
PAYMENT_FILE = whole(
    name=TEXT,
    mediaType=TEXT,
    method=TEXT,
    currency=CURRENCY,
    rows=COUNT,
    controlSum=TEXT,
    total=MONEY,
    sha256=TEXT,
)
PROOF = record(
    id=ID,
    status=one_of(*proofs.STATUSES),
    payouts=COUNT,
    obligations=COUNT,
    paid={"type": "object", "additionalProperties": MONEY},
    disagreements=COUNT,
    records=listed(whole(record=one_of("payout", "obligation"), id=ID, reasons=TEXTS)),
    **DATES,
)
STATEMENT = whole(
    collaboratorId=ID,
    balances=listed(whole(currency=CURRENCY, opening=MONEY, earned=COUNT, reversed=COUNT, paid=COUNT, closing=MONEY)),
    lines=listed(
        record(
            date=MOMENT,
            kind=one_of(statements.EARNED, statements.REVERSED, statements.PAID, statements.ELSEWHERE),
            record=one_of("obligation", "payout"),
            id=ID,
            transactionId=or_null(ID),
            value=MONEY,
            currency=CURRENCY,
        )
    ),
)
_SUMS = listed(whole(currency=CURRENCY, count={"type": "integer"}, value=MONEY))
#: Figures are there as far as the key may read them.
STATISTICS = whole(
    by=one_of(*statistics.SPANS),
    timeZone={"const": "UTC"},
    more=FLAG,
    rows=listed(
        {
            **whole(
                **{"from": MOMENT, "to": MOMENT},
                status=one_of(*rows.STATUSES),
                **dict.fromkeys(statistics.FIGURES, _SUMS),
            ),
            "required": ["from", "to", "status"],
        }
    ),
)
CALCULATION = record(
    **{it.setting: or_null(TEXT if it.setting == PERCENT else COUNT) for it in INCENTIVES.values()},
    leadRequalificationDays=or_null(COUNT),
    activeConversionTypes=TEXTS,
    autoApprove=FLAG,
)
LINE_ITEM_FILTERS = record(withTypes=TEXTS, inCategories=TEXTS, withSkus=TEXTS, collaboratorOwned=FLAG)
PROGRAM = record(
    id=ID,
    name=TEXT,
    description=TEXT,
    incentiveType=one_of(*INCENTIVES),
    incentiveResolverType=one_of(*program.RESOLVERS),
    status=one_of(*program.STATUSES),
    units=CURRENCY,
    engagementTypes={"type": "object", "additionalProperties": whole(value=TEXT)},
    transactionCompilers=listed(one_of(*program.COMPILERS)),
    lineItemFilters=LINE_ITEM_FILTERS,
    incentiveCalculation=CALCULATION,
    expirationDays=COUNT,
    programGroupId=or_null(ID),
    holdingDays=COUNT,
    minimumPayout=or_null(COUNT),
    clawback=one_of(*clawback.CLAWBACKS),
    poolRemainder=one_of(*program.POOL_REMAINDERS),
    version=COUNT,
    **DATES,
)
DISTRIBUTOR = record(
    id=ID,
    name=TEXT,
    description=TEXT,
    status=one_of(*distributor.STATUSES),
    revenuePercentage=TEXT,
    units=CURRENCY,
    transactionCompilers=listed(one_of(*program.COMPILERS)),
    lineItemFilters=LINE_ITEM_FILTERS,
    collaborators=listed(ID),
    resolver=one_of(*distributor.RESOLVERS),
    poolRemainder=one_of(*program.POOL_REMAINDERS),
    period=one_of(*distributor.PERIODS),
    clawback=TEXT,
    version=COUNT,
    **DATES,
)
ALLOCATION = whole(id=ID, collaboratorId=ID, score=COUNT, value=MONEY, currency=CURRENCY, obligationId=or_null(ID))
DISTRIBUTION = record(
    id=ID,
    distributorId=ID,
    periodStart=MOMENT,
    periodEnd=MOMENT,
    status=one_of(*distribution.STATUSES),
    sales=COUNT,
    grossRevenue=MONEY,
    revenue=MONEY,
    revenuePercentage=TEXT,
    pool=MONEY,
    allocated=MONEY,
    currency=CURRENCY,
    allocations=listed(ALLOCATION),
    **DATES,
)
METRIC = record(
    id=ID,
    metricId=TEXT,
    distributorId=ID,
    collaboratorId=ID,
    score=COUNT,
    occurredAt=MOMENT,
    periodStart=MOMENT,
    periodEnd=MOMENT,
    dateCreated=MOMENT,
)
COLLABORATOR = record(
    id=ID,
    fullName=TEXT,
    nickname=TEXT,
    email=or_null(TEXT),
    userId=or_null(TEXT),
    status=one_of(*collaborators.STATUSES),
    referralCode=or_null(TEXT),
    aliases=listed(whole(type=TEXT, code=TEXT, issuedDate=MOMENT)),
    programs=listed(ID),
    **DATES,
)
TOTALS = whole(
    currency=CURRENCY,
    ordersCount=COUNT,
    totalSpent=MONEY,
    refundedTotal=MONEY,
    netSpent=MONEY,
    aov=MONEY,
    ltv=MONEY,
)
CUSTOMER = record(
    id=ID,
    status=one_of(*customer.STATUSES),
    **{name: or_null(TEXT) for name in customer.PERSONAL},
    attributes={"type": "object"},
    totals=listed(TOTALS),
    **DATES,
)
API_KEY = record(
    id=ID,
    keyPrefix=TEXT,
    label=TEXT,
    status=one_of("active", "revoked", "expired"),
    scopes=TEXTS,
    source=or_null(TEXT),
    dateCreated=MOMENT,
    createdAt=MOMENT,
    expiresAt=or_null(MOMENT),
    lastUsedAt=or_null(MOMENT),
    revokedAt=or_null(MOMENT),
    propertyId={"type": "null"},
)
EVENT_SOURCE = record(id=ID, account=TEXT, source=TEXT, onlySource=or_null(TEXT), dateCreated=MOMENT)
EVENT_TYPE = record(id=ID, slug=TEXT, action=one_of(*event_types.ACTIONS), name=TEXT, dateCreated=MOMENT)
PROGRAM_GROUP = record(
    id=ID,
    name=TEXT,
    description=TEXT,
    sorter=one_of(*program.SORTERS),
    programs=listed(ID),
    **DATES,
)
OPPORTUNITY = record(
    id=ID,
    userId=or_null(TEXT),
    status=one_of("active", "inactive", "invalid"),
    **DATES,
)
ENGAGEMENT = record(
    id=ID,
    opportunityId=or_null(ID),
    programId=ID,
    collaboratorId=ID,
    score=COUNT,
    status=one_of("active", "complete", "invalid"),
    **DATES,
)
CANDIDATE = record(
    engagementId=ID,
    programId=ID,
    collaboratorId=ID,
    score=COUNT,
    outcome=one_of("won", "lost"),
    reason=TEXT,
    explanation=TEXT,
    award=or_null(AWARD),
    codes=listed(whole(type=one_of(codes.COUPON, codes.TRACKING), code=TEXT)),
    **DATES,
)
PROGRAM_THEN = whole(
    id=ID,
    version=COUNT,
    status=one_of(*program.STATUSES),
    units=CURRENCY,
    incentiveType=one_of(*INCENTIVES),
    incentiveResolverType=one_of(*program.RESOLVERS),
    transactionPercent=or_null(TEXT),
    payout=or_null(COUNT),
    transactionCompilers=listed(one_of(*program.COMPILERS)),
    lineItemFilters=or_null(LINE_ITEM_FILTERS),
    programGroupId=or_null(ID),
    expirationDays=COUNT,
    autoApprove=FLAG,
    poolRemainder=one_of(*program.POOL_REMAINDERS),
    clawback=one_of(*clawback.CLAWBACKS),
)
#: Decisions stored earlier lack it.
PROGRAM_THEN["properties"] |= {"holdingDays": COUNT}
DECISION = record(
    transactionId=ID,
    status=one_of("decided", "pending"),
    reason=or_null(TEXT),
    summary=TEXT,
    opportunityId=or_null(ID),
    evicted={**COUNT, "description": "Engagements seen longest ago that gave way before the decision."},
    occurredAt=MOMENT,
    decidedAt=MOMENT,
    currency=CURRENCY,
    candidates=listed(CANDIDATE),
    programs=listed(PROGRAM_THEN),
)
EXPLANATION = whole(
    obligationId=ID,
    conversionId=or_null(ID),
    transactionId=or_null(ID),
    collaboratorId=ID,
    programId=or_null(ID),
    status=OBLIGATION["properties"]["status"],
    value=MONEY,
    currency=CURRENCY,
    evicted=DECISION["properties"]["evicted"],
    candidate=or_null(CANDIDATE),
    adjusts=or_null(ID),
    adjusted=MONEY,
    review=FLAG,
    reason=or_null(TEXT),
    explanation=TEXT,
)
ATTRIBUTION = {**DECISION, "properties": {**DECISION["properties"], "credits": listed(DECISION)}}
