"""Comparison of ledgers of one history, without times, causing writes and versions.

The presence of a time, the amounts earned and the reasons are compared.
"""

import re
from typing import Any

_CIRCUMSTANCES = {"version", "conversionVersion", "transactionVersion", "nonce", "trace"}
#: A review of an ended sale is refused, so its standing status depends on which of the two came first.
_CIRCUMSTANCES |= {"standing"}
#: Of more than ninety engagements, the order decides which give way, and so how often one begins anew.
_CIRCUMSTANCES |= {"evicted"}
#: Entities that are named by the version which a change left.
OF_WRITES = frozenset({"audit", "movement", "vanished"})
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def without_circumstances(value: Any) -> Any:
    """A record, or a part of one, without values that depend on the order and number of writes."""
    if isinstance(value, dict):
        return {name: without_circumstances(held) for name, held in value.items() if name not in _CIRCUMSTANCES}
    if isinstance(value, list):
        return [without_circumstances(held) for held in value if not _is_about_writes(held)]
    return _TIME.sub("a time", value) if isinstance(value, str) else value


def _is_about_writes(value: Any) -> bool:
    """True for an entry that is named by the version which a change left."""
    return isinstance(value, dict) and value.get("entity") in OF_WRITES
