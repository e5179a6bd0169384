"""How recently, how often and for how much a customer buys, as scores from 1 to 5: by fifths of those who have bought
in the same currency."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MEASURES = ("recency", "frequency", "monetary")
FIFTHS = 5


def rows_of(listed: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """Per currency what is measured of a customer: the latest purchase, their number, what was spent and kept. Nothing
    of one who has not bought in it."""
    latest = listed.get("lastOrders", {})
    return {
        row["currency"]: (latest[row["currency"]], row["ordersCount"], row["netSpent"])
        for row in listed["totals"]
        if row["ordersCount"] > 0 and row["currency"] in latest
    }


def bounds_of(customers: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Per currency and measure what the scores from 2 to 5 begin at."""
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
    """A row per currency in which there is a score."""
    return [
        {"currency": currency}
        | {name: score(value, bounds[currency][name]) for name, value in zip(MEASURES, row, strict=True)}
        for currency, row in sorted(rows_of(listed).items())
        if currency in bounds
    ]


def score(value: Any, bounds: Sequence[Any]) -> int:
    """Equal values have equal scores; the greatest is 5, the fewer there are to compare with, too."""
    return 1 + sum(1 for bound in bounds if value >= bound)


def _bounds(values: Sequence[Any]) -> list[Any]:
    return [values[len(values) * fifth // FIFTHS] for fifth in range(1, FIFTHS)]
