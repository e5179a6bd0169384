"""Transforms a template once per machine. The emulator transforms it for every stack, in time quadratic in its routes.

Results are stored below `.local`, under a hash of all inputs."""

import hashlib
import json
import os
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ministack.core.responses import get_region
from ministack.services.cloudformation import handlers

KEPT = 20  # templates, those that were used last

Template = dict[str, Any]

_transform = handlers._apply_transforms


def apply() -> None:
    handlers._apply_transforms = _kept


def _kept(template: Template, provided: Any = None, previous: Any = None) -> Template:
    path = _path(json.dumps([_versions(), get_region(), template, provided, previous], default=str))
    try:
        transformed = dict(json.loads(path.read_text()))
        os.utime(path)
        return transformed
    except FileNotFoundError:
        transformed = _transform(template, provided, previous)
    if type(transformed) is dict:  # and not one that says why it could not be transformed
        _write(path, json.dumps(transformed))
    return transformed


def _path(text: str) -> Path:
    return Path(os.environ["TRANSFORMS"]) / f"{hashlib.sha256(text.encode()).hexdigest()}.json"


def _write(path: Path, text: str) -> None:
    """Atomically, since others may read it meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_text(text)
    unfinished.replace(path)
    for old in sorted(path.parent.glob("*.json"), key=os.path.getmtime)[:-KEPT]:
        old.unlink(missing_ok=True)


@cache
def _versions() -> list[str]:
    return [version("ministack"), version("aws-sam-translator")]
