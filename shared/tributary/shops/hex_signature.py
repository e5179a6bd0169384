"""Signatures in hex of HMAC-SHA256, of the body alone or together with a timestamp."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from tributary.shops.adapter import Delivery

#: Seconds for which a signed timestamp stays good.
TOLERANCE = 300
_MOST_DIGITS = 12


@dataclass(frozen=True)
class Scheme:
    """A header of `stamp=…` and one or more `version=…`, and the bytes between timestamp and body when signed."""

    header: str
    separator: str
    stamp: str
    version: str
    joint: bytes


def signed(payload: bytes, signatures: Sequence[str], secrets: Sequence[str]) -> bool:
    """True if any secret made any of the signatures; every pair is compared, so that time tells nothing."""
    given = [signature.strip().encode("utf-8", "surrogatepass") for signature in signatures]
    wanted = [_signature(payload, secret) for secret in secrets if secret]
    matches = [hmac.compare_digest(ours, theirs) for ours in wanted for theirs in given]
    return any(matches)


def signed_in_time(delivery: Delivery, secrets: Sequence[str], scheme: Scheme) -> bool:
    """True if signed, and by a timestamp that is not too old; one of the future is a clock that runs ahead."""
    return _is_recent(_stamp(delivery, scheme), delivery.received) and _signed(delivery, secrets, scheme)


def signed_late(delivery: Delivery, secrets: Sequence[str], scheme: Scheme) -> bool:
    """True if signed, but by a timestamp that is too old."""
    return not _is_recent(_stamp(delivery, scheme), delivery.received) and _signed(delivery, secrets, scheme)


def _signed(delivery: Delivery, secrets: Sequence[str], scheme: Scheme) -> bool:
    signatures = [value for name, value in _parts(delivery, scheme) if name == scheme.version]
    return signed(_stamp(delivery, scheme).encode() + scheme.joint + delivery.body, signatures, secrets)


def _stamp(delivery: Delivery, scheme: Scheme) -> str:
    return next((value.strip() for name, value in _parts(delivery, scheme) if name == scheme.stamp), "")


def _parts(delivery: Delivery, scheme: Scheme) -> list[tuple[str, str]]:
    parts = [part.partition("=") for part in delivery.headers.get(scheme.header, "").split(scheme.separator)]
    return [(name.strip(), value) for name, _, value in parts]


def _is_recent(stamp: str, received: int) -> bool:
    digits = stamp.isascii() and stamp.isdigit() and len(stamp) <= _MOST_DIGITS
    return digits and received - int(stamp) <= TOLERANCE


def _signature(payload: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode("utf-8", "surrogatepass"), payload, sha256).hexdigest().encode()
