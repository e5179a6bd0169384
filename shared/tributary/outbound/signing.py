"""Signatures of a webhook: Siren's header and those of Standard Webhooks, over the same bytes."""

import base64
import hashlib
import hmac
import secrets as randomness
from collections.abc import Sequence

_PREFIX = "whsec_"


def new_secret() -> str:
    """A signing secret of 32 random bytes.

    The standard alphabet of base64, since URL-safe letters give receivers' libraries another key, in silence.
    """
    return _PREFIX + base64.b64encode(randomness.token_bytes(32)).decode()


def headers(secrets: Sequence[str], event_id: str, event_type: str, attempt_at: int, body: bytes) -> dict[str, str]:
    """Headers of one attempt at a Unix time in seconds; `secrets` newest first, two while they are rotated."""
    signed = f"{event_id}.{attempt_at}.".encode() + body
    return {
        "Content-Type": "application/json",
        "User-Agent": "Tributary-Webhooks/1",
        "X-Siren-Event": event_type,
        "X-Siren-Delivery": event_id,
        "X-Siren-Signature": f"sha256={hmac.new(secrets[0].encode(), body, hashlib.sha256).hexdigest()}",
        "webhook-id": event_id,
        "webhook-timestamp": str(attempt_at),
        "webhook-signature": " ".join(_standard_signature(secret, signed) for secret in secrets),
    }


def _standard_signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    return f"v1,{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}"
