"""JSON text of every response."""

import json
from typing import Any


def json_text(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)
