"""Stripe: sessions of Checkout, invoices, refunds and disputes.

The `detail` of an EventBridge event, as JSON, is read like the body of a webhook."""

from collections.abc import Callable, Mapping, Sequence

from tributary.shops import hex_signature, reading
from tributary.shops.adapter import Adapter, Delivery, Named, Names, Unreadable
from tributary.shops.stripe.event import Event
from tributary.shops.stripe.invoices import read_invoice, read_invoice_payment
from tributary.shops.stripe.refunds import read_dispute, read_refund
from tributary.shops.stripe.sessions import read_session
from tributary.shops.told import Ignored, Told

_SCHEME = hex_signature.Scheme("stripe-signature", ",", "t", "v1", b".")

# Each sum of money has one source; `charge.refunded` has only a running sum besides.
_TOLD_AGAIN = {"charge.refunded", "charge.succeeded", "invoice.payment_succeeded", "payment_intent.succeeded"}
_READERS: Mapping[str, Callable[[Event], tuple[Told, ...]]] = {
    "checkout.session.completed": read_session,
    "checkout.session.async_payment_succeeded": read_session,
    "invoice.paid": read_invoice,
    "invoice_payment.paid": read_invoice_payment,
    "refund.created": read_refund,
    "refund.updated": read_refund,
    "refund.failed": read_refund,
    "charge.refund.updated": read_refund,
    "charge.dispute.created": read_dispute,
    "charge.dispute.updated": read_dispute,
    "charge.dispute.closed": read_dispute,
    "charge.dispute.funds_withdrawn": read_dispute,
    "charge.dispute.funds_reinstated": read_dispute,
}


def _signed(delivery: Delivery, secrets: Sequence[str]) -> bool:
    return hex_signature.signed_in_time(delivery, secrets, _SCHEME)


def _topic(delivery: Delivery) -> str:
    return reading.topic(delivery.body, "type")


def _read(delivery: Delivery, names: Names) -> tuple[Told, ...]:
    body = reading.document(delivery.body)
    topic = reading.text(body, "type")
    reader = _READERS.get(topic)
    if reader is None:
        return (Ignored("told by another event" if topic in _TOLD_AGAIN else "other topic"),)
    live = reading.member(body, "livemode")
    if not isinstance(live, bool):
        raise Unreadable("livemode is no boolean")
    if not live:
        return (Ignored("test"),)
    told = reading.member(reading.member(body, "data"), "object")
    return reader(Event(topic, told, reading.unix(body, "created"), names))


def _named(delivery: Delivery) -> Named:
    body = reading.document(delivery.body)
    told, reader = reading.within(body, "data", "object"), _READERS.get(str(body.get("type")))
    own = reading.optional(told, "id")
    if reader in (read_refund, read_dispute):
        return Named(refund=own)
    if reader is read_invoice:
        return Named(own)
    invoice = reading.optional(told, "invoice", "id") or reading.optional(told, "invoice")
    return Named(invoice or (own if reader is read_session else None)) if reader else Named()


ADAPTER = Adapter(
    "stripe",
    _signed,
    _topic,
    _read,
    _named,
    signed_late=lambda delivery, secrets: hex_signature.signed_late(delivery, secrets, _SCHEME),
    list_id=r"(cs|in)_\w+",
)
