"""HTTP to the stack itself, past any proxy of the machine."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any, NamedTuple

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def get(url: str, key: str | None = None, timeout: float = 60) -> Answer:
    return _send(urllib.request.Request(url, headers=_headers(key)), timeout)


def post(url: str, content: object, key: str | None = None, timeout: float = 60) -> Answer:
    headers = {**_headers(key), "Content-Type": "application/json"}
    return _send(urllib.request.Request(url, json.dumps(content).encode(), headers), timeout)


def send(url: str, body: bytes, headers: Mapping[str, str], timeout: float = 60) -> Answer:
    """A POST of a body as it is."""
    return _send(urllib.request.Request(url, body, dict(headers)), timeout)


def delete(url: str, key: str | None = None, timeout: float = 60) -> Answer:
    return _send(urllib.request.Request(url, headers=_headers(key), method="DELETE"), timeout)


def _headers(key: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}


def _send(request: urllib.request.Request, timeout: float) -> Answer:
    try:
        with _opener.open(request, timeout=timeout) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())
