"""The template's wiring: the function behind a request or an event, and its variables."""

import functools
import importlib.util
import json
import re
from typing import Any
from urllib.parse import unquote

from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.events.models import EventPattern

from tests.stack.exchange import Item
from tests.stack.moto_stack import (
    BUS,
    DELIVERIES,
    GROUP,
    KEY,
    REGION,
    REPEATS,
    RETRIES,
    TABLE,
    queues,
    resources_of,
    sealing_key,
)
from tests.template import ROOT, consumers, raw_template, target


@functools.cache
def load(function: str) -> Any:
    """Load functions/<function>/app.py by its path, as Lambda does."""
    spec = importlib.util.spec_from_file_location(f"app_{function}", ROOT / "functions" / function / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@functools.cache
def functions() -> dict[str, Item]:
    """Properties of every function, by directory."""
    everything = raw_template()["Resources"].values()
    found = [it["Properties"] for it in everything if it["Type"] == "AWS::Serverless::Function"]
    return {properties["CodeUri"].strip("/").rsplit("/", 1)[-1]: properties for properties in found}


@functools.cache
def milliseconds(function: str) -> int:
    """The time that the template gives a function."""
    seconds: int = functions()[function].get("Timeout", raw_template()["Globals"]["Function"]["Timeout"])
    return seconds * 1000


@functools.cache
def _written(function: str) -> Item:
    shared = raw_template()["Globals"]["Function"]["Environment"]["Variables"]
    return {**shared, **functions()[function].get("Environment", {}).get("Variables", {})}


def _resolved(value: Any) -> str:
    name = target(value)
    if name is None or name in (TABLE, REPEATS, DELIVERIES, BUS, GROUP, RETRIES):
        return name or str(value)
    if name == KEY:
        return sealing_key()
    if "Fn::GetAtt" in value:
        return f"arn:aws:tributary:{REGION}:{ACCOUNT}:{name}"
    parameter = _parameters().get(name)
    return str(parameter["Default"]) if parameter else queues()[name]


@functools.cache
def _parameters() -> Item:
    return dict(raw_template()["Parameters"])


@functools.cache
def _routes() -> list[tuple[str, str, str]]:
    """Method, path and function of every route; literal paths before those with parameters, as the gateway prefers."""
    events = [
        (event["Properties"], function)
        for function, properties in functions().items()
        for event in properties["Events"].values()
        if event["Type"] == "HttpApi" and event["Properties"]["Path"] != "$default"
    ]
    return sorted(((it["Method"], it["Path"], function) for it, function in events), key=lambda route: "{" in route[1])


def stage_of(path: str) -> str:
    """The stage that the first segment of a path names; `$default` takes every other path."""
    first = path.removeprefix("/").partition("/")[0]
    stages = {str(it["StageName"]) for it in resources_of("AWS::ApiGatewayV2::Stage").values()}
    return first if first in stages else "$default"


def below_stage(path: str) -> str:
    """The path as routes have it."""
    stage = stage_of(path)
    return path if stage == "$default" else path.removeprefix(f"/{stage}")


def route_of(method: str, path: str) -> tuple[str, str, dict[str, str]]:
    """Route key, function and path parameters; every stage has every route."""
    for routed, pattern, function in _routes():
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern), below_stage(path))
        if routed == method and found:
            return f"{method} {pattern}", function, {name: unquote(value) for name, value in found.groupdict().items()}
    return "$default", "answer_unrouted", {}


@functools.cache
def rules() -> list[tuple[str, EventPattern]]:
    """Each rule's pattern, with the function behind its queue."""
    return [
        (consumers()[str(target(it["Arn"]))], EventPattern.load(json.dumps(rule["EventPattern"])))
        for rule in resources_of("AWS::Events::Rule").values()
        if "EventPattern" in rule
        for it in rule["Targets"]
    ]


def variables(function: str) -> dict[str, str]:
    """The function's environment, with references resolved to names and addresses."""
    return {name: _resolved(value) for name, value in _written(function).items()}
