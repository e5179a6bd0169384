"""A customer: merging of conflicting reports, and order totals."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tributary.domain.ids import read_id
from tributary.domain.transaction import DELETED, Transaction

STATUSES = ("active", "erased")
#: Personal fields, apart from the attributes that organizations define.
PERSONAL = ("email", "externalId", "firstName", "lastName", "name", "phone")
COUNTED = ("ordersCount", "totalSpent", "refundedTotal")
#: Totals that an organization's own bookkeeping may override.
STATABLE = ("ordersCount", "totalSpent")
_SPELLED = "prof_"

#: Values, each with the time it was reported for: `{"firstName": {"value": "Ada", "at": "2026-…Z"}}`; with the `source`
#: that its key was bound to, if any.
Dated = Mapping[str, Mapping[str, Any]]
Amounts = Mapping[str, int]


def spelled(customer_id: int) -> str:
    """A customer's id in Noticia's spelling."""
    return f"{_SPELLED}{customer_id}"


def is_own(text: str) -> bool:
    """True for a text in our own spelling of customer ids, existing or not; false for another system's id."""
    return text.startswith(_SPELLED)


def read_spelled(text: str) -> int | None:
    """The customer id spelled by a text, or None if it is not a valid id."""
    return read_id(text.removeprefix(_SPELLED)) if is_own(text) else None


def latest(held: Dated, given: Mapping[str, Any], at: str) -> Dated:
    """Merge field by field: the latest value wins, the greater text of two at the same time. Order does not matter.

    None is a value: it clears the field."""
    merged = dict(held)
    for name, value in given.items():
        new = {"value": value, "at": at}
        if name not in merged or _rank(new) > _rank(merged[name]):
            merged[name] = new
    return merged


def filled(held: Dated, given: Mapping[str, Any], at: str, source: str) -> Dated:
    """Merge what a key bound to a source reports: what is empty, and what it filled itself. All others outrank it."""
    own = {name: {"value": it["value"], "at": it["at"]} for name, it in held.items() if it.get("source") == source}
    free = {name: value for name, value in given.items() if name in own or name not in held}
    return {**held, **{name: {**dated, "source": source} for name, dated in latest(own, free, at).items()}}


def _rank(dated: Mapping[str, Any]) -> tuple[bool, str, str]:
    return "source" not in dated, dated["at"], json.dumps(dated["value"], sort_keys=True)


@dataclass(frozen=True)
class Share:
    """One order's part of its customer's totals, in minor units; empty for a deleted order or another customer's."""

    currency: str
    at: str
    amounts: Amounts = field(default_factory=dict)


def share_of(transaction: Transaction, customer_id: int) -> Share:
    """The order's share. Spending is the sale's reported total, since its lines may leave out taxes.

    A cancelled or refunded order still counts as an order, returned in full."""
    sale, at = transaction.sale, transaction.first.occurred_at  # fixed, so that amendments do not move it
    if transaction.status == DELETED or sale.customer_id != customer_id:
        return Share(sale.currency, at)
    returned = min(sale.total, transaction.refunded) if transaction.status == "complete" else sale.total
    amounts = {"ordersCount": 1, "totalSpent": sale.total, "refundedTotal": returned}
    return Share(sale.currency, at, amounts)


def last_orders(held: Mapping[str, str], share: Share) -> Mapping[str, str]:
    """The time of the latest order per currency.

    Orders returned, deleted or reassigned since still count, so the order of events does not matter."""
    return {**held, share.currency: max(held.get(share.currency, ""), share.at)}


@dataclass(frozen=True)
class Totals:
    """Sums over all orders per currency, and the values an organization stated instead.

    A stated value has its time, and `since`: the sum over orders after that time, unknown to it."""

    sums: Mapping[str, Amounts] = field(default_factory=dict)
    stated: Mapping[str, Mapping[str, dict[str, Any]]] = field(default_factory=dict)

    def changed(self, before: Share | None, after: Share) -> "Totals":
        """Totals with one order's share replaced; `before` is None for an order not counted yet."""
        return (self._plus(before, -1) if before else self)._plus(after, 1)

    def overridden(self, currency: str, given: Amounts, at: str, since: Iterable[Share]) -> "Totals":
        """Totals with stated members, unless a later statement is known; `since` are the shares after that time."""
        later = [share.amounts for share in since if share.currency == currency and share.at > at]
        stated = dict(self.stated.get(currency, {}))
        for name, value in given.items():
            held = stated.get(name)
            if held is None or (at, value) > (held["at"], held["value"]):
                stated[name] = {"value": value, "at": at, "since": sum(amounts.get(name, 0) for amounts in later)}
        return Totals(self.sums, _with(self.stated, currency, stated))

    def shown(self) -> list[dict[str, Any]]:
        """The totals shown to clients, one row per currency."""
        return [self._row(currency) for currency in sorted({*self.sums, *self.stated})]

    def _plus(self, share: Share, sign: int) -> "Totals":
        if not share.amounts:
            return self
        currency, before = share.currency, self.sums.get(share.currency, {})
        sums = {name: before.get(name, 0) + sign * share.amounts.get(name, 0) for name in COUNTED}
        stated = {
            name: held | ({"since": held["since"] + sign * share.amounts.get(name, 0)} if share.at > held["at"] else {})
            for name, held in self.stated.get(currency, {}).items()
        }
        return Totals(_with(self.sums, currency, sums), _with(self.stated, currency, stated))

    def _row(self, currency: str) -> dict[str, Any]:
        sums, stated = self.sums.get(currency, {}), self.stated.get(currency, {})
        row = {name: sums.get(name, 0) for name in COUNTED}
        row |= {name: held["value"] + held["since"] for name, held in stated.items()}
        orders, spent = row["ordersCount"], row["totalSpent"]
        average, left = _average(spent, orders), spent - row["refundedTotal"]
        return {"currency": currency, **row, "netSpent": left, "aov": average, "ltv": spent}


def netted(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of totals with refunds deducted from spending."""
    left = row["netSpent"]
    return {**row, "totalSpent": left, "ltv": left, "aov": _average(left, row["ordersCount"])}


def _average(spent: int, orders: int) -> int:
    """Average per order, rounded half up."""
    return (2 * spent + orders) // (2 * orders) if orders else 0


def _with(held: Mapping[str, Any], currency: str, amounts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Amounts with one currency replaced, or left out once all its amounts are zero."""
    others = {name: value for name, value in held.items() if name != currency}
    return {**others, currency: amounts} if any(amounts.values()) else others
