"""Requests, answers, events and messages of functions that run in one process."""

import base64
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT

Item = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """A response as a client receives it."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def error(self) -> Any:
        return self.json["error"]

    @property
    def failures(self) -> dict[str, str]:
        """Type of each failed check, by field."""
        assert self.error["code"] == "VALIDATION_FAILED", self.text
        return {failed["field"]: failed["type"] for failed in self.error["context"]["failedValidations"]}

    @property
    def refused(self) -> dict[str, str]:
        """The sentence of each failed check, by field, in any dialect."""
        if self.status not in (400, 422):
            return {}
        if isinstance(found := self.json.get("error"), dict):
            return {it["field"]: it["message"] for it in found["context"].get("failedValidations", ())}
        if "issues" in self.json:
            return {it["path"]: it["message"] for it in self.json["issues"]}
        return dict(line.split(": ", 1) for line in found.split("; ") if ": " in line)


@dataclass
class Message:
    """An event in a consumer's queue."""

    function: str
    body: str
    receives: int = 0

    @property
    def detail_type(self) -> str:
        return str(json.loads(self.body)["detail-type"])


@dataclass
class Requests:
    """The requests that DynamoDB received: counts per operation, and the parameters of each."""

    made: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(operation for operation, _ in self.made))

    @property
    def writes(self) -> int:
        return sum(operation not in ("GetItem", "BatchGetItem", "Query", "Scan") for operation, _ in self.made)

    def of(self, operation: str) -> list[Any]:
        return [parameters for made, parameters in self.made if made == operation]


def sqs_event(*messages: Message) -> Item:
    return {
        "Records": [
            {
                "messageId": f"message-{place}",
                "receiptHandle": "handle",
                "body": message.body,
                "attributes": {"ApproximateReceiveCount": str(message.receives)},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": f"arn:aws:sqs:us-east-1:{ACCOUNT}:queue",
                "awsRegion": "us-east-1",
            }
            for place, message in enumerate(messages)
        ]
    }


def http_event(
    method: str,
    path: str,
    route: str,
    parameters: Item,
    query: Item,
    headers: dict[str, str],
    body: Any,
    stage: str = "$default",
) -> Item:
    """An event of API Gateway, for a route with these path parameters. The path includes the stage, as it does there. A
    body of text or bytes is sent as it is."""
    event: Item = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": unquote(path),
        "rawQueryString": urlencode(query),
        "headers": headers,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "api",
            "requestId": "request-1",
            "stage": stage,
            "http": {"method": method, "path": unquote(path), "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
        },
        "isBase64Encoded": False,
    }
    event |= {"pathParameters": parameters} if parameters else {}
    event |= {"queryStringParameters": {name: str(value) for name, value in query.items()}} if query else {}
    if isinstance(body, bytes):
        return event | {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    if body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body)
    return event
