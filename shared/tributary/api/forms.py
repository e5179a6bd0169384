"""The forms that every answer shares."""

import json
from collections.abc import Mapping
from typing import Any

#: The base path, and the prefix under which the original's examples have it.
BASE = "/siren/v1"
WORDPRESS = "/wp-json"


def json_text(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def error_body(message: str, code: str, context: Mapping[str, Any]) -> str:
    """An error in the API's form. `data` repeats `context`, since older clients read the one and newer the other."""
    return json_text({"error": {"message": message, "code": code, "context": context, "data": context}})
