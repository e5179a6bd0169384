"""Signatures in base64 of HMAC-SHA256 over the raw body, as Shopify and WooCommerce send them."""

import hmac
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256


def signed(body: bytes, signature: str | None, secrets: Sequence[str]) -> bool:
    """True if any secret made the signature; every secret is tried, so that time tells nothing."""
    if not signature:
        return False
    given = signature.strip().encode("utf-8", "replace")
    matches = [hmac.compare_digest(_signature(body, secret), given) for secret in secrets if secret]
    return any(matches)


def _signature(body: bytes, secret: str) -> bytes:
    return b64encode(hmac.new(secret.encode(), body, sha256).digest())
