"""The buyer: what of several reports about one holds, and what the orders sum up to."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tributary.domain.ids import read_id
from tributary.domain.transaction import DELETED, Transaction

STATUSES = ("active", "erased")
#: What is known of a buyer beside the attributes that organizations choose themselves.
PERSONAL = ("email", "externalId", "firstName", "lastName", "name", "phone")
COUNTED = ("ordersCount", "totalSpent", "refundedTotal")
#: What an organization's own bookkeeping may state instead.
STATABLE = ("ordersCount", "totalSpent")
_SPELLED = "prof_"

#: Values with the moment that each is of: `{"firstName": {"value": "Ada", "at": "2026-…Z"}}`.
Dated = Mapping[str, Mapping[str, Any]]
Amounts = Mapping[str, int]


def spelled(customer_id: int) -> str:
    """A customer's id as Noticia's callers know it."""
    return f"{_SPELLED}{customer_id}"


def is_own(text: str) -> bool:
    """Whether a text means a customer's own id, be it anybody's or not, rather than another system's."""
    return text.startswith(_SPELLED)


def read_spelled(text: str) -> int | None:
    """The customer's id that such a text spells, or None if it is none that anybody can have."""
    return read_id(text.removeprefix(_SPELLED)) if is_own(text) else None


def latest(held: Dated, given: Mapping[str, Any], at: str) -> Dated:
    """Field by field the value of the latest moment; of two of one moment the one whose text is greater, so that the
    order in which they come does not matter. None is a value: it clears the field."""
    merged = dict(held)
    for name, value in given.items():
        new = {"value": value, "at": at}
        if name not in merged or _rank(new) > _rank(merged[name]):
            merged[name] = new
    return merged


def _rank(dated: Mapping[str, Any]) -> tuple[str, str]:
    return dated["at"], json.dumps(dated["value"], sort_keys=True)


@dataclass(frozen=True)
class Share:
    """What one order adds to its customer's totals, in minor units; nothing of an order that was deleted or is
    another's."""

    currency: str
    at: str
    amounts: Amounts = field(default_factory=dict)


def share_of(transaction: Transaction, customer_id: int) -> Share:
    """What was spent is what the sale was reported to cost; its lines may leave out taxes. A cancelled or refunded
    order stays an order, and all of it was given back."""
    sale, at = transaction.sale, transaction.first.occurred_at  # which keeps its place, whatever is amended
    if transaction.status == DELETED or sale.customer_id != customer_id:
        return Share(sale.currency, at)
    returned = min(sale.total, transaction.refunded) if transaction.status == "complete" else sale.total
    amounts = {"ordersCount": 1, "totalSpent": sale.total, "refundedTotal": returned}
    return Share(sale.currency, at, amounts)


def last_orders(held: Mapping[str, str], share: Share) -> Mapping[str, str]:
    """Per currency the moment of the latest order; one that is returned, deleted or another's by now was one, too, so
    that it does not matter whether it was counted before that."""
    return {**held, share.currency: max(held.get(share.currency, ""), share.at)}


@dataclass(frozen=True)
class Totals:
    """Per currency the sums over all orders, and what the organization stated instead: a value, the moment it is of,
    and `since`, the sum over the orders after that moment, which it cannot have known."""

    sums: Mapping[str, Amounts] = field(default_factory=dict)
    stated: Mapping[str, Mapping[str, dict[str, Any]]] = field(default_factory=dict)

    def changed(self, before: Share | None, after: Share) -> "Totals":
        """With another share of one order; `before` is None if it has not been counted yet."""
        return (self._plus(before, -1) if before else self)._plus(after, 1)

    def overridden(self, currency: str, given: Amounts, at: str, since: Iterable[Share]) -> "Totals":
        """With stated members, each unless a later moment's is known; `since` are the shares after that moment."""
        later = [share.amounts for share in since if share.currency == currency and share.at > at]
        stated = dict(self.stated.get(currency, {}))
        for name, value in given.items():
            held = stated.get(name)
            if held is None or (at, value) > (held["at"], held["value"]):
                stated[name] = {"value": value, "at": at, "since": sum(amounts.get(name, 0) for amounts in later)}
        return Totals(self.sums, _with(self.stated, currency, stated))

    def shown(self) -> list[dict[str, Any]]:
        """What clients read, a row per currency."""
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
    """A row of totals, with what was given back taken off what was spent."""
    left = row["netSpent"]
    return {**row, "totalSpent": left, "ltv": left, "aov": _average(left, row["ordersCount"])}


def _average(spent: int, orders: int) -> int:
    """Of an order, rounded half up."""
    return (2 * spent + orders) // (2 * orders) if orders else 0


def _with(held: Mapping[str, Any], currency: str, amounts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Without a currency in which nothing is left, as if there never had been anything."""
    others = {name: value for name, value in held.items() if name != currency}
    return {**others, currency: amounts} if any(amounts.values()) else others
