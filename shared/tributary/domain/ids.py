"""Ids: positive integers below 2^53, derived from a record's cause, or random without one."""

import hashlib
import json
import re
import secrets
from collections.abc import Iterator

BITS = 53
#: How many colliding records may lie on one probe chain before a writer gives up.
MAX_PROBES = 64
_MAX_DIGITS = 64
_NAMED_DIGITS = 32


def cause_id(*cause: str | int) -> int:
    """The id of a record named by its cause: the leading bits of SHA-256 over the cause as a JSON array."""
    digest = hashlib.sha256(json.dumps(cause, separators=(",", ":"), ensure_ascii=False).encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> (64 - BITS)) or 1


def transaction_ids(organization: str, source: str, external_id: str) -> Iterator[int]:
    """The probe chain of a sale: its own id, then the following ones in case another sale has it."""
    first, last = cause_id(organization, "transaction", source, external_id), 2**BITS - 1
    for step in range(min(MAX_PROBES, last)):
        yield (first + step - 1) % last + 1


def random_id() -> int:
    """The id of a record without a natural key; the put that uses it is conditional."""
    return secrets.randbelow(2**BITS - 1) + 1


def read_id(text: str) -> int | None:
    """The id spelled by a text, or None if it is not a valid id."""
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS):
        return None
    return int(text) if 0 < int(text) < 2**53 else None


def text_digest(*parts: str) -> str:
    """A key part for text that must not be readable in keys (e-mails, secrets, ids of people)."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


def named_id(prefix: str, *cause: str) -> str:
    """The text id of a record named by its cause; too long for two causes to share one."""
    return f"{prefix}_{text_digest(prefix, *cause)[:_NAMED_DIGITS]}"


def unnamed_id(prefix: str) -> str:
    """A random text id, for a record without a natural key."""
    return f"{prefix}_{secrets.token_hex(_NAMED_DIGITS // 2)}"


def is_named(prefix: str, text: str) -> bool:
    """True for a text in the form of such an id."""
    return re.fullmatch(rf"{prefix}_[0-9a-f]{{{_NAMED_DIGITS}}}", text) is not None


def number_of(text_id: str) -> int:
    """The sort position of a text id among records of the same millisecond."""
    return int(text_id.rpartition("_")[2][:13], 16)
