"""AWS clients whose requests end before the network: botocore does all its work, but nothing is sent."""

import io
import os
from typing import Any
from unittest import mock

from botocore.awsrequest import AWSResponse

from tributary.telemetry import logger

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "x",
    "AWS_SECRET_ACCESS_KEY": "x",
    "TABLE_NAME": "ledger",
}


def in_a_function() -> Any:
    """The environment of a function, with dummy credentials."""
    return mock.patch.dict(os.environ, ENVIRONMENT)


def stub(client: Any) -> Any:
    client.meta.events.register("before-send", _answered)
    return client


def log_unread() -> Any:
    """Format and write log lines to a discarded stream."""
    return mock.patch.object(logger.registered_handler, "stream", io.StringIO())


class _Body:
    def stream(self, **_: Any) -> list[bytes]:
        return [b"{}"]


def _answered(request: Any, **_: Any) -> AWSResponse:
    return AWSResponse(request.url, 200, {"content-type": "application/x-amz-json-1.0"}, _Body())
