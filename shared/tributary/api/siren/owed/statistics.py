"""Statistics of hours, days and months, as the Siren surface words them."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response

from tributary.api.http import edge, requests
from tributary.api.http.failures import MAX_SHOWN
from tributary.api.http.resolver import Resolver
from tributary.api.lists.query import bracketed, read_date
from tributary.domain import statistics, times
from tributary.domain.errors import Failure, ValidationFailed
from tributary.domain.statistics import CONVERSIONS, DAY, HOUR, ISSUED, MONTH, PAID, REFUNDED, REVERSED, SALES, SPANS
from tributary.ledger.organization.api_keys import Principal
from tributary.ledger.statistics import rows
from tributary.ledger.statistics.rows import Row

SCOPE = "ledger:transactions:read"
#: Figures that a key reads, by its scope.
FIGURES = {
    SCOPE: (SALES, REFUNDED),
    "ledger:conversions:read": tuple(CONVERSIONS.values()),
    "ledger:obligations:read": (ISSUED, REVERSED),
    "ledger:payouts:read": (PAID,),
}
#: The most rows of an answer, and those without a `from`.
MOST = {HOUR: 31 * 24, DAY: 366, MONTH: 120}
DEFAULT = {HOUR: 24, DAY: 30, MONTH: 12}
_KNOWN = {"from", "to", "by"}
#: Hours of the shortest such span.
_LEAST_HOURS = {HOUR: 1, DAY: 24, MONTH: 28 * 24}
_MOMENT = len("2026-11-30T14:00:00.000Z")


def answer(app: Resolver, caller: Principal) -> Response[str]:
    """The rows of [`from`, `to`), whole spans that it touches, with the figures that the key may read."""
    by, start, end = _asked(dict(app.current_event.query_string_parameters or {}))
    found = rows.of(caller.organization, by, start, end)
    figures = [name for scope, names in FIGURES.items() if requests.holds(caller, scope) for name in names]
    return edge.answer(
        {
            "by": by,
            "timeZone": "UTC",
            "more": any(row.more for row in found),
            "rows": [_shown(row, figures) for row in found],
        }
    )


def _asked(parameters: Mapping[str, str]) -> tuple[str, str, str]:
    failures = bracketed(parameters)
    strange = [name for name in sorted(parameters.keys() - _KNOWN) if "[" not in name][:MAX_SHOWN]
    # A filter or page that were ignored would pass for one that was followed.
    failures += [Failure(name[:64], f"{name[:64]} is not known to statistics.", "UNKNOWN") for name in strange]
    by = parameters.get("by") or DAY
    if by not in SPANS:
        failures.append(Failure("by", f"by must be one of {', '.join(SPANS)}.", "ENUM", {"known": [*SPANS]}))
    start, end = (read_date(parameters, name, "", failures)[:_MOMENT] for name in ("from", "to"))
    if failures:
        raise ValidationFailed(failures)
    now = times.now()
    end = min(end or now, now)  # the future has no rows
    start = start or _default_start(by, end)
    if _too_many(by, start, end):
        sentence = f"from and to must be at most {MOST[by]} {by}s apart."
        raise ValidationFailed([Failure("from", sentence, "MAX", {"max": MOST[by]})])
    return by, start, end


def _default_start(by: str, end: str) -> str:
    """The beginning of the earliest of the default number of spans, the one of `end` included."""
    earlier = end
    for _ in range(DEFAULT[by] - 1):
        earlier = times.later(statistics.span_of(by, earlier).start, seconds=-1)
    return statistics.span_of(by, earlier).start


def _too_many(by: str, start: str, end: str) -> bool:
    hours = (times.seconds(end) - times.seconds(start)) // 3600
    if hours // _LEAST_HOURS[by] > 2 * MOST[by]:  # without counting a millennium of hours
        return True
    return len(list(statistics.spans(by, start, end))) > MOST[by]


def _shown(row: Row, figures: list[str]) -> dict[str, Any]:
    span = {"from": row.span.start, "to": row.span.end, "status": row.status}
    return span | {name: _by_currency(row.sums.get(name, {})) for name in figures}


def _by_currency(sums: Mapping[str, list[int]]) -> list[dict[str, Any]]:
    return [{"currency": it, "count": count, "value": value} for it, (count, value) in sorted(sums.items())]
