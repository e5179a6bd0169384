"""Expected money of a sale by its set of reports: the rules written anew, in cents, without the ledger's code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

Item = dict[str, Any]


class Report(NamedTuple):
    """A report on the bus: its detail-type and the members beside the sale's name. Amounts are in cents."""

    type: str
    members: Item


@dataclass(frozen=True)
class Money:
    """The status of a sale, the cents given back, and those owed of a percentage."""

    status: str
    back: int
    products_left: tuple[int, int]
    rest: tuple[int, int]
    base: int

    def owed(self, percent: int) -> int:
        """The reward less what goes, which is rounded down once."""
        whole, named = self.products_left
        rest, loose = self.rest
        if self.status != "complete" or not whole or not rest:
            return 0
        reward = (self.base * percent + 50) // 100
        return reward - reward * (rest * named + loose * (whole - named)) // (rest * whole)


def money(reports: Iterable[Report]) -> Money:
    """The money of a sale after these reports, in any order and number."""
    every = list({repr(it): it for it in reports}.values())
    (sale,) = (it.members for it in every if it.type == "SaleTriggered")
    edits = [it.members for it in every if it.type == "SaleChanged"]
    present = max(edits, key=lambda edit: str(edit["changedAt"]), default=sale)
    items, total = present["items"], present["total"]
    paid = _parts(min(total, sum(it["amount"] for it in items)), [it["amount"] for it in items])
    asked, loose, everything = _asked(every, items, [sale, *edits])
    back = [min(part, asked[place]) for place, part in enumerate(paid)]
    rest = total - sum(back)
    free = rest if everything else min(rest, loose + sum(asked) - sum(back))
    given = sum(back) + free
    ended = _is_ended(every) or everything or (total > 0 and given == total)
    goods = [place for place, it in enumerate(items) if it["type"] == "product"]
    return Money(
        "refunded" if ended else "complete",
        total if ended else given,
        (sum(paid[place] for place in goods), sum(back[place] for place in goods)),
        (rest, free),
        sum(items[place]["amount"] for place in goods),
    )


def _asked(every: Sequence[Report], items: Sequence[Item], versions: Sequence[Item]) -> tuple[list[int], int, bool]:
    """The sums that refunds ask for each item and for none, and true if one asks for all that is left."""
    withdrawn = {it.members.get("refundId") for it in every if it.type == "RefundWithdrawn"}
    refunds = [it.members for it in every if it.type == "RefundTriggered" and "refundId" in it.members]
    counting = [it for it in refunds if it["refundId"] not in withdrawn]
    asked, loose = [0] * len(items), 0
    names = [it["externalId"] for it in items]
    for refund in counting:
        loose += refund.get("amount", 0)
        for part in refund.get("items", ()):
            place = part.get("position", names.index(part["externalId"]) if part.get("externalId") in names else None)
            if place is not None and place < len(items):
                asked[place] += part["amount"]
            elif not _is_of_another(part, versions):
                loose += part["amount"]
    return asked, loose, any(it.keys() == {"refundId"} for it in counting)


def _is_of_another(part: Item, versions: Sequence[Item]) -> bool:
    """True if the money of a line left the total with the line."""
    if "position" in part:
        return any(part["position"] < len(version["items"]) for version in versions)
    return any(part["externalId"] == it["externalId"] for version in versions for it in version["items"])


def _is_ended(every: Sequence[Report]) -> bool:
    """True if the sale was refunded as a whole later than every withdrawal of that."""
    whole = [it for it in every if "refundId" not in it.members and it.type in ("RefundTriggered", "RefundWithdrawn")]
    moments: dict[str, str] = {}
    for report in whole:
        moments[report.type] = max(moments.get(report.type, ""), str(report.members["occurredAt"]))
    return moments.get("RefundTriggered", "") > moments.get("RefundWithdrawn", "")


def _parts(total: int, weights: Sequence[int]) -> list[int]:
    """A total by weights, each part the difference of running sums rounded down."""
    sums = [total * upto // max(1, sum(weights)) for upto in accumulate(weights, initial=0)]
    return [after - before for before, after in pairwise(sums)]
