"""RFM: recency, frequency and monetary scores from 1 to 5, by fifths of the buyers in the same currency."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MEASURES = ("recency", "frequency", "monetary")
FIFTHS = 5


def rows_of(listed: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """A customer's measures per currency: latest purchase, number of purchases, net spending.

    Currencies without a purchase are left out."""
    latest = listed.get("lastOrders", {})
    return {
        row["currency"]: (latest[row["currency"]], row["ordersCount"], row["netSpent"])
        for row in listed["totals"]
        if row["ordersCount"] > 0 and row["currency"] in latest
    }


def bounds_of(customers: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Lower bounds of the scores 2 to 5, per currency and measure."""
    measured: dict[str, list[tuple[Any, ...]]] = {}
    for listed in customers:
        for currency, row in rows_of(listed).items():
            measured.setdefault(currency, []).append(row)
    return {
        currency: {
            name: _bounds(sorted(values)) for name, values in zip(MEASURES, zip(*rows, strict=True), strict=True)
        }
        for currency, rows in measured.items()
    }


def scores_of(listed: Mapping[str, Any], bounds: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Scores, one row per currency with bounds."""
    return [
        {"currency": currency}
        | {name: score(value, bounds[currency][name]) for name, value in zip(MEASURES, row, strict=True)}
        for currency, row in sorted(rows_of(listed).items())
        if currency in bounds
    ]


def score(value: Any, bounds: Sequence[Any]) -> int:
    """The score of a value, 1 to 5. Equal values score equally; the greatest scores 5, however few there are."""
    return 1 + sum(1 for bound in bounds if value >= bound)


def _bounds(values: Sequence[Any]) -> list[Any]:
    return [values[len(values) * fifth // FIFTHS] for fifth in range(1, FIFTHS)]
