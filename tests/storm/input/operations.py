"""The calls of docs/openapi.json, and requests for them. A test over these cannot miss a new route."""

import functools
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openapi.__main__ import PATHS
from tributary.api.http.dialect import BASES

Schema = dict[str, Any]
#: Values for members and parameters, by name.
Values = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Operation:
    """A call as the document describes it."""

    method: str
    path: str
    described: Schema
    dialect: str = "siren"

    @property
    def base(self) -> str:
        """The prefix of its paths."""
        return BASES[self.dialect]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}" if self.dialect == "siren" else f"{self.method} {self.base}{self.path}"

    @property
    def reads_a_body(self) -> bool:
        return "requestBody" in self.described

    @property
    def takes_rows(self) -> bool:
        """True for a batch, which reports a bad row in the row's own result."""
        return self.reads_a_body and "application/x-ndjson" in self.described["requestBody"]["content"]

    @property
    def queried(self) -> list[Schema]:
        return [parameter for parameter in self.described.get("parameters", ()) if parameter["in"] == "query"]

    @property
    def takes_anything(self) -> bool:
        """True if no input contradicts the document; as a parameter, every text is valid text."""
        kinds = [it["schema"] for it in self.described.get("parameters", ())]
        free = {"type", "description", "minLength"}
        return self.reads_a_body or any(it.get("type") != "string" or it.keys() - free for it in kinds)

    @property
    def statuses(self) -> set[int]:
        return {int(status) for status in self.described["responses"]}

    def paths(self, values: Values) -> Iterator[str]:
        """The path with each of the values for its parameters."""
        names = re.findall(r"{(\w+)}", self.path)
        for chosen in itertools.product(*(values.get(name, ["text"]) for name in names)):
            yield self.path.format(**dict(zip(names, chosen, strict=True)))

    def queries(self, values: Values) -> Iterator[dict[str, Any]]:
        """One query per parameter and known value, beginning with an empty one."""
        yield {}
        for parameter in self.queried:
            yield from ({parameter["name"]: value} for value in values.get(parameter["name"], ()))

    def bodies(self, values: Values) -> Iterator[Any]:
        """A body of required members, then bodies of all members: as many as there are values."""
        if not self.reads_a_body:
            yield None
            return
        schema = self.described["requestBody"]["content"]["application/json"]["schema"]
        whole = document(self.dialect)
        schema = _resolved(schema.get("anyOf", [schema])[0], whole)
        yield _filled(schema | {"properties": _required(schema)}, "body", values, 0, whole)
        for place in range(max(map(len, values.values()))):
            yield _filled(schema, "body", values, place, whole)


@functools.cache
def document(dialect: str = "siren") -> Schema:
    return dict(json.loads(PATHS[dialect].read_text()))


def operations() -> list[Operation]:
    """Every call of every document."""
    found = [
        Operation(method.upper(), path, it, dialect)
        for dialect in PATHS
        for path, methods in document(dialect)["paths"].items()
        for method, it in methods.items()
    ]
    assert found
    return found


def _filled(schema: Schema, name: str, values: Values, place: int, whole: Schema) -> Any:
    """A value of the schema; members with a known name take known values in turn."""
    schema = _resolved(schema, whole)
    if "enum" in schema:
        return schema["enum"][place % len(schema["enum"])]
    if name in values:
        return values[name][place % len(values[name])]
    if "anyOf" in schema:
        return _filled(schema["anyOf"][0], name, values, place, whole)
    kinds = schema.get("type", "null")
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "object":
        members = schema.get("properties", {}).items()
        return {member: _filled(part, member, values, place, whole) for member, part in members}
    if kind == "array":
        return [_filled(schema["items"], name, values, place, whole)]
    return {"null": None, "string": "text", "boolean": True}.get(kind, schema.get("minimum", 1))


def _resolved(schema: Schema, whole: Schema) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    return whole["components"]["schemas"][name] if name else schema


def _required(schema: Schema) -> Schema:
    return {name: part for name, part in schema.get("properties", {}).items() if name in schema.get("required", ())}
