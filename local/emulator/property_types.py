"""CloudFormation converts a property to its documented type; the emulator passes on the value of the template or
parameter.

A number as a function's variable stops its worker from starting, and a limit from a parameter is text, which cannot be
compared."""

from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]


def apply() -> None:
    _convert("AWS::Lambda::Function", _variables_as_text)
    _convert("AWS::Lambda::EventSourceMapping", _concurrency_as_number)


def _convert(resource_type: str, converted: Callable[[Properties], Properties]) -> None:
    handler = provisioners._RESOURCE_HANDLERS[resource_type]
    create = handler["create"]
    handler["create"] = lambda logical_id, properties, stack: create(logical_id, converted(properties), stack)


def _variables_as_text(properties: Properties) -> Properties:
    environment = properties.get("Environment", {})
    variables = {name: _text(value) for name, value in environment.get("Variables", {}).items()}
    return {**properties, "Environment": {**environment, "Variables": variables}}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _concurrency_as_number(properties: Properties) -> Properties:
    scaling = properties.get("ScalingConfig")
    if not scaling:
        return properties
    return {**properties, "ScalingConfig": {"MaximumConcurrency": int(scaling["MaximumConcurrency"])}}
