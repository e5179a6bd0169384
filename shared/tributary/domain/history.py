"""What is imported as history: a record and its events say `automations: false`; of news nothing is said."""

from collections.abc import Mapping
from typing import Any


def marked(item: Mapping[str, Any]) -> dict[str, bool]:
    """What an event says of it."""
    return {} if item.get("automations", True) else {"automations": False}
