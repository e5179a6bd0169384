"""Plain values and their DynamoDB form.

Integers stay integers; floats and Decimals are refused, so none reaches money.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Item = dict[str, Any]

#: DynamoDB allows 400 KB per item; the rest is room for later changes of a record.
MAX_BYTES = 390_000


def encode(value: Any) -> Item:
    """The DynamoDB form of a plain value; TypeError for other types."""
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if value is None:
        return {"NULL": True}
    # Builtins first: the check of an abstract class alone takes longer than all the others.
    if isinstance(value, (dict, Mapping)):
        return {"M": encode_item(value)}
    if isinstance(value, (list, Sequence)):
        return {"L": [encode(member) for member in value]}
    raise TypeError(f"{type(value).__name__} does not belong in the ledger")


def decode(value: Mapping[str, Any]) -> Any:
    """The plain value of a DynamoDB form."""
    ((kind, held),) = value.items()
    if kind == "N":
        return int(held)
    if kind == "M":
        return decode_item(held)
    if kind == "L":
        return [decode(member) for member in held]
    return None if kind == "NULL" else held


def encode_item(item: Mapping[str, Any]) -> Item:
    return {name: encode(value) for name, value in item.items()}


def decode_item(item: Mapping[str, Any]) -> Item:
    return {name: decode(value) for name, value in item.items()}


def size(value: Any) -> int:
    """An upper bound of the bytes that DynamoDB counts for a plain value."""
    if isinstance(value, str):
        return len(value.encode()) + 3
    if isinstance(value, Mapping):
        return 3 + sum(len(name.encode()) + 1 + size(member) for name, member in value.items())
    if isinstance(value, Sequence):
        return 3 + sum(1 + size(member) for member in value)
    return 21
