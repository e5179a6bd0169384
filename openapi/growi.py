"""What Growi's document says of its own."""

from openapi.shapes import COUNT, ID, MOMENT, TEXT, Schema, one_of, whole

_SALE = whole(
    id=ID,
    external_id=TEXT,
    platform=one_of("website"),
    status=one_of("unpaid", "due", "paid", "cancelled", "refunded"),
    occurred_at=MOMENT,
    total=COUNT,
    commission=COUNT,
    currency={"type": "string", "pattern": "^[a-z]{3}$"},
)
SHAPES: dict[str, Schema] = {"AffiliateSale": whole(data=_SALE)}
ERROR = whole(error=TEXT)
QUERIES: dict[str, tuple[str, ...]] = {}
PATHS: dict[str, Schema] = {}
