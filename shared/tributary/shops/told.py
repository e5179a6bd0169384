"""Facts that a shop's webhook tells, in the ledger's terms. Amounts are integers in the minor unit of ISO 4217."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tributary.domain.quantity import Quantity


@dataclass(frozen=True)
class Referral:
    """The partner behind an order: our click id, the alias in its landing URL, and its coupon codes.

    The alias counts if the click id leads to no visits."""

    click: int | None = None
    alias: str | None = None
    coupons: tuple[str, ...] = ()


NO_REFERRAL = Referral()


@dataclass(frozen=True)
class Position:
    """One line of an order; `value` is of all its units, after discounts and without tax.

    `id` is the vendor's id of the line, None for an order told as one line. `attributes` may have `sku`."""

    name: str
    value: int
    quantity: Quantity = 1
    type: str = "product"
    id: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refund:
    """Money that went back to the buyer, by the vendor's own id of the refund.

    The sale is named by `order`, or by a `payment` that a Tie leads to its order. `amount` is None for all that is
    left; with `so_far` it is the sum of all refunds until now. `lines` are (line id, value without tax) pairs; `tax`
    and `shipping` are the parts of the amount that are not of lines."""

    id: str
    amount: int | None
    currency: str | None = None
    order: str | None = None
    payment: str | None = None
    lines: tuple[tuple[str, int], ...] = ()
    tax: int = 0
    shipping: int = 0
    so_far: bool = False


@dataclass(frozen=True)
class Withdrawal:
    """A refund that does not count after all: it failed, was deleted, or its dispute was won."""

    id: str
    order: str | None = None
    payment: str | None = None


@dataclass(frozen=True)
class Order:
    """An order that was paid, as it was at `as_of`. Lines, tax, shipping and fee add up to the total.

    `discount` is taken off the lines already. `refunds` are all refunds that the order has at `as_of`, None if the
    vendor tells refunds apart. `subscription` is a key under which another webhook may tell the referral;
    `renewal` marks a later payment of one. `payments` are those of which refunds may know nothing else. `in_turn` marks
    a vendor that reads the order when it sends, and never sends again: of one second, the version heard last is the
    newest.

    An order without money has the reason to ignore it `unless_known`; one that is known then is edited to nothing. One
    that is `unpaid` after all must be newer than what is known."""

    id: str
    currency: str
    total: int
    lines: tuple[Position, ...]
    occurred_at: str
    as_of: str
    tax: int = 0
    shipping: int = 0
    fee: int = 0
    discount: int = 0
    referral: Referral = NO_REFERRAL
    subscription: str | None = None
    renewal: bool = False
    refunds: tuple[Refund, ...] | None = None
    payments: tuple[str, ...] = ()
    in_turn: bool = False
    unless_known: str | None = None
    unpaid: bool = False


@dataclass(frozen=True)
class Stated:
    """All refunds that an order has at a moment, told of an order that is not read otherwise. They count if its sale
    is known."""

    order: str
    as_of: str
    currency: str
    refunds: tuple[Refund, ...]


@dataclass(frozen=True)
class Tie:
    """A payment and the order that it paid, told apart from the order."""

    payment: str
    order: str


@dataclass(frozen=True)
class Brought:
    """The referral of a subscription, told apart from its orders. One that began without a payment has the moment of
    that, and its referral is of the first order that is paid."""

    subscription: str
    referral: Referral
    free_since: str | None = None


@dataclass(frozen=True)
class Ignored:
    """A delivery that changes nothing, and the reason for the connection's log."""

    reason: str


@dataclass(frozen=True)
class Refused:
    """A part of a delivery that cannot be read, and the reason for the connection's log; the other parts count."""

    reason: str
    refund: str | None = None


Told = Order | Stated | Refund | Withdrawal | Tie | Brought | Ignored | Refused
