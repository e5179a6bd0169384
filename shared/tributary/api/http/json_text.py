"""JSON text of every response."""

import json
from typing import Any

#: The prefix under which Siren's surface stands once more.
WORDPRESS = "/wp-json"


def json_text(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)
