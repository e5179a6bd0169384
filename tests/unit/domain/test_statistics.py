"""Statistics: the movements of a record and its first count add up to what it counts now, and spans meet."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tributary.domain import statistics, times
from tributary.domain.statistics import CONVERSIONS, ISSUED, REVERSED, SPANS, Sums, movement_of, spans, standing

AT = "2026-03-31T21:10:00.000Z"
STATUSES = {
    "transaction": ("complete", "refunded", "cancelled", "deleted"),
    "conversion": (*CONVERSIONS, "expired"),
    "obligation": ("draft", "pending", "complete", "rejected", "cancelled", "deleted"),
    "payout": ("unpaid", "paid", "failed", "cancelled"),
}
CURRENCIES = st.sampled_from(["USD", "JPY"])
MOMENTS = st.integers(946_684_800, 4_102_444_800).map(lambda it: times.text(datetime.fromtimestamp(it, UTC)))


def item(entity: str, state: tuple[str, int, str, int, bool], version: int) -> dict[str, Any]:
    status, value, currency, refunded, is_listed = state
    listed = {"id": 7, "status": status, "value": value, "totalValue": value, "currency": currency, "dateCreated": AT}
    stored = {"pk": "p", "sk": "s", "entity": entity, "organization": "o", "version": version, "changedAt": AT}
    return stored | {"listed": listed, "refunded": refunded} | ({"listPk": "l"} if is_listed else {})


@st.composite
def lives(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The versions of a record, which may leave its list for good."""
    entity = draw(st.sampled_from(sorted(STATUSES)))
    amounts = st.integers(-1000 if entity == "obligation" else 0, 1000)
    state = st.tuples(st.sampled_from(STATUSES[entity]), amounts, CURRENCIES, st.integers(0, 1000), st.just(True))
    states = draw(st.lists(state, min_size=1, max_size=6))
    if draw(st.booleans()):
        states.append((*states[-1][:4], False))
    return [item(entity, it, version) for version, it in enumerate(states, 1)]


def now(record: dict[str, Any]) -> Sums:
    if "listPk" not in record:
        return {}
    return statistics.total([standing(record["entity"], record["listed"], record["refunded"])])


def net(sums: Sums) -> Sums:
    """Amounts owed as one figure without a count: `issued` and `reversed` count times."""
    kept = {figure: by for figure, by in sums.items() if figure not in (ISSUED, REVERSED)}
    for figure, sign in ((ISSUED, 1), (REVERSED, -1)):
        for currency, (_, value) in sums.get(figure, {}).items():
            statistics.add(kept, {"net": {currency: (0, sign * value)}})
    return statistics.total([kept])


@given(lives())
def test_a_first_count_and_all_movements_are_what_the_record_counts_now(life: list[dict[str, Any]]) -> None:
    moved = [it for old, new in pairwise(life) if (it := movement_of(old, new))]
    first = moved[0].first if moved else now(life[0])

    assert net(statistics.total([first, *(it.moved for it in moved)])) == net(now(life[-1]))
    assert net(first) == net(now(life[0]))
    assert all(value > 0 for it in moved for f in (ISSUED, REVERSED) for _, value in it.moved.get(f, {}).values())
    assert [it.listed_still for it in moved] == [True] * (len(moved) - 1) + ["listPk" in life[-1]] * bool(moved)


def test_creations_and_changes_without_a_figure_move_nothing() -> None:
    sale = item("transaction", ("complete", 100, "USD", 0, True), 1)

    assert movement_of(None, sale) is None
    assert movement_of(sale, sale | {"version": 2}) is None
    assert movement_of(sale, None) is None
    assert movement_of(sale | {"entity": "program"}, sale | {"entity": "program", "refunded": 5}) is None


@given(MOMENTS, st.sampled_from(SPANS))
def test_a_span_holds_its_moment_and_meets_the_next(moment: str, by: str) -> None:
    span = statistics.span_of(by, moment)

    assert span.start <= moment < span.end
    assert statistics.span_of(by, span.name) == span
    assert statistics.span_of(by, span.end).start == span.end
    assert moment.startswith(span.name)
    assert span.hours == sum(1 for _ in spans("hour", span.start, span.end))


@given(st.lists(st.dictionaries(st.sampled_from(["sales", "paid"]), st.just({"USD": [1, -5]})), max_size=5))
def test_sums_add_up_in_any_order_without_what_is_nothing(parts: list[Sums]) -> None:
    whole = statistics.total(parts)

    assert statistics.total(parts[::-1]) == statistics.total([whole]) == whole
    negative = {figure: {it: [-n, -v] for it, (n, v) in by.items()} for figure, by in whole.items()}
    assert statistics.total([whole, negative]) == {}
