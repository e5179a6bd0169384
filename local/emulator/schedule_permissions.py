"""Permissions of a schedule's calls are checked against its own group; the emulator checks the group `default`.

Due schedules fire within a second: Scheduler may take a minute, the emulator takes ten seconds."""

import json
from typing import Any

from ministack.core import iam_actions
from ministack.services import scheduler

_resource_of = iam_actions.extract_resource_arn


def apply() -> None:
    iam_actions.extract_resource_arn = _of_its_group
    scheduler._SCHEDULE_TICK_INTERVAL = 1


def _of_its_group(service: str, method: str, path: str, headers: Any, body: bytes, query: Any, *where: str) -> str:
    arn = str(_resource_of(service, method, path, headers, body, query, *where))
    if service != "scheduler" or ":schedule/default/" not in arn:
        return arn
    return arn.replace(":schedule/default/", f":schedule/{_group(body, query)}/")


def _group(body: bytes, query: Any) -> str:
    """In the body of what makes a schedule, in the query of what reads or deletes one."""
    named = query.get("groupName") or json.loads(body or b"{}").get("GroupName")
    return str(named[0] if isinstance(named, list) else named or "default")
