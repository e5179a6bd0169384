"""What two ledgers of the same history may differ in: when something came about, by which write, and how often it was
written. That it has a time, what somebody earned, and why, is none of it."""

import re
from typing import Any

_CIRCUMSTANCES = {"version", "conversionVersion", "transactionVersion", "nonce", "trace"}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def without_circumstances(value: Any) -> Any:
    """A record, or a part of one, as far as the order and number of writes must not show in it."""
    if isinstance(value, dict):
        return {name: without_circumstances(held) for name, held in value.items() if name not in _CIRCUMSTANCES}
    if isinstance(value, list):
        return [without_circumstances(held) for held in value]
    return _TIME.sub("a time", value) if isinstance(value, str) else value
