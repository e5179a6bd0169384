"""Parts of Growi's document."""

from openapi.schema import COUNT, ID, MOMENT, TEXT, Schema, listed, of_a_repeat, one_of, or_null, whole
from tributary.api.growi.platforms import PLATFORMS
from tributary.api.growi.requests.queries import AffiliateSalesQuery
from tributary.domain.affiliate import AMOUNTS

_CURRENCY: Schema = {"type": "string", "pattern": "^[a-z]{3}$"}
_SALE = whole(
    id=ID,
    external_id=TEXT,
    platform=one_of(*PLATFORMS),
    sub_id=or_null(TEXT),
    status=one_of("unpaid", "due", "paid", "paid_externally", "cancelled", "refunded"),
    occurred_at=MOMENT,
    total=COUNT,
    commission=COUNT,
    currency=_CURRENCY,
)
_AMOUNTS: dict[str, Schema] = {
    name: {"type": "number", "description": "Major units, with two decimals."} for name in AMOUNTS
}
_SUMS: dict[str, Schema] = {**_AMOUNTS, "total_orders": COUNT}
_ALL = whole(
    currency=or_null(_CURRENCY),
    **{name: or_null(schema) for name, schema in _AMOUNTS.items()},
    total_orders=COUNT,
    currencies=listed(whole(currency=_CURRENCY, **_SUMS)),
)
_META = whole(row_count=COUNT, page_count=COUNT, current_page=COUNT)
_CHANGEABLE = ("total", "subtotal", "currency", "occurred_at", "due_at", "customer_id", "commission", "status")
_CHANGE = whole(**{"from": {}, "to": {}})
_CHANGES = whole(
    changed_at=MOMENT,
    changes={"type": "object", "properties": dict.fromkeys(_CHANGEABLE, _CHANGE), "additionalProperties": False},
)
SHAPES: dict[str, Schema] = {
    "AffiliateSale": of_a_repeat(whole(data=_SALE)),
    "AffiliateSaleHistory": whole(data=_SALE, changes=listed(_CHANGES)),
    "AffiliateSales": whole(data=listed(_SALE), meta=_META, additional_data=_ALL),
}
ERROR = whole(error=TEXT)
QUERIES = {"GET /affiliate_sales": tuple(AffiliateSalesQuery.model_fields)}
PATHS: dict[str, Schema] = {}
