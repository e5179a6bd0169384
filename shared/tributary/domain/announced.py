"""Types and helpers shared by all announcers."""

from collections.abc import Iterator, Mapping
from typing import Any

Item = Mapping[str, Any]
#: Type, version of the record and data of each event.
Announced = Iterator[tuple[str, int, Mapping[str, Any]]]


def of_history(record: Item) -> dict[str, bool]:
    """`automations: false` for an import, and no such member otherwise."""
    return {} if record.get("automations", True) else {"automations": False}


def status_changed(old: Item | None, new: Item) -> bool:
    return old is None or old["listed"]["status"] != new["listed"]["status"]


def pick(item: Item, *names: str) -> dict[str, Any]:
    return {name: item["listed"].get(name) for name in names}
