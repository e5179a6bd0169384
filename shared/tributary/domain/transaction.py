"""A sale as reported, and its transaction."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from tributary.domain.codes import COUPON, TRACKING, Code
from tributary.domain.endings import Endings
from tributary.domain.given_back import GivenBack
from tributary.domain.ids import text_digest
from tributary.domain.quantity import Quantity, text

STATUSES = ("complete", "refunded", "cancelled")
#: The natural key of a deleted transaction stays taken, so that a late retry brings nothing back.
DELETED = "deleted"


#: Types of lines for goods, as opposed to fees, discounts and the like.
PRODUCT_TYPES = ("product", "subscription")
#: Types of lines that lower a sale, and those that raise or lower it.
LOWERING, EITHER_WAY = "discount", ("fee", "rounding")
#: Attributes of a detail whose text is a number as reported.
_NUMBERS, _LONGEST_NUMBER = ("quantity", "unitAmount"), 40


@dataclass(frozen=True)
class Line:
    """One detail of a sale. `value` is per unit, in minor units; `attributes` are texts, lists as JSON.

    `continues` marks a further detail of one reported item, whose total does not divide evenly."""

    name: str
    value: int
    quantity: int = 1
    type: str = "product"
    description: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    continues: bool = False

    @property
    def total(self) -> int:
        return self.value * self.quantity


def divided(line: Line, total: int, quantity: Quantity, price: str | None = None) -> tuple[Line, ...]:
    """A line of this total and quantity as details, which add up to it.

    One detail, or two a minor unit apart if the units do not divide it evenly. A quantity that is not whole is one
    detail of one unit, with the `price` per unit as text in major units."""
    whole = int(quantity)
    if whole != quantity:
        said = {"quantity": text(quantity), **({} if price is None else {"unitAmount": price})}
        return (replace(line, value=total, quantity=1, attributes={**line.attributes, **said}),)
    each, odd = divmod(total, whole)
    first = replace(line, value=each, quantity=whole - odd)
    return (first, replace(first, value=each + 1, quantity=odd, continues=True)) if odd else (first,)


def in_one_form(line: Line) -> Line:
    """The line with its numbers as text in one form, for comparisons: a quantity of 0.50 is that of 0.5."""
    numbers = {name: _plain(line.attributes[name]) for name in _NUMBERS if name in line.attributes}
    return replace(line, attributes={**line.attributes, **numbers}) if numbers else line


def _plain(number: str) -> str:
    """Text that is no number stays: the attributes of a transaction made by hand are its maker's."""
    try:
        return str(Decimal(number).normalize()) if len(number) <= _LONGEST_NUMBER else number
    except (InvalidOperation, ValueError):
        return number


def magnitude(lines: Iterable[Line]) -> int:
    """The largest absolute sum of any of the lines; a base may leave out discounts."""
    return sum(abs(line.total) for line in lines)


@dataclass(frozen=True)
class Claim:
    """The collaborator behind a sale and the paying programs, as asserted by its caller.

    `commission`, in minor units, replaces the program's reward; such a claim names one program only. `platform` and
    `sub_id` say where the sale was made and by which link."""

    collaborator_id: int
    program_ids: tuple[int, ...]
    commission: int | None = None
    platform: str | None = None
    sub_id: str | None = None


def listed(external_id: str) -> str:
    """The key under which the first webhook of an order tells the referral that a list lacks."""
    return f"listed order {external_id}"


@dataclass(frozen=True)
class Sale:
    """A report of a sale, normalized and immutable: repeats are compared with it.

    `tracking_id` is None without a referral, `customer_id` for an unknown buyer. `subtotal` is the base of commissions
    if not the total. Earnings are not due before `due_at`. `automations=False` marks an import: automations skip it,
    the ledger does not. The owners of `codes` are engaged as of the sale. `as_of` is the moment of a snapshot, which an
    older one never replaces. `subscription` is a key under which the referral may be told apart from the sale, of
    which a `renewal` is a later payment. Visits must not have expired at `referred_at`, if that was before the sale."""

    source: str
    external_id: str
    tracking_id: int | None
    total: int
    currency: str
    occurred_at: str
    lines: tuple[Line, ...] = ()
    customer_id: int | None = None
    claim: Claim | None = None
    subtotal: int | None = None
    due_at: str | None = None
    automations: bool = True
    codes: tuple[Code, ...] = ()
    as_of: str | None = None
    subscription: str | None = None
    renewal: bool = False
    referred_at: str | None = None

    @property
    def of_list(self) -> bool:
        """True for a sale of a shop's list, of which the first webhook tells the referral."""
        return self.subscription == listed(self.external_id)

    @property
    def snapshot(self) -> "Change | None":
        """The first snapshot as a change, to compare later ones with; None for a sale that is no snapshot."""
        return None if self.as_of is None else Change.of_version(self.as_of, self.total, self.lines)

    @property
    def details(self) -> tuple[Line, ...]:
        """The sale's lines; without any, one `product` line of its subtotal, or else its total."""
        return self.lines or (Line("Order", self.total if self.subtotal is None else self.subtotal),)

    def has_key(self, source: str, external_id: str) -> bool:
        """True if this is the sale's natural key; another sale may have its id."""
        return (self.source, self.external_id) == (source, external_id)

    def differences(self, again: "Sale") -> list[str]:
        """Fields a repeat reports differently, in the order of the contract."""
        pairs = {
            "total": (self.total, again.total),
            "currency": (self.currency, again.currency),
            "trackingId": (self.tracking_id, again.tracking_id),
            "items": (self.lines, again.lines),
            "couponCodes": (self._codes(COUPON), again._codes(COUPON)),
            "referral": (self._codes(TRACKING), again._codes(TRACKING)),
        }
        differing = [name for name, (first, second) in pairs.items() if first != second]
        same = "items" in differing and [*map(in_one_form, self.lines)] == [*map(in_one_form, again.lines)]
        return [name for name in differing if name != "items"] if same else differing

    def _codes(self, kind: str) -> set[tuple[str, str]]:
        return {held.compared for held in self.codes if held.type == kind}


@dataclass(frozen=True)
class Change:
    """A sale as edited later: the newest holds, by its moment and then its digest."""

    at: str
    digest: str
    total: int
    lines: tuple[Line, ...] = ()

    @classmethod
    def of_version(cls, at: str, total: int, lines: tuple[Line, ...]) -> "Change":
        """A version of a sale as of a moment; equal versions have equal digests."""
        plain = [in_one_form(line) for line in lines]
        told = [[line.name, line.value, line.quantity, line.type, dict(line.attributes)] for line in plain]
        digest = text_digest(json.dumps([total, told, [line.description for line in plain]]))[:16]
        return cls(at, digest, total, lines)

    def __gt__(self, other: "Change") -> bool:
        return (self.at, self.digest) > (other.at, other.digest)

    def of(self, sale: Sale) -> Sale:
        """The sale before refunds, with its key, moment, referral, claim and currency unchanged."""
        return replace(sale, total=self.total, lines=self.lines, subtotal=None)


#: Amendable fields: those of Sale, and the claim's commission.
AMENDABLE = ("total", "subtotal", "currency", "occurred_at", "due_at", "customer_id", "commission")


def amended_sale(sale: Sale, changes: Mapping[str, Any]) -> Sale:
    """The sale with some of AMENDABLE changed; its only line, if any, follows the subtotal or total."""
    own = {name: value for name, value in changes.items() if name != "commission"}
    changed = replace(sale, **own)
    if "commission" in changes and sale.claim is not None:
        changed = replace(changed, claim=replace(sale.claim, commission=changes["commission"]))
    if len(changed.lines) == 1:
        (line,) = changed.lines
        changed = replace(changed, lines=(replace(line, value=replace(changed, lines=()).details[0].value),))
    return changed


@dataclass(frozen=True)
class Versions:
    """The item names that any version of a sale has had: the most items, and all external ids."""

    items: int = 0
    external_ids: frozenset[str] = frozenset()

    def __contains__(self, name: int | str) -> bool:
        """True for the position or external id of an item of any version."""
        return name < self.items if isinstance(name, int) else name in self.external_ids


@dataclass(frozen=True)
class Transaction:
    """The record of a sale. `version` counts every change and guards every write based on a read.

    `given` adds up all refunds; `refunded` is the amount given back by them, in minor units. `sale` includes
    amendments and the newest `change`; `reported` is the first report, if that differs. `settlement` is the payment
    status given by its caller: `unpaid`, `paid`, `paid_externally` or None."""

    id: int
    organization: str
    sale: Sale
    status: str
    created_at: str
    version: int
    refunded: int = 0
    given: GivenBack = field(default_factory=GivenBack)
    reported: Sale | None = None
    settlement: str | None = None
    endings: Endings = field(default_factory=Endings)
    change: Change | None = None
    seen: Versions = field(default_factory=Versions)
    unchanged: Sale | None = None

    @property
    def to_attribute(self) -> Sale:
        """The sale on which attribution decides: as amended, but for edits, which come in any order."""
        return self.unchanged or self.sale

    @property
    def amended(self) -> bool:
        return self.reported is not None

    @property
    def touched(self) -> bool:
        """True if anything but a refund has changed the amounts owed."""
        return self.amended or self.settlement is not None

    @property
    def settled(self) -> bool:
        """True if its earnings were paid elsewhere."""
        return self.settlement in ("paid", "paid_externally")

    @property
    def first(self) -> Sale:
        """The sale as first reported."""
        return self.reported or self.sale

    @property
    def total_value(self) -> int:
        return sum(line.total for line in self.sale.details)

    @property
    def refundable(self) -> int:
        """The amount paid, all of which can be given back; zero for a sale outweighed by its discounts."""
        return max(0, self.sale.total)
