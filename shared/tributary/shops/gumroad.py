"""Gumroad: pings without a signature, in US cents. A custom field of the checkout can replace a member of a sale."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from tributary.shops import headers, lines, reading
from tributary.shops.adapter import Adapter, Delivery, Named, Names, Unreadable
from tributary.shops.told import NO_REFERRAL, Brought, Ignored, Order, Position, Referral, Refund, Told, Withdrawal

#: Prices are settled US cents; the member `currency` is that of the product's list price.
_CURRENCY = "USD"
_REFUND, _DISPUTE = "refund", "dispute"
_MOST_FIELDS = 1000
_NESTED = re.compile(r"(url_params|custom_fields)\[([^\[\]]+)\]")
#: Members that name the sale or its money: a buyer must not be able to write them.
_GUARDED = (
    "sale_id", "price", "shipping_rate", "sale_timestamp", "test", "is_preorder_authorization", "is_recurring_charge",
    "subscription_id", "gift_price", "is_gift_receiver_purchase", "refunded", "disputed", "dispute_won",
)  # fmt: skip


@dataclass(frozen=True)
class _Ping:
    """Members of a ping, those of the product page's query apart; blank ones are absent."""

    members: Mapping[str, Any]
    query: Mapping[str, Any]
    fields: frozenset[str]

    def says(self, name: str) -> bool:
        return self.members.get(name) in (True, "true")

    def own(self, name: str) -> Any:
        """A member, None if a custom field of the same name has replaced it."""
        return None if name in self.fields else self.members.get(name)


def _read(delivery: Delivery, names: Names) -> tuple[Told, ...]:
    ping = _ping(delivery.body)
    kind = ping.members.get("resource_name")
    _check_own(ping, "resource_name", "test")
    # The settings page sends the latest real sale as a test, without a resource.
    if ping.says("test"):
        return (Ignored("test"),)
    if kind not in ("sale", "refund", "dispute", "dispute_won"):
        return (Ignored("no money"),)
    _check_own(ping, *_GUARDED)
    order = reading.identifier(ping.members, "sale_id")
    if kind == "sale":
        return _sale(ping, order, names)
    return _back(ping, order, kind) or (Ignored("refund without an amount: fetch the sale"),)


def _check_own(ping: _Ping, *names: str) -> None:
    """Unreadable if a custom field has replaced one of the members."""
    if replaced := next((name for name in names if name in ping.fields), None):
        raise Unreadable(f"{replaced} is replaced by a custom field")


def _sale(ping: _Ping, order: str, names: Names) -> tuple[Told, ...]:
    if ping.says("is_preorder_authorization"):
        return (Ignored("not paid yet"),)
    # The receiver of a gift pays nothing; the price that the giver paid stands apart.
    total = _cents(ping, "gift_price" if ping.says("is_gift_receiver_purchase") else "price")
    found = _referral(ping, names)
    subscription = reading.identifier(ping.members, "subscription_id") if "subscription_id" in ping.members else None
    at = reading.moment(reading.member(ping.members, "sale_timestamp"), "sale_timestamp")
    if not total:
        if subscription and found != NO_REFERRAL:  # a free trial
            return (Brought(subscription, found, at),)
        return (Ignored("no money"),)
    shipping = _cents(ping, "shipping_rate")
    if shipping > total:
        raise Unreadable("price is less than shipping_rate")
    sale = Order(
        id=order,
        currency=_CURRENCY,
        total=total,
        lines=(_line(ping, total - shipping),),
        occurred_at=at,
        as_of=at,
        shipping=shipping,
        referral=found,
        subscription=subscription,
        renewal=ping.says("is_recurring_charge"),
    )
    return (sale, *_back(ping, order, "sale"))


def _back(ping: _Ping, order: str, kind: str) -> tuple[Told, ...]:
    """Facts of money given back. A ping is written when it is sent, so that of a sale may know of its refund."""
    told: list[Told] = []
    if kind in ("sale", "refund") and ping.says("refunded"):
        told.append(Refund(_REFUND, None, _CURRENCY, order))
    won = ping.says("dispute_won")
    if kind == "dispute_won" or (kind == "dispute" and won):
        told.append(Withdrawal(_DISPUTE, order))
    elif kind == "dispute" or (kind == "sale" and ping.says("disputed") and not won):
        told.append(Refund(_DISPUTE, None, _CURRENCY, order))
    return tuple(told)


def _line(ping: _Ping, value: int) -> Position:
    return Position(
        lines.name(ping.own("product_name")),
        value,
        lines.quantity({"quantity": ping.own("quantity")}, "quantity") or 1,
        "subscription" if "subscription_id" in ping.members else "product",
        attributes=lines.attributes(ping.members.get("sku_id")),
    )


def _referral(ping: _Ping, names: Names) -> Referral:
    query = {} if "url_params" in ping.fields else ping.query
    return reading.referral([*query.items()], names, codes=[ping.own("offer_code")])


def _cents(ping: _Ping, name: str) -> int:
    return lines.within_ledger(reading.whole(ping.members, name), name)


def _ping(body: bytes) -> _Ping:
    if body.lstrip().startswith(b"{"):
        members = reading.document(body)
        query, fields = (it if isinstance(it := members.get(name), Mapping) else {} for name in _NESTED_NAMES)
        return _Ping(_filled(members.items()), query, frozenset(fields))
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise Unreadable("the body is no form") from error
    nested = [(found[1], found[2], value) for name, value in pairs if (found := _NESTED.fullmatch(name))]
    query = {name: value for group, name, value in nested if group == "url_params"}
    return _Ping(_filled(pairs), query, frozenset(name for group, name, _ in nested if group == "custom_fields"))


_NESTED_NAMES = ("url_params", "custom_fields")


def _filled(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if value is not None and value != ""}


def _named(delivery: Delivery) -> Named:
    ping = _ping(delivery.body)
    kind = ping.members.get("resource_name")
    ids = {"refund": _REFUND, "dispute": _DISPUTE, "dispute_won": _DISPUTE}
    return Named(reading.optional({"id": ping.own("sale_id")}, "id"), ids.get(str(kind)))


def _topic(delivery: Delivery) -> str:
    try:
        return headers.topic(_ping(delivery.body).members.get("resource_name"))
    except Unreadable:
        return "unknown"


ADAPTER = Adapter(
    vendor="gumroad",
    signed=lambda _delivery, _secrets: True,
    topic=_topic,
    read=_read,
    named=_named,
    list_id=r"[\w-]{8,}={0,2}",
    makes_secret=True,
    in_path=True,
)
