"""Client of function_process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, Self

from local.paths import ROOT, SHARED

SCRIPT = Path(__file__).with_name("function_process.py")


class FunctionProcess:
    """A process with its own clients and caches, like one execution environment of Lambda."""

    def __init__(self, endpoint: str, log: IO[bytes]) -> None:
        environment = {**os.environ, "PYTHONPATH": f"{SHARED}:{ROOT}", "NO_PROXY": "127.0.0.1"}
        self._process = subprocess.Popen(
            [sys.executable, SCRIPT, endpoint],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )

    def run(self, function: str, event: Any) -> Any:
        process = self._process
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps({"function": function, "event": event}) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.communicate()


def http_event(method: str, path: str, key: str, body: Any) -> dict[str, Any]:
    """The event that API Gateway sends to a function."""
    where = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"}
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"authorization": f"Bearer {key}", "content-type": "application/json"},
        "requestContext": {"requestId": "test", "stage": "$default", "http": where},
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }
