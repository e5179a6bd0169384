"""The balance of a sale: paid, given back and left, by line and in all.

A function of the set of refunds, so that their order and repetition do not matter. Caps apply to sums, not to single
refunds: a withdrawn one frees what it had kept from others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tributary.domain.given_back import FINE, GivenBack, item_name, rounded
from tributary.domain.shares import spread
from tributary.domain.transaction import DELETED, Line, Transaction, Versions


@dataclass(frozen=True)
class Balance:
    """Amounts in minor units: `total` paid in all, `paid` and `back` by detail, `loose` back on no line."""

    total: int
    paid: tuple[int, ...]
    back: tuple[int, ...]
    loose: int

    @property
    def given_back(self) -> int:
        return sum(self.back) + self.loose

    @property
    def left(self) -> int:
        return self.total - self.given_back

    def owed(self, reward: int, counting: Iterable[int], rates: Mapping[int, int] | None = None) -> int:
        """The part of a reward that is still owed: one division, by which the part that goes is rounded down.

        `counting` has the positions of the details that earned it, `rates` their weights on a common scale."""
        rate = rates or {}
        places = list(counting)
        whole = sum(rate.get(place, 1) * self.paid[place] for place in places)
        gone = sum(rate.get(place, 1) * self.back[place] for place in places)
        rest = self.total - sum(self.back)
        if not whole or not rest:
            return 0
        return reward - reward * (rest * gone + self.loose * (whole - gone)) // (rest * whole)


def balance_of(transaction: Transaction) -> Balance:
    """The balance of a sale that is complete; of an ended one nothing is left."""
    return balance(transaction.sale.details, transaction.refundable, transaction.given, transaction.seen)


def restated(transaction: Transaction) -> Transaction:
    """The sale with the status and the sum given back that its reports leave it; a deleted one stays deleted."""
    now = balance_of(transaction)
    status, gone = transaction.endings.status, transaction.given.rests > 0 or (now.total > 0 and now.left == 0)
    if status == "complete" and gone:
        status = "refunded"
    refunded = now.given_back if status == "complete" else transaction.refundable
    return replace(transaction, status=DELETED if transaction.status == DELETED else status, refunded=refunded)


def balance(lines: Sequence[Line], total: int | None, given: GivenBack, seen: Versions | None = None) -> Balance:
    """The balance of a sale with these details; `total` is None if only lines were reported.

    `seen` has the names in versions of the sale before or after a change."""
    listed = sum(line.total for line in lines)
    in_all = max(0, listed if total is None else total)
    paid = spread(min(in_all, max(0, listed)), [max(0, line.total) for line in lines])
    exact, beyond = on_lines(lines, paid, given, seen or Versions())
    back = [min(part, rounded(asked)) for part, asked in zip(paid, exact, strict=True)]
    rest = in_all - sum(back)
    loose = min(rest, rounded(given.of_no_item + sum(beyond.values())))
    return Balance(in_all, tuple(paid), tuple(back), rest if given.rests else loose)


def unlisted_discounts(lines: Sequence[Line], total: int) -> tuple[int, ...]:
    """The part of each detail that a discount listed by no line takes off, in minor units."""
    listed = max(0, sum(line.total for line in lines))
    full = spread(listed, [max(0, line.total) for line in lines])
    paid = balance(lines, total, GivenBack()).paid
    return tuple(before - after for before, after in zip(full, paid, strict=True))


def on_lines(
    lines: Sequence[Line], limits: Sequence[int], given: GivenBack, seen: Versions | None = None
) -> tuple[list[int], dict[int | str, int]]:
    """The exact part of each detail up to its limit, and the exact excess of each name, in FINE parts.

    A name fills the details of its items in their order. All of it is excess if no version of the sale had the name."""
    before = seen or Versions()
    places = places_of(lines)
    exact, beyond = [0] * len(lines), dict[int | str, int]()
    named: list[tuple[int | str, int, bool]] = [
        *((name, asked, name in before) for name, asked in sorted(given.by_position.items())),
        *((name, asked, name in before) for name, asked in sorted(given.by_external_id.items())),
    ]
    for name, asked, of_another_version in named:
        rest = asked
        for place in places.get(name, ()):
            part = min(rest, limits[place] * FINE - exact[place])
            exact[place] += part
            rest -= part
        # The money of a line that a change removed left the total with it.
        beyond[name] = rest if name in places or not of_another_version else 0
    return exact, beyond


def places_of(lines: Sequence[Line]) -> dict[int | str, list[int]]:
    """The details of each reported item, by the item's position and by its external id."""
    places: dict[int | str, list[int]] = {}
    item = -1
    for place, line in enumerate(lines):
        item += not line.continues
        places.setdefault(item, []).append(place)
        if (name := line.attributes.get("externalId")) is not None:
            places.setdefault(item_name(name), []).append(place)
    return places
