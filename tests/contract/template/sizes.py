"""Sizes of what AWS makes of the template, with the longest names that it may generate."""

import json
import re
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from tests.template import ROOT, Template

#: Stand-ins for generated names and ARNs.
NAME, ARN = "n" * 128, "a" * 200
PSEUDO = {"AWS::Partition": "aws", "AWS::Region": "ap-southeast-1", "AWS::AccountId": "1" * 12, "AWS::StackName": NAME}


def resolved(value: Any) -> Any:
    """A value with the longest that AWS may put for a reference."""
    match value:
        case {"Ref": str(name)}:
            return PSEUDO.get(name, NAME)
        case {"Fn::GetAtt": _} | {"Fn::ImportValue": _}:
            return ARN
        case {"Fn::Sub": [str(text), *_]} | {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([^!}]+)\}", lambda found: PSEUDO.get(found[1], ARN), text)
        case dict():
            return {name: resolved(inner) for name, inner in value.items()}
        case list():
            return [resolved(inner) for inner in value]
        case _:
            return value


def length(document: Any) -> int:
    """The length of a document's JSON, without the spaces that IAM does not count."""
    return len(json.dumps(resolved(document), separators=(",", ":")))


def statement(name: str, permission: Template) -> Template:
    """A permission as Lambda writes it into a function's policy."""
    return {
        "Sid": f"{NAME}-{name}-{'1' * 12}",
        "Effect": "Allow",
        "Principal": {"Service": permission["Principal"]},
        "Action": permission["Action"],
        "Resource": ARN,
        "Condition": {"ArnLike": {"AWS:SourceArn": permission.get("SourceArn", "")}},
    }


def of_layers() -> int:
    """The size of the pinned packages as they are installed here, and of the code."""
    pins = re.findall(r"^([\w.-]+)==", (ROOT / "layers/dependencies/requirements.txt").read_text(), re.M)
    files: list[Path] = [Path(str(file.locate())) for pin in pins for file in distribution(pin).files or ()]
    files += [*(ROOT / "shared").rglob("*.py")]
    return sum(file.stat().st_size for file in files if file.is_file())


def stack_names() -> list[str]:
    """The names that samconfig.toml gives."""
    return re.findall(r'^stack_name = "(.+)"$', (ROOT / "samconfig.toml").read_text(), re.M)


def of_kind(template: Template, kind: str) -> dict[str, Template]:
    """The properties of all resources of a kind."""
    found = template["Resources"].items()
    return {name: it.get("Properties", {}) for name, it in found if it["Type"] == kind}
