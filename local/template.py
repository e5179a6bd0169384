"""The template as a dictionary, with CloudFormation's short tags in their long form."""

from pathlib import Path
from typing import Any

import yaml

Template = dict[str, Any]


#: Ten times as fast in C, which is part of most builds of PyYAML.
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):
    pass


def _long_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value = _value(loader, node)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


def _value(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _long_form)


def load(path: Path) -> Template:
    return yaml.load(path.read_text(), _Loader)


def resources(template: Template, resource_type: str) -> dict[str, dict[str, Any]]:
    """Logical id to properties."""
    found = template["Resources"].items()
    return {
        name: resource.setdefault("Properties", {}) for name, resource in found if resource["Type"] == resource_type
    }


def function_at(template: Template, directory: str) -> str | None:
    """The logical id of the function whose code is in functions/<directory>."""
    functions = resources(template, "AWS::Serverless::Function")
    return next((name for name, it in functions.items() if Path(it["CodeUri"]).name == directory), None)
