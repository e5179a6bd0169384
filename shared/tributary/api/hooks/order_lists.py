"""A shop's own list of orders as CSV: the missing ones are recorded, differing ones named.

WooCommerce never sends a webhook again, and others give up; this brings in the orders that were lost.
"""

import csv
import io
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, Protocol

from tributary.api.hooks import sales
from tributary.domain.errors import Failure, TributaryError, ValidationFailed
from tributary.domain.money import exponent
from tributary.domain.transaction import Transaction, listed
from tributary.ledger.sales import transaction_items, transactions
from tributary.ledger.store.values import Item
from tributary.shops import reading, vendors
from tributary.shops.adapter import Names, Unreadable
from tributary.shops.told import Order, Position

MAX_ROWS = 1000
_SEPARATORS = (",", ";", "\t")
_NAMES = Names()
_REQUIRED = ("order", "total", "paid_at")
#: A row has no lines, so every version of the order that a webhook tells is better.
_OLDEST = "1970-01-01T00:00:00.000Z"
#: Shopify's lists have a space there.
_AMOUNT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_BEFORE_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")
_Row = tuple[int, Order]


class OrderList(Protocol):
    """A list as text, the currency of rows that name none, and whether nothing is to be recorded."""

    csv: str
    currency: str | None
    dry_run: bool


def reconcile(connection: Item, columns: Mapping[str, str | None], given: OrderList, now: str) -> dict[str, Any]:
    """Record the orders that the ledger lacks; return their ids, the number known, and each row that differs or is
    refused. ValidationFailed for missing columns and beyond MAX_ROWS."""
    organization, source = connection["organization"], connection["listed"]["source"]
    form = vendors.adapter(connection["listed"]["vendor"]).list_id
    orders, refused = _read(_rows(given.csv, columns), columns, given.currency, form)
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


def _rows(text: str, columns: Mapping[str, str | None]) -> list[dict[str | None, Any]]:
    plain = text.removeprefix("\ufeff").lstrip("\r\n")
    try:
        reader = csv.DictReader(io.StringIO(plain), strict=True, delimiter=_separator(plain, columns))
        header, rows = list(reader.fieldnames or []), list[dict[str | None, Any]](reader)
    except csv.Error:
        raise ValidationFailed([Failure("csv", "csv is no CSV with a header.", "FORMAT")]) from None
    if failures := [*_misnamed(header, columns)]:
        raise ValidationFailed(failures)
    if len(rows) > MAX_ROWS:
        raise ValidationFailed([Failure("csv", f"csv must have at most {MAX_ROWS} rows.", "MAX", {"max": MAX_ROWS})])
    return rows


def _separator(text: str, columns: Mapping[str, str | None]) -> str:
    """The separator by which the header has all named columns; a comma if none has."""
    named = {column for column in columns.values() if column is not None}
    headers = ((sign, next(csv.reader(io.StringIO(text), delimiter=sign), [])) for sign in _SEPARATORS)
    return next((sign for sign, header in headers if named <= {*header}), _SEPARATORS[0])


def _misnamed(header: Sequence[str], columns: Mapping[str, str | None]) -> Iterator[Failure]:
    """A failure for each name that does not lead to one column."""
    for name, column in columns.items():
        field = f"columns.{_camel(name)}"
        if column is not None and column not in header:
            yield Failure(field, f"{field} names no column of the header.", "UNKNOWN")
        elif column is not None and header.count(column) > 1:
            yield Failure(field, f"{field} names several columns of the header.", "FORMAT")


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def _read(
    rows: Sequence[Mapping[str | None, Any]], columns: Mapping[str, str | None], currency: str | None, form: str
) -> tuple[list[_Row], list[dict[str, Any]]]:
    """The orders with their row numbers, from 1, and the rows that are none. An order of several rows counts once."""
    read, refused = dict[str, _Row](), list[dict[str, Any]]()
    for number, row in enumerate(rows, 1):
        filled = _filled(row, columns)
        if not _begins_an_order(filled, read):
            continue
        try:
            order = _order(filled, currency, form, overlong=None in row)
            if order.id in read and order != read[order.id][1]:
                raise Unreadable("order was named by another row, with other values")
        except Unreadable as error:
            refused.append({"row": number, "reason": str(error)})
            continue
        read.setdefault(order.id, (number, order))
    return list(read.values()), refused


def _filled(row: Mapping[str | None, Any], columns: Mapping[str, str | None]) -> dict[str, str]:
    texts = {name: row.get(column) for name, column in columns.items() if column is not None}
    return {name: text.strip() for name, text in texts.items() if isinstance(text, str) and text.strip()}


def _begins_an_order(filled: Mapping[str, str], read: Container[str]) -> bool:
    """False for the further rows of an order, one for each of its lines: they have no total, and some no order."""
    return not filled.keys().isdisjoint(_REQUIRED) and ("total" in filled or filled.get("order") not in read)


def _order(filled: Mapping[str, str], currency: str | None, form: str, overlong: bool) -> Order:
    if overlong:  # an amount with a comma, not quoted, would be cut
        raise Unreadable("row has more fields than the header")
    if missing := next((name for name in _REQUIRED if name not in filled), None):
        raise Unreadable(f"{_camel(missing)} is missing")
    code = reading.currency({"currency": filled.get("currency") or currency}, "currency")
    number, total = reading.identifier(filled, "order"), _total(filled["total"], code)
    if not re.fullmatch(form, number, re.ASCII):  # the number shown to people would make a second sale
        raise Unreadable("order is not the id that the shop's webhooks have")
    return Order(
        number,
        code,
        total,
        (Position("Order", total),),
        reading.moment(_BEFORE_OFFSET.sub("", filled["paid_at"]), "paidAt"),
        _OLDEST,
        subscription=listed(reading.identifier(filled, "order")),
        referral=reading.referral(list(_said(filled)), _NAMES, codes=[filled.get("coupon", "")]),
    )


def _total(text: str, code: str) -> int:
    """The amount in minor units, exactly as listed."""
    if not _AMOUNT.fullmatch(text):
        raise Unreadable("total is no number in the form 1234.56, without a currency and separators of thousands")
    if len(text.partition(".")[2].rstrip("0")) > exponent(code):
        raise Unreadable(f"total has more decimals than {code} has")
    total = reading.major_amount(text, "total", code)
    if total <= 0:
        raise Unreadable("total is not more than 0")
    return total


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
