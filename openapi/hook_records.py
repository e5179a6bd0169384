"""The shapes of webhooks out, of connections to shops, and of their deliveries."""

from openapi.records import DATES, MOMENT
from openapi.schema import COUNT, FLAG, ID, TEXT, TEXTS, listed, one_of, or_null, record, whole
from tributary.domain import webhooks
from tributary.ledger.connections import connections
from tributary.ledger.webhooks import deliveries
from tributary.shops.vendors import VENDORS

WEBHOOK = record(
    id=ID,
    targetUrl=TEXT,
    description=TEXT,
    events=TEXTS,
    status=one_of(*webhooks.STATUSES),
    pausedReason=or_null(one_of(webhooks.BY_HAND, *webhooks.SWITCHED_OFF)),
    rotatedAt=or_null(MOMENT),
    **DATES,
    createdAt=MOMENT,
    propertyId={"type": "null"},
)
ATTEMPT = whole(at=MOMENT, status=or_null(COUNT), milliseconds=COUNT, error=or_null(TEXT))
WEBHOOK_DELIVERY = record(
    id=TEXT,
    webhookId=ID,
    type=TEXT,
    status=one_of(*deliveries.STATUSES),
    attempts=listed(ATTEMPT),
    nextAttemptAt=or_null(MOMENT),
    **DATES,
)
CONNECTION = record(
    id=ID,
    vendor=one_of(*VENDORS),
    label=TEXT,
    source=TEXT,
    status=one_of(*connections.STATUSES),
    url={**TEXT, "description": "To paste into the shop; a secret in it is shown once."},
    hasSecret=FLAG,
    settings=whole(clickNames=TEXTS, aliasNames=TEXTS, eventSource=or_null(TEXT)),
    **DATES,
)
CONNECTION_DELIVERY = record(
    id=ID,
    connectionId=ID,
    topic=TEXT,
    outcome={**TEXT, "description": "recorded, repeat, or why it was ignored or refused."},
    orderId=or_null(TEXT),
    refundId=or_null(TEXT),
    transactionId=or_null(ID),
    dateCreated=MOMENT,
)
_ROW = {"row": {**COUNT, "description": "From 1, below the header."}}
_AMOUNT = whole(total=COUNT, currency=TEXT)
RECONCILED = whole(
    recorded=TEXTS,
    known=COUNT,
    differing=listed(whole(**_ROW, order=TEXT, transactionId=ID, listed=_AMOUNT, recorded=_AMOUNT)),
    refused=listed(whole(**_ROW, reason=TEXT)),
)
