"""A sale as it was reported, and the transaction it became."""

from collections.abc import Mapping
from dataclasses import dataclass, field

STATUSES = ("complete", "refunded", "cancelled")
#: Of a deleted transaction its natural key stays taken, so that a late retry brings nothing back.
DELETED = "deleted"


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
    `due_at`."""

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

    @property
    def details(self) -> tuple[Line, ...]:
        """The lines that count; a sale without lines is one `product` line of its subtotal, or else its total."""
        return self.lines or (Line("Order", self.total if self.subtotal is None else self.subtotal),)

    def differences(self, again: "Sale") -> list[str]:
        """Which of the reported fields a repeat names differently, in the order of the contract."""
        pairs = {
            "total": (self.total, again.total),
            "currency": (self.currency, again.currency),
            "trackingId": (self.tracking_id, again.tracking_id),
            "items": (self.lines, again.lines),
        }
        return [name for name, (first, second) in pairs.items() if first != second]


@dataclass(frozen=True)
class Transaction:
    """The record of a sale: `version` counts every change and guards every write that depends on what was read.
    `refunded` is the sum given back, in minor units; `refunded_lines` is what of it belongs to a line, by place."""

    id: int
    organization: str
    sale: Sale
    status: str
    created_at: str
    version: int
    refunded: int = 0
    refunded_lines: Mapping[int, int] = field(default_factory=dict)

    @property
    def total_value(self) -> int:
        return sum(line.total for line in self.sale.details)

    @property
    def refundable(self) -> int:
        """What can be given back in all: nothing of a sale whose discounts outweigh it."""
        return max(0, self.total_value)
