"""The in-process stack behind WSGI, for HTTP clients: requests become HTTP API events."""

import base64
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl

from tests.stack.exchange import ACCOUNT, Item, Requests
from tests.stack.house import House
from tests.stack.wiring import route_of, stage_of

Environ = dict[str, Any]
_TEXT = ("application/json", "text/", "application/xml", "application/javascript")


class Gateway:
    """A WSGI application. `last` holds the DynamoDB requests of the latest request."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.last = Requests()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        with self.house.requests_made() as self.last:
            answer = self.house.invoke(*called(environ))
        start_response(f"{answer['statusCode']} -", list(_headers(answer)))
        return [answer["body"].encode("utf-8", "surrogatepass")]


def called(environ: Environ) -> tuple[str, Item]:
    """The function of the route, and its event."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
    key, function, parameters = route_of(method, path)
    query = environ.get("QUERY_STRING", "")
    joined: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, errors="replace"):
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    event: Item = {
        "version": "2.0",
        "routeKey": key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": _received(environ),
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "api",
            "requestId": "request-1",
            "stage": stage_of(path),
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
        },
        **_body(environ),
    }
    event |= {"pathParameters": parameters} if parameters else {}
    return function, event | ({"queryStringParameters": joined} if joined else {})


def _received(environ: Environ) -> dict[str, str]:
    names = {name: name[5:] for name in environ if name.startswith("HTTP_")} | {"CONTENT_TYPE": "content-type"}
    return {
        shown.lower().replace("_", "-"): environ[name]
        for name, shown in names.items()
        if environ.get(name) not in (None, "")
    }


def _body(environ: Environ) -> Item:
    """Text as it is, other types in base64; invalid UTF-8 with replacement characters, as the gateway passes it on."""
    sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    if not sent:
        return {"isBase64Encoded": False}
    if environ.get("CONTENT_TYPE", "application/json").startswith(_TEXT):
        return {"body": sent.decode("utf-8", "replace"), "isBase64Encoded": False}
    return {"body": base64.b64encode(sent).decode(), "isBase64Encoded": True}


def _headers(answer: Item) -> Iterator[tuple[str, str]]:
    yield from answer.get("headers", {}).items()
    for name, values in answer.get("multiValueHeaders", {}).items():
        yield from ((name, value) for value in values)
