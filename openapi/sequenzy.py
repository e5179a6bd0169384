"""Parts of Sequenzy's document: the shapes of its answers and errors."""

from openapi import parameters
from openapi.schema import (
    COUNT,
    CURRENCY,
    FLAG,
    ID,
    MOMENT,
    MONEY,
    TEXT,
    TEXTS,
    Schema,
    listed,
    of_a_customer,
    of_a_repeat,
    one_of,
    or_null,
    whole,
)
from tributary.api.sequenzy import product_pages
from tributary.api.sequenzy.responses import PROVIDER, PROVIDERS
from tributary.domain.order import STATUSES
from tributary.domain.transaction import DELETED
from tributary.domain.transaction import STATUSES as ENDS

_SUCCESS: Schema = {"const": True}
_JOB = whole(
    jobId=TEXT,
    orderId=TEXT,
    status=one_of(*STATUSES),
    refundId=or_null(TEXT),
    state=one_of("queued", "waiting", "done", "withdrawn", "failed"),
    reason=or_null(TEXT),
    receivedAt=MOMENT,
    transactionId=or_null(ID),
    refund=or_null(whole(askedCents=or_null(MONEY), refundedCents=or_null(MONEY), capped=FLAG)),
)
_ORDER = whole(
    orderId=TEXT,
    orderNumber=TEXT,
    orderedAt=MOMENT,
    currency=CURRENCY,
    customerId=ID,
    totalCents=MONEY,
    refundedCents=MONEY,
    statuses=listed(one_of(*STATUSES)),
    transaction=or_null(whole(id=ID, status=one_of(*ENDS, DELETED), refundableCents=MONEY)),
    jobs=listed(_JOB),
)
_TOTALS = whole(
    currency=CURRENCY,
    ltv=MONEY,
    aov=MONEY,
    netSpent=MONEY,
    ordersCount=COUNT,
    totalSpent=MONEY,
    refundedTotal=MONEY,
)
_SUBSCRIBER = whole(
    id=TEXT,
    email=or_null(TEXT),
    externalId=or_null(TEXT),
    firstName=or_null(TEXT),
    lastName=or_null(TEXT),
    attributes={"type": "object"},
    customAttributes={"type": "object"},
    createdAt=MOMENT,
    updatedAt=MOMENT,
    totals=listed(_TOTALS),
    dateCreated=MOMENT,
    dateModified=MOMENT,
)
_MANY = ("created", "updated", "unchanged")
_STOCK: dict[str, Schema] = {"inStock": FLAG, "inventoryQuantity": or_null({"type": "number"})}
_PRICES: dict[str, Schema] = {"priceCents": or_null(MONEY), "compareAtPriceCents": or_null(MONEY)}
_VARIANT = whole(
    variantId=TEXT,
    title=or_null(TEXT),
    sku=or_null(TEXT),
    imageUrl=or_null(TEXT),
    currency=or_null(CURRENCY),
    options=listed(whole(name=TEXT, value=TEXT)),
    **_PRICES,
    **_STOCK,
)
_PRODUCT = whole(
    id=TEXT,
    provider=one_of(PROVIDER),
    productId=TEXT,
    providerProductId=TEXT,
    title=or_null(TEXT),
    description=or_null(TEXT),
    url=or_null(TEXT),
    imageUrl=or_null(TEXT),
    price=or_null(MONEY),
    compareAtPrice=or_null(MONEY),
    **_PRICES,
    currency=or_null(CURRENCY),
    **_STOCK,
    providerCreatedAt=or_null(MOMENT),
    variants=listed(_VARIANT),
    tags=TEXTS,
    categories=TEXTS,
    attributes={"type": "object"},
    replenishment=or_null(whole(days=COUNT, match=one_of("product", "variant"))),
    createdAt=MOMENT,
    updatedAt=MOMENT,
    dateCreated=MOMENT,
    dateModified=MOMENT,
)
_PAGING = whole(limit=COUNT, offset=COUNT, count=COUNT, total=or_null(COUNT), hasMore=FLAG, nextCursor=or_null(TEXT))
SHAPES: dict[str, Schema] = {
    "Upserted": whole(success=_SUCCESS, upserted=COUNT, **dict.fromkeys(_MANY, COUNT), products=listed(_PRODUCT)),
    "Products": whole(success=_SUCCESS, products=listed(_PRODUCT), pagination=_PAGING),
    "Product": whole(success=_SUCCESS, product=_PRODUCT),
    "Deleted": whole(success=_SUCCESS, deleted=_SUCCESS, productId=TEXT),
    "Waiting": of_a_customer(
        whole(success=_SUCCESS, queued=_SUCCESS, subscriberId=TEXT, productId=TEXT, variantId=or_null(TEXT))
    ),
    "Checkout": of_a_customer(
        of_a_repeat(whole(success=_SUCCESS, queued=_SUCCESS, checkoutId=TEXT, subscriberId=TEXT))
    ),
    "Queued": of_a_customer(
        of_a_repeat(whole(success=_SUCCESS, queued=_SUCCESS, jobId=TEXT, orderId=TEXT, status=one_of(*STATUSES)))
    ),
    "Order": whole(success=_SUCCESS, order=_ORDER),
    "Job": whole(success=_SUCCESS, job=_JOB),
    "Subscriber": whole(success=_SUCCESS, subscriber=_SUBSCRIBER),
}
ERROR: Schema = {
    "type": "object",
    "properties": {
        "success": {"const": False},
        "error": TEXT,
        "issues": listed(whole(path=TEXT, message=TEXT)),
    },
    "required": ["success", "error"],
}
QUERIES = {
    "GET /products": parameters.in_query(
        limit=parameters.size(product_pages.SIZE, product_pages.MAX_SIZE),
        offset={"type": "integer", "minimum": 0, "maximum": product_pages.MAX_OFFSET, "default": 0},
        provider=one_of(*PROVIDERS, ""),
        search=TEXT,
        cursor=parameters.CURSOR,
    )
}
PATHS: dict[str, Schema] = {
    "orderId": {**TEXT, "maxLength": 255},
    "productId": {**TEXT, "maxLength": 255},
    "jobId": {**TEXT, "pattern": f"^commerce-order-[0-9a-f]{{32}}-({'|'.join(STATUSES)})(-[0-9a-f]{{32}})?$"},
    "email": {**TEXT, "maxLength": 254, "pattern": r"^[^@\s]+@[^@\s]+\.[^@\s]+$"},
}
