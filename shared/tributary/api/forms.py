"""The forms that every answer shares."""

import json
from typing import Any

#: The base path, and the prefix under which the original's examples have it.
BASE = "/siren/v1"
WORDPRESS = "/wp-json"


def json_text(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)
