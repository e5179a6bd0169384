"""Sealed records: bank data encrypted by the stack's KMS key.

The encryption context names the owner, so a sealed text that is copied to another record does not open there.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any

from tributary import aws, settings

_AT_ONCE = 16


@cache
def client() -> Any:
    """The process's KMS client."""
    return aws.client("kms", max_pool_connections=_AT_ONCE)


def seal(record: Mapping[str, Any], organization: str, owner: str) -> str:
    """The record as text that only `opened` reads; at most 4 KB of JSON."""
    plain = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    context = _context(organization, owner)
    answer = client().encrypt(KeyId=settings.sealing_key_id(), Plaintext=plain, EncryptionContext=context)
    return base64.b64encode(answer["CiphertextBlob"]).decode()


def opened(sealed: str, organization: str, owner: str) -> Any:
    """The record that was sealed for this owner."""
    answer = client().decrypt(
        KeyId=settings.sealing_key_id(),
        CiphertextBlob=base64.b64decode(sealed),
        EncryptionContext=_context(organization, owner),
    )
    return json.loads(answer["Plaintext"])


def opened_all(sealed: Sequence[tuple[str, str]], organization: str) -> list[Any]:
    """The records of (sealed text, owner) pairs, in their order."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(partial(_opened_pair, organization=organization), sealed))


def _opened_pair(pair: tuple[str, str], organization: str) -> Any:
    return opened(pair[0], organization, pair[1])


def _context(organization: str, owner: str) -> dict[str, str]:
    return {"organization": organization, "owner": owner}
