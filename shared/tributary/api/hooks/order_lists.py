"""A shop's own list of orders as CSV: the missing ones are recorded, differing ones named.

WooCommerce never sends a webhook again, and others give up; this brings in the orders that were lost.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from tributary.api.hooks import sales
from tributary.domain.errors import Failure, TributaryError, ValidationFailed
from tributary.domain.transaction import Transaction
from tributary.ledger.sales import transaction_items, transactions
from tributary.ledger.store.values import Item
from tributary.shops import reading
from tributary.shops.adapter import Names, Unreadable
from tributary.shops.told import Order, Position

MAX_ROWS = 1000
_NAMES = Names()
_REQUIRED = ("order", "total", "paid_at")


class OrderList(Protocol):
    """A list as text, the currency of rows that name none, and whether nothing is to be recorded."""

    csv: str
    currency: str | None
    dry_run: bool


def reconcile(connection: Item, columns: Mapping[str, str | None], given: OrderList, now: str) -> dict[str, Any]:
    """Record the orders that the ledger lacks; return their ids, the number known, and each row that differs or is
    refused. ValidationFailed for missing columns and beyond MAX_ROWS."""
    organization, source = connection["organization"], connection["listed"]["source"]
    orders, refused = _read(_rows(given.csv, columns), columns, given.currency)
    there = {
        sale.sale.external_id: sale
        for sale in map(
            transaction_items.of_item, transactions.find_all(organization, source, [it.id for _, it in orders])
        )
    }
    missing = [(row, order) for row, order in orders if order.id not in there]
    recorded = []
    for row, order in missing:
        try:
            if not given.dry_run:
                sales.record(organization, source, order, now)
            recorded.append(order.id)
        except TributaryError as error:
            refused.append({"row": row, "reason": error.code})
    known = [(row, order, there[order.id]) for row, order in orders if order.id in there]
    differing = [_difference(*it) for it in known if _differs(it[1], it[2])]
    return {"recorded": recorded, "known": len(known), "differing": differing, "refused": refused}


def _rows(text: str, columns: Mapping[str, str | None]) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
        header, rows = reader.fieldnames or [], list(reader)
    except csv.Error:
        raise ValidationFailed([Failure("csv", "csv is no CSV with a header.", "FORMAT")]) from None
    absent = [(f"columns.{_camel(name)}", column) for name, column in columns.items() if column not in (None, *header)]
    if absent:
        raise ValidationFailed(
            [Failure(field, f"{field} names no column of the header.", "UNKNOWN") for field, _ in absent]
        )
    if len(rows) > MAX_ROWS:
        raise ValidationFailed([Failure("csv", f"csv must have at most {MAX_ROWS} rows.", "MAX", {"max": MAX_ROWS})])
    return rows


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def _read(
    rows: list[dict[str, str]], columns: Mapping[str, str | None], currency: str | None
) -> tuple[list[tuple[int, Order]], list[dict[str, Any]]]:
    """The orders with their row numbers, from 1, and the rows that are none. An order of several rows counts once."""
    orders, refused, seen = list[tuple[int, Order]](), list[dict[str, Any]](), set[str]()
    for number, row in enumerate(rows, 1):
        try:
            order = _order({name: row.get(column or "") for name, column in columns.items()}, currency)
        except Unreadable as error:
            refused.append({"row": number, "reason": str(error)})
            continue
        if order.id not in seen:
            seen.add(order.id)
            orders.append((number, order))
    return orders, refused


def _order(row: Mapping[str, str | None], currency: str | None) -> Order:
    filled = {name: text.strip() for name, text in row.items() if text is not None and text.strip()}
    if missing := next((name for name in _REQUIRED if name not in filled), None):
        raise Unreadable(f"{_camel(missing)} is missing")
    code = reading.currency({"currency": filled.get("currency") or currency}, "currency")
    total = reading.major_amount(filled["total"], "total", code)
    if total <= 0:
        raise Unreadable("total is not more than 0")
    paid_at = reading.moment(filled["paid_at"], "paidAt")
    return Order(
        reading.identifier(filled, "order"),
        code,
        total,
        (Position("Order", total),),
        paid_at,
        paid_at,
        referral=reading.referral(list(_said(filled)), _NAMES, codes=[filled.get("coupon", "")]),
    )


def _said(filled: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    if "click_id" in filled:
        yield _NAMES.clicks[0], filled["click_id"]
    if "alias" in filled:
        yield _NAMES.aliases[0], filled["alias"]


def _differs(order: Order, known: Transaction) -> bool:
    return (order.total, order.currency) != (known.sale.total, known.sale.currency)


def _difference(row: int, order: Order, known: Transaction) -> dict[str, Any]:
    listed = {"total": order.total, "currency": order.currency}
    recorded = {"total": known.sale.total, "currency": known.sale.currency}
    return {"row": row, "order": order.id, "transactionId": known.id, "listed": listed, "recorded": recorded}
