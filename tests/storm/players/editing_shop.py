"""A shop on the bus that edits its sales, gives money back, and takes that back."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.storm.players.expected_money import Item, Report

#: Amounts of cents in major units, in any place of a report.
_AMOUNTS = ("total", "amount")
_DAY = "2026-11-{day:02}T09:00:00.000Z"


@dataclass(frozen=True)
class Sold:
    """A sale and everything that is reported about it."""

    name: str
    reports: Sequence[Report]

    def events(self, visit: int) -> list[tuple[str, Item]]:
        """Type and detail of each report, as the bus has them."""
        named = {"organization": "demo", "source": "shopify", "externalId": self.name}
        return [(it.type, named | self._visited(it, visit) | _in_major_units(it.members)) for it in self.reports]

    def _visited(self, report: Report, visit: int) -> Item:
        return {"trackingId": visit} if report.type == "SaleTriggered" else {}


def reports(chance: Random, number: int) -> Sold:
    """A sale with up to three edits, four refunds, some of them withdrawn, and whole refunds and their withdrawals."""
    made = [Report("SaleTriggered", _version(chance))]
    for _ in range(chance.randint(0, 3)):
        made.append(Report("SaleChanged", _version(chance) | {"changedAt": _moment(chance, len(made))}))
    for place in range(chance.randint(0, 4)):
        named = {"refundId": f"r-{place}"}
        made.append(Report("RefundTriggered", named | _demand(chance)))
        if chance.random() < 0.4:
            made.append(Report("RefundWithdrawn", named))
    for kind in ("RefundTriggered", "RefundWithdrawn"):
        made += [Report(kind, {"occurredAt": _moment(chance, 0)}) for _ in range(chance.choice([0, 0, 1, 2]))]
    return Sold(f"ORD-{number}", made)


def _version(chance: Random) -> Item:
    """A sale before refunds: some of four items, with a total of theirs or another."""
    kinds = {"A": "product", "B": "product", "C": "product", "P": "shipping"}
    names = chance.sample(sorted(kinds), chance.randint(1, len(kinds)))
    items = [{"externalId": it, "name": it, "type": kinds[it], "amount": chance.randint(1, 9999)} for it in names]
    listed = sum(it["amount"] for it in items)
    return {"items": items, "total": chance.choice([listed, listed, listed + 333, listed * 3 // 4, 0])}


def _demand(chance: Random) -> Item:
    """An amount, some items by name or place, or all that is left."""
    by_name = {"externalId": chance.choice("ABCPX"), "amount": chance.randint(1, 5000)}
    by_place = {"position": chance.randint(0, 4), "amount": chance.randint(1, 5000)}
    return chance.choice(
        [{}, {"amount": chance.randint(1, 9999)}, {"items": [by_name]}, {"items": [by_name, by_place]}]
    )


def _moment(chance: Random, second: int) -> str:
    """A moment of one of three days, unique for each `second`."""
    return _DAY.format(day=chance.randint(21, 23)).replace("00.000", f"{second:02}.000")


def _in_major_units(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _major(held) if name in _AMOUNTS else _in_major_units(held) for name, held in value.items()}
    return [_in_major_units(held) for held in value] if isinstance(value, list) else value


def _major(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
