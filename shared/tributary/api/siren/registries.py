"""The registries: a setting's possible values, each with a name to show."""

import re
from collections.abc import Iterable
from typing import Any


def words(name: str) -> str:
    """`saleTransactionPercentage` as "Sale transaction percentage"; codes in capitals stay as they are."""
    return name if name.isupper() else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()


def registry(ids: Iterable[str]) -> list[dict[str, Any]]:
    """One `{id, name}` per value."""
    return [{"id": name, "name": words(name)} for name in ids]
