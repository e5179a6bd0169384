"""Closed spans: partition `<organization>#statistics`, items `hour#2026-11-30T14`, `day#2026-11-30`, `month#2026-11`.

An hour is what a walk of its lists has found; of several walks, the last one begun holds. A day is the sum of its
hours and a month that of its days, each written over the version that was read before them: whichever closing is last
has seen what the others have put.
"""

from contextlib import suppress

from tributary.domain import statistics
from tributary.domain.statistics import DAY, HOUR, MONTH, Span, Sums
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.retries import retried
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = "statistics"
_TRIES = 20
_PARTS = {DAY: HOUR, MONTH: DAY}
_LAST = "~"


def key(organization: str, span: Span) -> Key:
    return f"{organization}#{KIND}", f"{span.by}#{span.name}"


def between(organization: str, by: str, first: Span, last: Span) -> dict[str, Item]:
    """The closed spans from the beginning of one to the end of another, strongly consistent, by name."""
    names = f"{by}#{first.name}", f"{by}#{last.name}{_LAST}"
    return {item["sk"].partition("#")[2]: item for item in table.query_between(f"{organization}#{KIND}", *names)}


def put_hour(organization: str, hour: Span, sums: Sums, begun: str) -> None:
    """Put what a walk begun then has found, unless one begun later has, and the sums of its day and month."""
    item = {**item_header(KIND, organization, key(organization, hour)), "sums": sums, "hours": 1, "begun": begun}
    with suppress(table.ConditionFailed):
        table.put(item, "attribute_not_exists(pk) OR begun < :begun", begun=begun)
    # In any case, since the closing that put the hour may have been interrupted before its day.
    for by in (DAY, MONTH):
        _add_up(organization, statistics.span_of(by, hour.start))


@retried("the statistics", _TRIES)
def _add_up(organization: str, span: Span) -> None:
    """Put the sum of the parts of a day or month."""
    stored = table.get(*key(organization, span))
    parts = between(organization, _PARTS[span.by], span, span).values()
    added = {"sums": statistics.total(it["sums"] for it in parts), "hours": sum(it["hours"] for it in parts)}
    version = stored["version"] if stored else 0
    item = {**item_header(KIND, organization, key(organization, span), version=version + 1), **added}
    if stored and added == {name: stored[name] for name in added}:
        return
    if stored:
        table.put(item, "#version = :seen", seen=version)
    else:
        table.put(item, "attribute_not_exists(pk)")
