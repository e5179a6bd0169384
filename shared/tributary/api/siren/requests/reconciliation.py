"""A shop's own list of orders, to be compared with the sales recorded from it."""

from typing import Annotated

from pydantic import Field

from tributary.api.http.bodies import RequestBody
from tributary.api.http.fields import AnyCurrency, Moment, NameOrNumber, PositiveAmount, Word
from tributary.api.siren.requests.checks import known
from tributary.domain.errors import Failure, ValidationFailed
from tributary.domain.money import MAX_MINOR, AmountTooLarge, minor_units
from tributary.domain.reconciliation import Row

MAX_ROWS = 5000


class OrderRow(RequestBody):
    """One order; members that are left out are not compared. `total` is in major units of `currency`."""

    id: NameOrNumber
    total: PositiveAmount | None = None
    currency: AnyCurrency | None = None
    status: Annotated[str, known("complete", "refunded", "cancelled")] | None = None


class ReconciliationBody(RequestBody):
    """The orders of a source in a period. With a `cursor`, sales missing in the list are looked for from there on."""

    source: Word
    date_from: Moment | None = None
    date_to: Moment | None = None
    rows: Annotated[list[OrderRow], Field(max_length=MAX_ROWS)]
    cursor: Annotated[str, Field(max_length=500)] | None = None

    def to_rows(self) -> list[Row]:
        """ValidationFailed for an order named twice, and for a total without a currency or too large in it."""
        failures: list[Failure] = []
        seen: set[str] = set()
        rows = []
        for place, row in enumerate(self.rows):
            if row.id in seen:
                failures.append(_failure(place, "id", "is there twice.", "UNKNOWN"))
            seen.add(row.id)
            rows.append(Row(row.id, _total(place, row, failures), row.currency, row.status))
        if failures:
            raise ValidationFailed(failures)
        return rows


def _total(place: int, row: OrderRow, failures: list[Failure]) -> int | None:
    if row.total is None:
        return None
    if row.currency is None:
        failures.append(_failure(place, "currency", "is required with a total.", "REQUIRED"))
        return None
    try:
        return minor_units(row.total, row.currency)
    except AmountTooLarge:
        failures.append(
            Failure(f"rows[{place}].total", f"rows[{place}].total is too large.", "MAX", {"max": MAX_MINOR})
        )
        return None


def _failure(place: int, name: str, about: str, kind: str) -> Failure:
    field = f"rows[{place}].{name}"
    return Failure(field, f"{field} {about}", kind)  # type: ignore[arg-type]
