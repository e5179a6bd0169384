"""The tables of docs/scaling.md."""

from tests.documents import table
from tests.performance.scaling.assumed import MILLISECONDS
from tests.performance.scaling.counted import count
from tests.performance.scaling.prices import PRICES, rows
from tests.performance.scaling.quotas import RATES, quotas
from tests.stack.dialects import DIALECTS
from tests.template import ROOT

PATH = ROOT / "docs" / "scaling.md"


def tables() -> dict[str, str]:
    """The tables by the name of their place in the document."""
    counted = count()
    costs, found = rows(counted), quotas(counted)
    total = ("**all of it**", "", f"**{sum(dollars for _, _, dollars in costs):.2f}**")
    return {
        "dialects": _dialects(),
        "costs": table(
            ("of a sale", "each", "$ per million sales"),
            [*((what, number, f"{dollars:.2f}") for what, number, dollars in costs), total],
        ),
        "prices": table(("unit", "$"), ((what, f"{price:.10f}".rstrip("0")) for what, price in PRICES.items())),
        "times": table(("function", "ms an invocation"), MILLISECONDS.items()),
        "units": table(("write units of", ""), counted.writes.items()),
        "events": table(("event", ""), counted.events.items()),
        "messages": table(("messages to", ""), counted.messages.items()),
        "quotas": table(
            ("quota", "default", "a sale takes", "breaks at", *(f"at {rate:,}" for rate in RATES), "then"),
            (
                (it.name, f"{it.limit:,.0f}", f"{it.taken:.3g}", f"{it.sales:,}", *map(it.needed, RATES), it.then)
                for it in found
            ),
        ),
    }


def _dialects() -> str:
    """A row per paid resource, a column per dialect."""
    columns = [rows(count(name)) for name in DIALECTS]
    lines = [(of_all[0][0], *(each for _, each, _ in of_all)) for of_all in zip(*columns, strict=True)]
    sums = [f"**{sum(dollars for _, _, dollars in column):.2f}**" for column in columns]
    return table(("of a sale", *DIALECTS), [*lines, ("**$ per million**", *sums)])
