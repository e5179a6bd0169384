"""AWS::Events::Archive and AWS::Events::EventBusPolicy in CloudFormation, which the emulator refuses."""

import json
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge
from ministack.services.cloudformation import provisioners

Created = tuple[str, dict[str, Any]]


def apply() -> None:
    handlers = provisioners._RESOURCE_HANDLERS
    handlers["AWS::Events::Archive"] = {"create": _create_archive, "delete": _delete_archive}
    handlers["AWS::Events::EventBusPolicy"] = {"create": _create_policy, "delete": _delete_policy}


def _create_archive(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
    name = properties.get("ArchiveName") or provisioners._physical_name(stack, logical_id, max_len=48)
    request = {
        "ArchiveName": name,
        "EventSourceArn": properties["SourceArn"],
        "Description": properties.get("Description", ""),
        "RetentionDays": int(properties.get("RetentionDays", 0)),
        "EventPattern": _as_text(properties.get("EventPattern", "")),
    }
    status, _, body = eventbridge._create_archive(request)
    if status >= 400:
        raise ValueError(f"AWS::Events::Archive: {body!r}")
    return name, {"Arn": json.loads(body)["ArchiveArn"], "ArchiveName": name}


def _as_text(pattern: str | dict[str, Any]) -> str:
    return pattern if isinstance(pattern, str) else json.dumps(pattern)


def _delete_archive(name: str, properties: dict[str, Any]) -> None:
    eventbridge._delete_archive({"ArchiveName": name})


def _create_policy(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
    """Kept as it stands, so that DescribeEventBus shows it. The emulator does not evaluate bus policies."""
    bus = properties.get("EventBusName", "default")
    policy = eventbridge._event_bus_policies.get(bus) or {"Version": "2012-10-17", "Statement": []}
    policy["Statement"].append({**properties["Statement"], "Sid": properties["StatementId"]})
    eventbridge._event_bus_policies[bus] = policy
    arn = f"arn:aws:events:{get_region()}:{get_account_id()}:event-bus/{bus}"
    return f"{arn}|{properties['StatementId']}", {}


def _delete_policy(physical_id: str, properties: dict[str, Any]) -> None:
    bus, statement = properties.get("EventBusName", "default"), properties["StatementId"]
    eventbridge._remove_permission({"EventBusName": bus, "StatementId": statement})
