"""Refunds: requests, and their allocation to the lines of a sale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tributary.domain.errors import Conflict, Failure, ValidationFailed
from tributary.domain.money import MAX_MINOR, AmountTooLarge, minor_units
from tributary.domain.transaction import Line, Transaction


@dataclass(frozen=True)
class RefundedItem:
    """The refund of one line, named by its `externalId` or its position, from 0."""

    amount: Decimal
    external_id: str | None = None
    position: int | None = None


@dataclass(frozen=True)
class RefundRequest:
    """A refund as reported, in major units, or in minor ones if `minor`.

    Without amount and items it asks for everything left. An excess of `amount` over its items belongs to no line."""

    amount: Decimal | None = None
    items: tuple[RefundedItem, ...] = ()
    minor: bool = False

    @property
    def of_a_part(self) -> bool:
        """True for a request of a particular amount or of items; a sale of nothing has neither."""
        return bool(self.amount or self.items)


@dataclass(frozen=True)
class RefundAllocation:
    """The amount taken from a sale, in minor units; `lines` are its parts by position."""

    amount: int
    lines: Mapping[int, int]


class ExceedsRest(Conflict):
    """A request for more than is left. The context has the refundable rest, in minor units."""

    def __init__(self, left: int, currency: str, field: str = "amount") -> None:
        message = f"{field} is more than is left of the sale: {left} in minor units of {currency}."
        super().__init__(message, {"field": field, "refundable": left, "currency": currency})


def allocate(transaction: Transaction, request: RefundRequest, *, capped: bool = False) -> RefundAllocation:
    """Allocate a request to a sale. ValidationFailed if it does not fit the sale.

    ExceedsRest if it is more than is left of the sale or of a line, unless `capped`."""
    left = transaction.refundable - transaction.refunded
    if request.amount is None and not request.items:
        return RefundAllocation(left, {})
    lines: dict[int, int] = {}
    for place, item in enumerate(request.items):
        field = f"items[{place}]"
        asked = _minor(item.amount, transaction, request, f"{field}.amount", capped)
        for position, part in _parts(transaction, item, asked, lines, field, capped).items():
            lines[position] = lines.get(position, 0) + part
    of_lines = sum(lines.values())
    amount = of_lines if request.amount is None else _minor(request.amount, transaction, request, "amount", capped)
    if amount < of_lines and not capped:
        raise ValidationFailed([Failure("amount", "amount is less than its items.", "MIN", {"min": of_lines})])
    if amount > left and not capped:
        raise ExceedsRest(left, transaction.sale.currency)
    return _within(RefundAllocation(max(amount, of_lines), lines), max(0, left))


def _parts(
    transaction: Transaction, item: RefundedItem, asked: int, taken: Mapping[int, int], field: str, capped: bool
) -> dict[int, int]:
    """Distribute a refunded item over its matching lines, in order, up to each line's remainder."""
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


def _minor(amount: Decimal, transaction: Transaction, request: RefundRequest, field: str, capped: bool) -> int:
    """Minor units of an amount. A capped one was accepted before its sale's currency was known, so it never fails."""
    try:
        return int(amount) if request.minor else minor_units(amount, transaction.sale.currency)
    except AmountTooLarge:
        if capped:
            return MAX_MINOR
        raise ValidationFailed([Failure(field, f"{field} is too large.", "MAX", {"max": MAX_MINOR})]) from None


def _within(asked: RefundAllocation, left: int) -> RefundAllocation:
    """The allocation cut to the amount left; the part without a line is cut first."""
    if asked.amount <= left:
        return asked
    lines, rest = {}, left
    for position, part in sorted(asked.lines.items()):
        if kept := min(part, rest):
            lines[position] = kept
            rest -= kept
    return RefundAllocation(left, lines)
