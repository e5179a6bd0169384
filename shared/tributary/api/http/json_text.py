"""JSON text of every response."""

import json
from decimal import Decimal
from typing import Any


def json_text(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def exact_json(value: Any) -> str:
    """The same with every digit of decimals: 108.00 stays 108.00."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{exact_json(str(name))}:{exact_json(member)}" for name, member in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(exact_json, value)) + "]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)
