"""Parts of Noticia's document."""

from typing import Any

from openapi import parameters
from openapi.schema import COUNT, MOMENT, MONEY, TEXT, listed, one_of, or_null, record, whole
from tributary.api.noticia import pages
from tributary.domain import customer, rfm
from tributary.domain.sales_event import CURRENCIES

Schema = dict[str, Any]

_OWN: Schema = {"type": "string", "pattern": "^(evt|store|prof)_[0-9a-f]+$"}
_FREE: Schema = {"type": "object"}

_ROW: dict[str, Schema] = {
    "id": _OWN,
    "external_id": or_null(TEXT),
    "type": one_of("PURCHASE", "RETURN"),
    "occurred_at": MOMENT,
    "store_id": _OWN,
    "store_external_id": TEXT,
    "profile_id": or_null(_OWN),
    "currency": one_of(*CURRENCIES),
    "total_amount_cents": COUNT,
    "total_discount_cents": COUNT,
    "total_tax_cents": or_null(COUNT),
    "source": TEXT,
    "created_at": MOMENT,
}
_SALES_EVENT = whole(**_ROW, line_items=listed(_FREE))
_SALES_EVENT["properties"] |= {
    "payments": or_null(listed(_FREE)),
    "loyalty": or_null(_FREE),
    "metadata": or_null(_FREE),
}
_STORE = whole(
    id=_OWN, external_id=TEXT, name=or_null(TEXT), address=or_null(_FREE), created_at=MOMENT, updated_at=MOMENT
)
_TOTALS = whole(
    currency=TEXT,
    purchases_count=COUNT,
    purchased_cents=MONEY,
    returned_cents=MONEY,
    net_cents=MONEY,
    average_purchase_cents=MONEY,
)
_SCORE: Schema = {"type": "integer", "minimum": 1, "maximum": rfm.FIFTHS}
_PROFILE = whole(
    id=_OWN,
    external_id=or_null(TEXT),
    status=one_of(*customer.STATUSES),
    first_name=or_null(TEXT),
    last_name=or_null(TEXT),
    name=or_null(TEXT),
    email=or_null(TEXT),
    phone=or_null(TEXT),
    totals=listed(_TOTALS),
    rfm=listed(whole(currency=TEXT, **dict.fromkeys(rfm.MEASURES, _SCORE))),
    rfm_set_at=or_null(MOMENT),
    created_at=MOMENT,
    updated_at=MOMENT,
)


def _page(row: Schema) -> Schema:
    return whole(data=listed(row), next_cursor=or_null(TEXT))


SHAPES: dict[str, Schema] = {
    "SalesEvent": _SALES_EVENT,
    "SalesEvents": _page(whole(**_ROW)),
    "Store": _STORE,
    "Stores": _page(_STORE),
    "Profile": _PROFILE,
}
ERROR = whole(code=TEXT, message=TEXT, requestId=TEXT)
ERROR["properties"] |= {"issues": listed(record(path=TEXT, message=TEXT))}
_PAGE = {"limit": parameters.size(pages.SIZE, pages.MAX_SIZE), "cursor": parameters.CURSOR}
QUERIES = {
    "GET /sales-events": parameters.in_query(type=TEXT, store_id=TEXT, profile_id=TEXT, **_PAGE),
    "GET /stores": parameters.in_query(**_PAGE),
}
PATHS: dict[str, Schema] = {
    "id": {"type": "string", "minLength": 1, "description": "An external id, or an id of Tributary's own."}
}
SECURITY: Schema = {"type": "apiKey", "in": "header", "name": "x-api-key"}
