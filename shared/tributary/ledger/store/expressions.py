"""DynamoDB expressions. `#name` stands for the attribute `name`, since many of ours are reserved words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tributary.ledger.store.values import Item, encode

_PLACEHOLDER = re.compile(r"#(\w+)")


@dataclass(frozen=True)
class Plus:
    """A change that adds to the present value."""

    by: int


@dataclass(frozen=True)
class Tally(Plus):
    """A change that adds to the present value, or to zero if there is none."""


@dataclass(frozen=True)
class IfMissing:
    """A change that sets a value unless there is one."""

    value: Any


@dataclass(frozen=True)
class Same:
    """A change that copies the value at another path of the item."""

    path: str


#: A change that removes the attribute.
GONE = object()


def update_of(changes: Mapping[str, Any], condition: str, values: Mapping[str, Any]) -> Item:
    """The parameters of an update that sets paths of an item if the condition holds."""
    sets: dict[str, Any] = {}
    assignments, gone = [], []
    for place, (path, value) in enumerate(changes.items()):
        if value is GONE:
            gone.append(path)
        elif isinstance(value, Same):
            assignments.append(f"{path} = {value.path}")
        elif isinstance(value, IfMissing):
            sets[f"set{place}"] = value.value
            assignments.append(f"{path} = if_not_exists({path}, :set{place})")
        else:
            sets[f"set{place}"] = value.by if isinstance(value, Plus) else value
            assignments.append(f"{path} = {_before(path, value)}:set{place}")
            if isinstance(value, Tally):
                sets["zero"] = 0
    expression = "SET " + ", ".join(assignments) + (" REMOVE " + ", ".join(gone) if gone else "")
    return {"UpdateExpression": expression, **condition_of(condition, {**sets, **values}, also=expression)}


def _before(path: str, value: Any) -> str:
    """The summand before a value that is added."""
    if isinstance(value, Tally):
        return f"if_not_exists({path}, :zero) + "
    return f"{path} + " if isinstance(value, Plus) else ""


def condition_of(condition: str, values: Mapping[str, Any], also: str = "") -> Item:
    """A condition with the names and values that it, and the expression `also`, refer to."""
    parameters: Item = {}
    if condition:
        parameters["ConditionExpression"] = condition
    if names := {f"#{name}": name for name in _PLACEHOLDER.findall(condition + also)}:
        parameters["ExpressionAttributeNames"] = names
    if values:
        parameters["ExpressionAttributeValues"] = {f":{name}": encode(value) for name, value in values.items()}
    return parameters
