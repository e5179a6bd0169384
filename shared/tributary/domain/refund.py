"""Refunds: what was given back of a sale, and what that leaves of a conversion.

What a conversion is worth is a function of the transaction as it is now, so refunds may come before or after the award,
before or after one another, and twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tributary.domain.errors import Conflict, Failure, ValidationFailed
from tributary.domain.money import MAX_MINOR, AmountTooLarge, minor_units
from tributary.domain.transaction import Line, Transaction


@dataclass(frozen=True)
class RefundedItem:
    """What was given back of one line, which is named by its `externalId` or its place, from 0."""

    amount: Decimal
    external_id: str | None = None
    position: int | None = None


@dataclass(frozen=True)
class RefundRequest:
    """A refund as it was reported. Amounts are in major units, or in `minor` ones; without an amount and without items
    it is all that is left. What `amount` exceeds its items by belongs to no line."""

    amount: Decimal | None = None
    items: tuple[RefundedItem, ...] = ()
    minor: bool = False

    @property
    def of_a_part(self) -> bool:
        """Whether it asks for something in particular, of which a sale of nothing has none."""
        return bool(self.amount or self.items)


@dataclass(frozen=True)
class RefundAllocation:
    """What a demand takes of a sale, in minor units; `lines` by place."""

    amount: int
    lines: Mapping[int, int]


class ExceedsRest(Conflict):
    """More is asked back than is left. The context names what is left, in minor units."""

    def __init__(self, left: int, currency: str, field: str = "amount") -> None:
        message = f"{field} is more than is left of the sale: {left} in minor units of {currency}."
        super().__init__(message, {"field": field, "refundable": left, "currency": currency})


def allocate(transaction: Transaction, demand: RefundRequest, *, capped: bool = False) -> RefundAllocation:
    """What a demand takes. ExceedsRest if that is more than is left, of the sale or of a line, unless it is `capped`;
    ValidationFailed if it does not fit the sale."""
    left = transaction.refundable - transaction.refunded
    if demand.amount is None and not demand.items:
        return RefundAllocation(left, {})
    lines: dict[int, int] = {}
    for place, item in enumerate(demand.items):
        field = f"items[{place}]"
        asked = _minor(item.amount, transaction, demand, f"{field}.amount", capped)
        for position, part in _parts(transaction, item, asked, lines, field, capped).items():
            lines[position] = lines.get(position, 0) + part
    of_lines = sum(lines.values())
    amount = of_lines if demand.amount is None else _minor(demand.amount, transaction, demand, "amount", capped)
    if amount < of_lines and not capped:
        raise ValidationFailed([Failure("amount", "amount is less than its items.", "MIN", {"min": of_lines})])
    if amount > left and not capped:
        raise ExceedsRest(left, transaction.sale.currency)
    return _within(RefundAllocation(max(amount, of_lines), lines), max(0, left))


def value_after_refunds(value: int, base: int, positions: Sequence[int], transaction: Transaction) -> int:
    """What is left of a reward: less by the refunded share of its base, rounded down; of a sale that has ended,
    nothing."""
    if transaction.status != "complete":
        return 0
    return value - value * refunded_base(base, positions, transaction) // base if base > 0 else value


def refunded_base(base: int, positions: Sequence[int], transaction: Transaction) -> int:
    """What was refunded of the lines that count for a reward, in minor units. Of what was refunded on no line in
    particular, they bear their part by value, rounded down. A base that is not above zero has nothing to give back."""
    if not transaction.refunded or base <= 0:
        return 0
    by_line = transaction.refunded_lines
    on_lines = sum(by_line.get(position, 0) for position in positions)
    on_none = transaction.refunded - sum(by_line.values())
    return min(base, on_lines + on_none * base // transaction.refundable)


def _parts(
    transaction: Transaction, item: RefundedItem, asked: int, taken: Mapping[int, int], field: str, capped: bool
) -> dict[int, int]:
    """Of which lines an item is given back: the first ones that it names, as far as they go."""
    parts: dict[int, int] = {}
    rest = asked
    named = _named(transaction.sale.details, item)
    if not named and not capped:
        raise ValidationFailed([Failure(field, f"{field} names no line of the sale.", "UNKNOWN")])
    for position, line in named:
        free = line.total - transaction.refunded_lines.get(position, 0) - taken.get(position, 0)
        if part := min(rest, max(0, free)):
            parts[position] = part
            rest -= part
    if rest and not capped:
        raise ExceedsRest(asked - rest, transaction.sale.currency, f"{field}.amount")
    return parts


def _named(lines: Sequence[Line], item: RefundedItem) -> list[tuple[int, Line]]:
    if item.position is not None:
        return [(item.position, lines[item.position])] if item.position < len(lines) else []
    return [(place, line) for place, line in enumerate(lines) if line.attributes.get("externalId") == item.external_id]


def _minor(amount: Decimal, transaction: Transaction, demand: RefundRequest, field: str, capped: bool) -> int:
    """In minor units. What is capped was taken in when nobody knew its sale's currency: it must not fail the sale."""
    try:
        return int(amount) if demand.minor else minor_units(amount, transaction.sale.currency)
    except AmountTooLarge:
        if capped:
            return MAX_MINOR
        raise ValidationFailed([Failure(field, f"{field} is too large.", "MAX", {"max": MAX_MINOR})]) from None


def _within(asked: RefundAllocation, left: int) -> RefundAllocation:
    """As much of it as is left; what belongs to no line gives way first."""
    if asked.amount <= left:
        return asked
    lines, rest = {}, left
    for position, part in sorted(asked.lines.items()):
        if kept := min(part, rest):
            lines[position] = kept
            rest -= kept
    return RefundAllocation(left, lines)
