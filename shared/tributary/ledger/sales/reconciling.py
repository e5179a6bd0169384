"""Reconciliation of a source: rows by their names, and the sales of a period that the rows do not name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tributary.domain.reconciliation import Comparison, Row, compared
from tributary.ledger.sales import transaction_items, transactions
from tributary.ledger.store import lists
from tributary.ledger.store.lists import Range
from tributary.ledger.store.values import Item

#: Sales missing in the shop's list that one page names.
_PAGE = 1000


@dataclass(frozen=True)
class Missing:
    """Recorded sales that a shop's list lacks, and the position to go on from."""

    sales: Sequence[Item]
    next: str | None


def compare(organization: str, source: str, rows: Sequence[Row]) -> Comparison:
    """Compare rows with the recorded sales of the source. One BatchGetItem per hundred rows."""
    items = transactions.find_all(organization, source, [row.id for row in rows])
    return compared(rows, map(transaction_items.of_item, items))


def missing_there(organization: str, source: str, named: Collection[str], part: Range) -> Missing:
    """The sales of a source, recorded within a part of the list, that no row names. Examines 5,000 sales at most."""
    binding = transaction_items.binding(source)

    def unnamed(listed: Mapping[str, Any]) -> bool:
        return listed["source"] == binding and listed["status"] != "deleted" and listed["sourceId"] not in named

    page = lists.page(lists.of_kind(organization, transaction_items.KIND), part, _PAGE, accept=unnamed)
    return Missing([dict(listed) for _, listed in page.records], page.next)
