"""Headers of a delivery: a signature in base64, as Shopify and WooCommerce send it, and the topic for the log."""

import hmac
import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

_TOPIC = re.compile(r"[\w./:-]{1,64}", re.ASCII)


def signed(body: bytes, signature: str | None, secrets: Sequence[str]) -> bool:
    """True if any secret made the signature; every secret is tried, so that time tells nothing."""
    if not signature:
        return False
    given = signature.strip().encode("utf-8", "replace")
    matches = [hmac.compare_digest(_signature(body, secret), given) for secret in secrets if secret]
    return any(matches)


def topic(value: object) -> str:
    """A topic for the log, only in the form that vendors use: headers are not signed."""
    if value is None:
        return "none"
    return value if isinstance(value, str) and _TOPIC.fullmatch(value) else "unknown"


def _signature(body: bytes, secret: str) -> bytes:
    return b64encode(hmac.new(secret.encode(), body, sha256).digest())
