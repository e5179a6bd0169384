"""The tables of docs/scaling.md."""

from collections.abc import Iterable, Mapping

from tests.performance.scaling.assumed import MILLISECONDS
from tests.performance.scaling.counted import count
from tests.performance.scaling.prices import PRICES, rows
from tests.performance.scaling.quotas import RATES, quotas
from tests.template import ROOT

PATH = ROOT / "docs" / "scaling.md"


def tables() -> dict[str, str]:
    """By the name of their place in the document."""
    counted = count()
    costs, found = rows(counted), quotas(counted)
    total = ("**all of it**", "", f"**{sum(dollars for _, _, dollars in costs):.2f}**")
    return {
        "costs": _table(
            ("of a sale", "each", "$ per million sales"),
            [*((what, number, f"{dollars:.2f}") for what, number, dollars in costs), total],
        ),
        "prices": _table(("unit", "$"), ((what, f"{price:.10f}".rstrip("0")) for what, price in PRICES.items())),
        "times": _table(("function", "ms an invocation"), MILLISECONDS.items()),
        "units": _table(("write units of", ""), counted.writes.items()),
        "events": _table(("event", ""), counted.events.items()),
        "messages": _table(("messages to", ""), counted.messages.items()),
        "quotas": _table(
            ("quota", "default", "a sale takes", "breaks at", *(f"at {rate:,}" for rate in RATES), "then"),
            (
                (it.name, f"{it.limit:,.0f}", f"{it.taken:.3g}", f"{it.sales:,}", *map(it.needed, RATES), it.then)
                for it in found
            ),
        ),
    }


def within(text: str, made: Mapping[str, str]) -> str:
    """The document with the tables in their places."""
    for name, table in made.items():
        head, mark, rest = text.partition(f"<!-- {name} -->\n")
        assert mark, f"{PATH.name} has no place for {name}"
        _, mark, rest = rest.partition("<!-- end -->")
        text = f"{head}<!-- {name} -->\n{table}\n<!-- end -->{rest}"
    return text


def _table(head: tuple[str, ...], lines: Iterable[tuple[object, ...]]) -> str:
    rows = [head, ("---",) * len(head), *lines]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in rows)
