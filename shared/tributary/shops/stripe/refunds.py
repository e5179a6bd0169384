"""Refunds and disputes: money that went back, found by the payment intent or charge that had brought it."""

from tributary.shops import reading
from tributary.shops.stripe.event import Event, amount, payment_of
from tributary.shops.told import Ignored, Refund, Told, Withdrawal


def read_refund(event: Event) -> tuple[Told, ...]:
    """A refund counts once it succeeded, and no longer when it fails weeks later."""
    status = reading.text(event.told, "status")
    if status == "succeeded":
        return (_refund(event),)
    return (_withdrawal(event) if status in {"failed", "canceled"} else Ignored("refund not settled"),)


def read_dispute(event: Event) -> tuple[Told, ...]:
    """A dispute takes money back like a refund, unless it is an inquiry; winning it returns the money."""
    status = reading.text(event.told, "status")
    moves = reading.objects(event.told, "balance_transactions")
    if status.startswith("warning_"):
        return (Ignored("inquiry"),)
    if event.topic == "charge.dispute.funds_reinstated" or status == "won" or len(moves) > 1:
        return (_withdrawal(event),)
    if event.topic == "charge.dispute.funds_withdrawn" or moves:
        return (_refund(event),)
    return (Ignored("no money"),)


def _refund(event: Event) -> Refund | Ignored:
    code = reading.currency(event.told, "currency")
    money, payment = amount(event.told, "amount", code), payment_of(event.told)
    if money <= 0 or payment is None:
        return Ignored("no payment" if payment is None else "no money")
    return Refund(reading.identifier(event.told, "id"), money, code, payment=payment)


def _withdrawal(event: Event) -> Withdrawal | Ignored:
    payment = payment_of(event.told)
    if payment is None:
        return Ignored("no payment")
    return Withdrawal(reading.identifier(event.told, "id"), payment=payment)
