"""A sale as it was reported, and the transaction it became."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

STATUSES = ("complete", "refunded", "cancelled")
#: Of a deleted transaction its natural key stays taken, so that a late retry brings nothing back.
DELETED = "deleted"


#: Types of lines for goods, as opposed to fees, discounts and the like.
PRODUCT_TYPES = ("product", "subscription")


@dataclass(frozen=True)
class Line:
    """One detail of a sale. `value` is per unit, in minor units; `attributes` are texts, lists as JSON."""

    name: str
    value: int
    quantity: int = 1
    type: str = "product"
    description: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.value * self.quantity


def magnitude(lines: Iterable[Line]) -> int:
    """What any of the lines together can come to at most, above zero or below: a base may leave the discounts out."""
    return sum(abs(line.total) for line in lines)


@dataclass(frozen=True)
class Claim:
    """Who brought a sale, as its caller asserts it, and in which programs. `commission`, in minor units, replaces what
    the program would pay; such a claim names one program, or it would be paid several times."""

    collaborator_id: int
    program_ids: tuple[int, ...]
    commission: int | None = None


@dataclass(frozen=True)
class Sale:
    """What a caller reported, normalized. Immutable: a repeat is compared with it, whatever happened since.
    `tracking_id` is None where nobody was named who brought it, `customer_id` where the buyer is not known.
    `subtotal` is what commissions are of, where that is not the total. What the sale earns is not due before
    `due_at`. Without `automations` it is history, which whoever automates passes over; the ledger does not."""

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

    @property
    def details(self) -> tuple[Line, ...]:
        """The lines that count; a sale without lines is one `product` line of its subtotal, or else its total."""
        return self.lines or (Line("Order", self.total if self.subtotal is None else self.subtotal),)

    def has_key(self, source: str, external_id: str) -> bool:
        """Whether this is its natural key; another sale may have its id."""
        return (self.source, self.external_id) == (source, external_id)

    def differences(self, again: "Sale") -> list[str]:
        """Which of the reported fields a repeat names differently, in the order of the contract."""
        pairs = {
            "total": (self.total, again.total),
            "currency": (self.currency, again.currency),
            "trackingId": (self.tracking_id, again.tracking_id),
            "items": (self.lines, again.lines),
        }
        return [name for name, (first, second) in pairs.items() if first != second]


#: What may be amended: names of Sale, and the claim's commission.
AMENDABLE = ("total", "subtotal", "currency", "occurred_at", "due_at", "customer_id", "commission")


def amended_sale(sale: Sale, changes: Mapping[str, Any]) -> Sale:
    """The sale with some of AMENDABLE changed; its one line, if it has one, is of what commissions are of."""
    own = {name: value for name, value in changes.items() if name != "commission"}
    changed = replace(sale, **own)
    if "commission" in changes and sale.claim is not None:
        changed = replace(changed, claim=replace(sale.claim, commission=changes["commission"]))
    if changed.lines:
        (line,) = changed.lines
        changed = replace(changed, lines=(replace(line, value=replace(changed, lines=()).details[0].value),))
    return changed


@dataclass(frozen=True)
class Transaction:
    """The record of a sale: `version` counts every change and guards every write that depends on what was read.
    `refunded` is the sum given back, in minor units; `refunded_lines` is what of it belongs to a line, by place. `sale`
    is as it was `amended` since, `reported` as it was first. `settlement` is what its caller said of the payment:
    `unpaid`, `paid`, `paid_externally`; None if nothing."""

    id: int
    organization: str
    sale: Sale
    status: str
    created_at: str
    version: int
    refunded: int = 0
    refunded_lines: Mapping[int, int] = field(default_factory=dict)
    reported: Sale | None = None
    settlement: str | None = None

    @property
    def amended(self) -> bool:
        return self.reported is not None

    @property
    def touched(self) -> bool:
        """Whether anything but a refund has changed what is owed for it."""
        return self.amended or self.settlement is not None

    @property
    def settled(self) -> bool:
        """Whether what it earned was paid elsewhere."""
        return self.settlement in ("paid", "paid_externally")

    @property
    def first(self) -> Sale:
        """The sale as it was reported."""
        return self.reported or self.sale

    @property
    def total_value(self) -> int:
        return sum(line.total for line in self.sale.details)

    @property
    def refundable(self) -> int:
        """What can be given back in all: nothing of a sale whose discounts outweigh it."""
        return max(0, self.total_value)
