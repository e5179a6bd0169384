"""Refunds: requests, and the sums they add to a sale's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from tributary.domain.balance import balance_of, on_lines, places_of
from tributary.domain.errors import Conflict, Failure, ValidationFailed
from tributary.domain.given_back import FINE, GivenBack, item_name, rounded
from tributary.domain.money import MAX_MINOR, exponent
from tributary.domain.transaction import Transaction

#: The most items of one sale that refunds may name.
MAX_NAMES = 1000
# Room for the largest amount times the largest quantity, with every digit that is kept.
_EXACT = Context(prec=80)


@dataclass(frozen=True)
class RefundedItem:
    """The refund of one item, named by its `externalId` or its position, from 0; `amount` is per unit."""

    amount: Decimal
    external_id: str | None = None
    position: int | None = None
    quantity: Decimal = Decimal(1)


@dataclass(frozen=True)
class RefundRequest:
    """A refund as reported, in major units, or in minor ones if `minor`.

    Without amount and items it asks for everything left. An excess of `amount` over its items belongs to no line.
    `so_far` marks an amount that is the sum of all the sale's refunds until then."""

    amount: Decimal | None = None
    items: tuple[RefundedItem, ...] = ()
    minor: bool = False
    so_far: bool = False

    @property
    def of_a_part(self) -> bool:
        """True for a request of a particular amount or of items; a sale of nothing has neither."""
        return bool(self.amount or self.items)


class ExceedsRest(Conflict):
    """A request for more than is left. The context has the refundable rest, in minor units."""

    def __init__(self, left: int, currency: str, field: str = "amount") -> None:
        message = f"{field} is more than is left of the sale: {left} in minor units of {currency}."
        super().__init__(message, {"field": field, "refundable": left, "currency": currency})


def demand(transaction: Transaction, request: RefundRequest, *, capped: bool = False) -> GivenBack:
    """The exact sums that a request adds to its sale's.

    ValidationFailed if it does not fit the sale, ExceedsRest if it is more than is left of the sale or of an item;
    `capped` takes every request, since caps apply to the sums."""
    if not capped and (request.amount is not None or request.items):
        _require_fit(transaction, request)
    asked = exact_demand(request, transaction.sale.currency)
    if (transaction.given + asked).names <= MAX_NAMES:
        return asked
    if not capped:
        raise Conflict(f"Refunds of a sale name at most {MAX_NAMES} items.", {"limit": MAX_NAMES})
    return without_names(asked)


def exact_demand(request: RefundRequest, currency: str) -> GivenBack:
    """The exact sums of a request in a currency, whatever its sale.

    A report of a currency that was not known yet may be larger than any sale; it takes what there is."""
    if request.amount is None and not request.items:
        return GivenBack(rests=1)
    if request.so_far and request.amount is not None:
        return GivenBack(so_far=min(_exact(request.amount, currency, request), MAX_MINOR * FINE))
    parts = [min(part, MAX_MINOR * FINE) for part in _parts(request, currency)]
    loose = 0
    if request.amount is not None:
        amount = min(_exact(request.amount, currency, request), MAX_MINOR * FINE)
        loose = max(0, amount - rounded(sum(parts)) * FINE)
    return _named(request.items, parts) + GivenBack(loose=loose)


def _parts(request: RefundRequest, currency: str) -> list[int]:
    return [_exact(_EXACT.multiply(item.amount, item.quantity), currency, request) for item in request.items]


def without_names(asked: GivenBack) -> GivenBack:
    """The same sum as of no item."""
    named = sum(asked.by_position.values()) + sum(asked.by_external_id.values())
    return GivenBack(loose=asked.loose + named, rests=asked.rests, so_far=asked.so_far)


def _require_fit(transaction: Transaction, request: RefundRequest) -> None:
    """Refuse unknown items, amounts that are too large or less than their items, and more than is left.

    Items of a sale that cost nothing are taken back, and nothing is given back for them."""
    parts = _parts(request, transaction.sale.currency)
    amount = None if request.amount is None else _exact(request.amount, transaction.sale.currency, request)
    failures = _misnamed(transaction, request) + _too_large(request, parts, amount)
    if failures:
        raise ValidationFailed(failures)
    is_open = transaction.status == "complete"
    of_items, left = rounded(sum(parts)), balance_of(transaction).left if is_open else 0
    if amount is not None and rounded(amount) < of_items:
        raise ValidationFailed([Failure("amount", "amount is less than its items.", "MIN", {"min": of_items})])
    if amount is not None and rounded(amount) > left:
        raise ExceedsRest(left, transaction.sale.currency)
    if of_items and not is_open:
        raise ExceedsRest(0, transaction.sale.currency, "amount" if request.amount is not None else "items[0].amount")
    _require_listed(transaction, request, parts)


def _misnamed(transaction: Transaction, request: RefundRequest) -> list[Failure]:
    """Failures for items that no version of the sale has: a line that an edit removed took its refund with it."""
    known, seen = places_of(transaction.sale.details), transaction.seen
    named = [(f"items[{number}]", _name(item)) for number, item in enumerate(request.items)]
    unknown = [field for field, name in named if name not in known and name not in seen]
    return [Failure(field, f"{field} names no line of the sale.", "UNKNOWN") for field in unknown]


def _too_large(request: RefundRequest, parts: Sequence[int], amount: int | None) -> list[Failure]:
    named = [(f"items[{number}].amount", part) for number, part in enumerate(parts)]
    named += [] if amount is None else [("amount", amount)]
    return [
        Failure(field, f"{field} is too large.", "MAX", {"max": MAX_MINOR})
        for field, fine in named
        if fine > MAX_MINOR * FINE
    ]


def _require_listed(transaction: Transaction, request: RefundRequest, parts: Sequence[int]) -> None:
    """Refuse more than is left of the items' listed totals.

    A price finer than the minor unit may exceed it by less than one minor unit per unit of its line."""
    lines = transaction.sale.details
    places = places_of(lines)
    allowed = [_allowed(item, places, transaction, request) for item in request.items]
    limits = [max(0, line.total) for line in lines]

    def beyond(count: int) -> int:
        """The exact sum beyond the listed totals, with the first items of the request."""
        asked = GivenBack(transaction.given.by_position, transaction.given.by_external_id)
        named = _named(request.items[:count], parts[:count])
        return sum(on_lines(lines, limits, asked + named, transaction.seen)[1].values())

    before, fits, exceeds = beyond(0), 0, len(parts)
    if beyond(exceeds) - before <= sum(allowed):
        return
    while exceeds - fits > 1:
        middle = (fits + exceeds) // 2
        fits, exceeds = (middle, exceeds) if beyond(middle) - before <= sum(allowed[:middle]) else (fits, middle)
    left = (parts[fits] - (beyond(exceeds) - beyond(fits))) // FINE
    raise ExceedsRest(max(0, left), transaction.sale.currency, f"items[{fits}].amount")


def _allowed(
    item: RefundedItem, places: Mapping[int | str, Sequence[int]], transaction: Transaction, request: RefundRequest
) -> int:
    """The exact excess that a price finer than the minor unit may have, just below a minor unit per unit."""
    if not _exact(item.amount, transaction.sale.currency, request) % FINE:
        return 0
    units = sum(transaction.sale.details[place].quantity for place in places.get(_name(item), ()))
    return max(0, min(int(item.quantity * FINE), units * FINE) - 1)


def _named(items: Sequence[RefundedItem], parts: Sequence[int]) -> GivenBack:
    by_position, by_external_id = dict[int, int](), dict[str, int]()
    for item, part in zip(items, parts, strict=True):
        if item.position is not None:
            by_position[item.position] = by_position.get(item.position, 0) + part
        elif item.external_id is not None:
            name = item_name(item.external_id)
            by_external_id[name] = by_external_id.get(name, 0) + part
    return GivenBack(by_position, by_external_id)


def _name(item: RefundedItem) -> int | str:
    return item.position if item.position is not None else item_name(item.external_id or "")


def _exact(amount: Decimal, currency: str, request: RefundRequest) -> int:
    """An amount in FINE parts of a minor unit, to twelve places of it."""
    minor = amount if request.minor else amount.scaleb(exponent(currency), _EXACT)
    return int(minor.scaleb(12, _EXACT).to_integral_value(ROUND_HALF_UP, _EXACT))
