"""Webhooks as vendors send them: the headers of a body, signed by a secret."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

#: The header of the topic, where a vendor tells it apart from the body, and the first words of its topics.
TOPICS = {
    "shopify": ("x-shopify-topic", ("orders", "refunds")),
    "woocommerce": ("x-wc-webhook-topic", ("order",)),
}
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
Sign = Callable[[bytes, str, int], Mapping[str, str]]


def headers(vendor: str, body: bytes, secret: str, sample: str = "", now: int | None = None) -> dict[str, str]:
    """Headers of a delivery; the name of its sample tells the topic that two vendors send apart from the body."""
    sent = {"content-type": JSON if body.lstrip().startswith(b"{") else FORM}
    if vendor == "woocommerce" and body.startswith(b"webhook_id="):
        return sent  # its ping is not signed
    return sent | _topic(vendor, body, sample) | dict(SIGNERS[vendor](body, secret, now or int(time.time())))


def _topic(vendor: str, body: bytes, sample: str) -> dict[str, str]:
    words = [*sample.split("_"), "", ""][:2]
    if vendor == "shopify":
        return {"x-shopify-topic": "/".join(words), "x-shopify-shop-domain": "north-lamp.example.com"}
    if vendor == "woocommerce":
        return {"x-wc-webhook-topic": ".".join(words), "x-wc-webhook-source": "https://shop.example.com/"}
    return {"x-event-name": _event_name(body)} if vendor == "lemonsqueezy" else {}


def _event_name(body: bytes) -> str:
    try:
        meta: Any = json.loads(body)["meta"]
        return str(meta["event_name"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _base64(header: str) -> Sign:
    def sign(body: bytes, secret: str, now: int) -> Mapping[str, str]:
        return {header: base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()}

    return sign


def _hex(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


SIGNERS: Mapping[str, Sign] = {
    "shopify": _base64("x-shopify-hmac-sha256"),
    "woocommerce": _base64("x-wc-webhook-signature"),
    "stripe": lambda body, secret, now: {
        "stripe-signature": f"t={now},v1={_hex(f'{now}.'.encode() + body, secret)},v0=0"
    },
    "paddle": lambda body, secret, now: {"paddle-signature": f"ts={now};h1={_hex(f'{now}:'.encode() + body, secret)}"},
    "lemonsqueezy": lambda body, secret, now: {"x-signature": _hex(body, secret)},
    # Gumroad signs nothing: its secret is a part of the URL.
    "gumroad": lambda body, secret, now: {},
}
