"""Invoices: payments of subscriptions and invoices sent by hand, in the forms of all API versions."""

from collections.abc import Iterator, Mapping
from typing import Any

from tributary.shops import amounts, reading
from tributary.shops.stripe.event import Event, amount, part, payment_of, reference, referral
from tributary.shops.told import NO_REFERRAL, Brought, Ignored, Order, Position, Referral, Tie, Told


def read_invoice(event: Event) -> tuple[Told, ...]:
    """The order of an invoice, with the payments that older API versions name in it.

    `amount_paid` is the buyer's money: a customer's credit balance paid the rest of the total."""
    told = event.told
    code = reading.currency(told, "currency")
    total = amount(told, "total", code)
    paid, found, key = min(total, amount(told, "amount_paid", code)), _referral(event), _subscription(told)
    if paid <= 0:
        return (Ignored("no money") if key is None or found == NO_REFERRAL else Brought(key, found, event.at),)
    lines, tax, shipping = _parts(told, code, total, paid)
    order = Order(
        id=reading.identifier(told, "id"),
        currency=code,
        total=paid,
        lines=lines,
        occurred_at=_paid_at(event),
        as_of=event.at,
        tax=tax,
        shipping=shipping,
        discount=_sum(told, "total_discount_amounts", code),
        referral=found,
        # The session of a single payment tells its referral under the invoice's own id.
        subscription=key or reading.identifier(told, "id"),
        renewal=key is not None and reading.within(told, "billing_reason") != "subscription_create",
        payments=tuple(dict.fromkeys(_payments(told))),
    )
    return (order,)


def _parts(told: Any, code: str, total: int, paid: int) -> amounts.Parts:
    """Lines, tax and shipping; an event holds the first lines of an invoice only."""
    listed = reading.within(told, "lines")
    lines = [_position(line, code) for line in reading.objects(listed, "data")]
    more = reading.within(listed, "has_more") is True
    return amounts.parts(lines, total, _tax(told, code), _shipping(told, code), paid, more)


def read_invoice_payment(event: Event) -> tuple[Told, ...]:
    """From API version basil on, the only tie between an invoice and its payment intent."""
    payment = payment_of(reading.within(event.told, "payment"))
    invoice = reference(event.told, "invoice")
    return (Tie(payment, invoice) if payment and invoice else Ignored("no payment"),)


def _position(line: Mapping[str, Any], code: str) -> Position:
    taken_off = _sum(line, "discount_amounts", code) + _inclusive_tax(line, code)
    count = line.get("quantity_decimal")
    price = reading.within(line, "pricing", "price_details", "price") or reading.within(line, "price", "id")
    return Position(
        name=reading.label(line.get("description"), "Invoice line"),
        value=part(line, "amount", code) - taken_off,
        quantity=amounts.units(line.get("quantity") if count is None else count),
        type="subscription" if _is_recurring(line) else "product",
        id=reading.identifier(line, "id"),
        attributes={"sku": sku} if (sku := reading.label(price, "")) else {},
    )


def _is_recurring(line: Mapping[str, Any]) -> bool:
    item = reading.within(line, "parent", "subscription_item_details")
    return item is not None or line.get("subscription") is not None or line.get("type") == "subscription"


def _inclusive_tax(line: Mapping[str, Any], code: str) -> int:
    """Tax within the line's amount; tax on top of it is a part of the invoice only."""
    within = [it for it in reading.objects(line, "taxes") if it.get("tax_behavior") == "inclusive"]
    within = within or [it for it in reading.objects(line, "tax_amounts") if it.get("inclusive") is True]
    return sum(part(it, "amount", code) for it in within)


def _tax(told: Any, code: str) -> int:
    for name in ("total_taxes", "total_tax_amounts"):
        if reading.within(told, name) is not None:
            return _sum(told, name, code)
    return part(told, "tax", code)


def _shipping(told: Any, code: str) -> int:
    cost = reading.within(told, "shipping_cost")
    if isinstance(cost, dict):
        return part(cost, "amount_total", code) - part(cost, "amount_tax", code)
    return part(told, "amount_shipping", code)


def _sum(of: Any, name: str, code: str) -> int:
    return sum(part(it, "amount", code) for it in reading.objects(of, name))


def _paid_at(event: Event) -> str:
    moments = reading.within(event.told, "status_transitions")
    return event.at if reading.within(moments, "paid_at") is None else reading.unix(moments, "paid_at")


def _subscription(told: Any) -> str | None:
    return reference(told, "subscription") or reference(
        reading.within(told, "parent", "subscription_details"), "subscription"
    )


def _referral(event: Event) -> Referral:
    """The invoice's own metadata first, then the subscription's as copied to it, then those of its lines."""
    told, lines = event.told, reading.within(event.told, "lines")
    paths = (("metadata",), ("parent", "subscription_details", "metadata"), ("subscription_details", "metadata"))
    metadata = [reading.within(told, *path) for path in paths]
    metadata += [line.get("metadata") for line in reading.objects(lines, "data")]
    return referral(event.names, metadata, discounts=[reading.within(told, "discount")])


def _payments(told: Any) -> Iterator[str]:
    """Payment intents and charges; a refund may know either."""
    listed = reading.objects(reading.within(told, "payments"), "data")
    for paid in (told, *(it.get("payment") for it in listed)):
        yield from filter(None, (reference(paid, "payment_intent"), reference(paid, "charge")))
