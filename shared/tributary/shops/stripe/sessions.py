"""Sessions of Checkout: an order paid at once, or the referral of what an invoice will tell."""

from typing import Any

from tributary.shops import amounts, reading
from tributary.shops.stripe.event import Event, amount, part, payment_of, reference, referral
from tributary.shops.told import NO_REFERRAL, Brought, Ignored, Order, Referral, Tie, Told


def read_session(event: Event) -> tuple[Told, ...]:
    """A session in mode `subscription` tells no money: its invoice does, and lacks the referral."""
    told = event.told
    found = referral(
        event.names,
        [reading.within(told, "metadata")],
        reading.within(told, "client_reference_id"),
        reading.within(told, "discounts"),
    )
    mode = reading.text(told, "mode")
    if mode == "subscription":
        free_since = event.at if reading.text(told, "payment_status") == "no_payment_required" else None
        return _brought(reference(told, "subscription"), found, free_since) or (Ignored("told by the invoice"),)
    if mode != "payment":
        return (Ignored("no money"),)
    status = reading.text(told, "payment_status")
    if status != "paid":
        return (Ignored("no money" if status == "no_payment_required" else "not paid yet"),)
    return _invoiced(told, found) or _paid(event, found)


def _brought(key: str | None, found: Referral, free_since: str | None = None) -> tuple[Told, ...]:
    return (Brought(key, found, free_since),) if key is not None and found != NO_REFERRAL else ()


def _invoiced(told: Any, found: Referral) -> tuple[Told, ...]:
    """A payment for which the session also made an invoice: `invoice.paid` tells it, with its lines."""
    invoice, payment = reference(told, "invoice"), payment_of(told)
    if invoice is None:
        return (Ignored("told by the invoice"),) if reading.within(told, "invoice_creation", "enabled") is True else ()
    ties = (Tie(payment, invoice),) if payment else ()
    return (*ties, *_brought(invoice, found)) or (Ignored("told by the invoice"),)


def _paid(event: Event, found: Referral) -> tuple[Told, ...]:
    told = event.told
    code = reading.currency(told, "currency")
    total = amount(told, "amount_total", code)
    if total <= 0:
        return (Ignored("no money"),)
    details = reading.within(told, "total_details")
    tax, shipping = part(details, "amount_tax", code), _shipping(told, code)
    lines, tax, shipping = amounts.parts([], total, tax, shipping)
    payment = payment_of(told)
    order = Order(
        id=reading.identifier(told, "id"),
        currency=code,
        total=total,
        lines=lines,
        occurred_at=event.at,
        as_of=event.at,
        tax=tax,
        shipping=shipping,
        discount=part(details, "amount_discount", code),
        referral=found,
        payments=(payment,) if payment else (),
    )
    return (order,)


def _shipping(told: Any, code: str) -> int:
    """Shipping without its tax, which is a part of all tax."""
    cost = reading.within(told, "shipping_cost")
    if isinstance(cost, dict):
        return part(cost, "amount_total", code) - part(cost, "amount_tax", code)
    return part(reading.within(told, "total_details"), "amount_shipping", code)
