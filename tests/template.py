"""template.yaml as tests look at it: as it is written, and as SAM expands it before CloudFormation sees it."""

import copy
import functools
import os
import pathlib
from typing import Any
from unittest import mock

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

import local.template

ROOT = pathlib.Path(__file__).parents[1]
Template = dict[str, Any]


def raw_template() -> Template:
    return copy.deepcopy(_parsed())


def expanded_template() -> Template:
    return copy.deepcopy(_expanded())


def resources(kind: str) -> dict[str, Template]:
    """The properties of all resources of a kind, by name, as CloudFormation sees them."""
    everything = expanded_template()["Resources"].items()
    found = {name: resource.get("Properties", {}) for name, resource in everything if resource["Type"] == kind}
    assert found, f"the template has no {kind}, so a rule about them would prove nothing"
    return found


def target(reference: Any) -> str | None:
    """The name in {Ref: name} or {Fn::GetAtt: [name, …]}; None of anything else."""
    match reference:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return name
        case _:
            return None


@functools.cache
def _parsed() -> Template:
    return local.template.load(ROOT / "template.yaml")


@functools.cache
def _expanded() -> Template:
    template = raw_template()
    for resource in template["Resources"].values():
        for uploaded in {"CodeUri", "ContentUri"} & resource.get("Properties", {}).keys():
            resource["Properties"][uploaded] = "s3://bucket/key"  # SAM expands what sam package has uploaded
    with mock.patch.dict(os.environ, AWS_DEFAULT_REGION="us-east-1"):
        return Translator({}, Parser()).translate(template, parameter_values={})
