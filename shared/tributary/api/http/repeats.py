"""Disclosure of repeats: the first report stays, and its repeat learns what it says differently."""

from collections.abc import Mapping, Sequence
from typing import Any


def differing(first: Mapping[str, Any], again: Mapping[str, Any]) -> list[str]:
    """Members of a repeat with another value than the first report's, by their names in the dialect."""
    return [name for name, value in again.items() if first.get(name) != value]


def headers(differs: Sequence[str] = ()) -> dict[str, str]:
    named = {"Idempotency-Differs": ",".join(differs)} if differs else {}
    return {"Idempotency-Hit": "true", **named}


def members(differs: Sequence[str]) -> dict[str, Any]:
    """The same within an answer that is an object of the dialect's own."""
    return {"repeated": True, "differs": list(differs)}
