"""template.yaml for tests: as written, and as SAM expands it for CloudFormation."""

import copy
import functools
import hashlib
import json
import os
import pathlib
from importlib.metadata import version
from typing import Any
from unittest import mock

import local.template
from local.paths import STATE

ROOT = pathlib.Path(__file__).parents[1]
Template = dict[str, Any]


def raw_template() -> Template:
    return copy.deepcopy(_parsed())


def expanded_template() -> Template:
    return copy.deepcopy(_expanded())


def resources(kind: str) -> dict[str, Template]:
    """Properties of all resources of a kind, by name, as CloudFormation sees them."""
    everything = expanded_template()["Resources"].items()
    found = {name: resource.get("Properties", {}) for name, resource in everything if resource["Type"] == kind}
    assert found, f"the template has no {kind}, so a rule about them would prove nothing"
    return found


def target(reference: Any) -> str | None:
    """The name in {Ref: name} or {Fn::GetAtt: [name, …]}; None for anything else."""
    match reference:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return name
        case _:
            return None


@functools.cache
def consumers() -> dict[str, str]:
    """The function behind each queue, by its directory."""
    functions = [it for it in _parsed()["Resources"].values() if it["Type"] == "AWS::Serverless::Function"]
    return {
        str(target(event["Properties"]["Queue"])): it["Properties"]["CodeUri"].strip("/").rsplit("/", 1)[-1]
        for it in functions
        for event in it["Properties"]["Events"].values()
        if event["Type"] == "SQS"
    }


@functools.cache
def _parsed() -> Template:
    return local.template.load(ROOT / "template.yaml")


@functools.cache
def _expanded() -> Template:
    """SAM takes six seconds of each process, so its answer stays below `.local`, under a hash of its inputs."""
    inputs = [version("aws-sam-translator"), *(pathlib.Path(it).read_text() for it in _SOURCES)]
    path = STATE / "expanded" / f"{hashlib.sha256(json.dumps(inputs).encode()).hexdigest()}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(json.dumps(_expand()))
        unfinished.replace(path)  # at once, since another process may read it
    return json.loads(path.read_text())


_SOURCES = (__file__, local.template.__file__, ROOT / "template.yaml")


def _expand() -> Template:
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    template = raw_template()
    for resource in template["Resources"].values():
        for uploaded in {"CodeUri", "ContentUri"} & resource.get("Properties", {}).keys():
            resource["Properties"][uploaded] = "s3://bucket/key"  # SAM expands what sam package has uploaded
    with mock.patch.dict(os.environ, AWS_DEFAULT_REGION="us-east-1"):
        return Translator({}, Parser()).translate(template, parameter_values={})
