"""HTTP clients against the in-process stack: a published client runs unchanged, without a socket."""

from urllib.parse import parse_qsl

import httpx

from tests.stack.house import House


def client_of(house: House) -> httpx.Client:
    """A client whose requests go to the functions of the stack."""

    def answered(request: httpx.Request) -> httpx.Response:
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        query = dict(parse_qsl(request.url.query.decode(), keep_blank_values=True))
        path, body = request.url.raw_path.decode().partition("?")[0], request.content or None
        headers = {name: request.headers[name] for name in ("content-type",) if name in request.headers}
        answer = house.call(request.method, path, body, key=key, base="", headers=headers, **query)
        return httpx.Response(answer.status, headers=dict(answer.headers), text=answer.text)

    return httpx.Client(transport=httpx.MockTransport(answered))
