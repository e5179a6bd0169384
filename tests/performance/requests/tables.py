"""The tables of docs/requests.md."""

from tests.documents import table
from tests.performance.requests.counted import Counts, Rows, count
from tests.template import ROOT

PATH = ROOT / "docs" / "requests.md"


def tables() -> dict[str, str]:
    """The tables by the name of their place in the document."""
    counted = count()
    return {
        "calls": table(("call", "first", "again"), _lines(counted.calls)),
        "messages": table(("message", "first", "again"), _lines(counted.messages)),
    }


def _lines(rows: Rows) -> list[tuple[object, ...]]:
    return [(name, _text(first), _text(again)) for name, (first, again) in sorted(rows.items())]


def _text(counts: Counts | None) -> str:
    """`2 GetItem, 1 PutItem`; a dash where no repeat is possible."""
    if counts is None:
        return "–"
    return ", ".join(f"{number} {operation}" for operation, number in sorted(counts.items())) or "none"
