#!/usr/bin/env bash
# botocore makes up the User-Agent header of a client anew for each request, and twice.
#
# Package:   botocore 1.43.106
# Behaviour: One call sanitizes each part of the header again while the request is built, and all of them once more just
#            before it is signed. With a `user_agent` in the Config both times are a lookup; the header is that text.
# Guess:     A client knows its own name: it is composed when the client is made, or once and kept, since system,
#            interpreter and configuration stay the same. Nothing in the documentation of Config(user_agent=…) speaks
#            of time. A tenth of the processor time of a PutItem that is answered at once went into the header.
# Seen:      parts sanitized by one call: more than 50; again by the next: as many; with a user_agent of ours: 0
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check botocore==1.43.106

AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo venv/bin/python - <<'PYTHON'
import io
from unittest import mock

import botocore.session
from botocore import useragent
from botocore.awsrequest import AWSResponse
from botocore.config import Config


class Body(io.BytesIO):
    def stream(self, **_):
        yield self.read()


def expect(name, seen, held):
    if not held:
        raise SystemExit(f"CHANGED {name}: {seen!r}")
    print(f"ok {name}: {seen!r}")


def counted(**options):
    """Parts of the header sanitized by each of two calls, times that the whole header was asked for, the header."""
    parts, wholes, headers = [], [], []
    clean, whole = useragent.sanitize_user_agent_string_component, useragent.UserAgentString.to_string

    def answer(request, **_):
        headers.append(request.headers["User-Agent"].decode())
        return AWSResponse(request.url, 200, {}, Body(b"{}"))

    client = botocore.session.get_session().create_client("dynamodb", region_name="us-east-1", config=Config(**options))
    client.meta.events.register("before-send", answer)
    seen = []
    with (
        mock.patch.object(useragent, "sanitize_user_agent_string_component", lambda *a, **k: parts.append(1) or clean(*a, **k)),
        mock.patch.object(useragent.UserAgentString, "to_string", lambda self: wholes.append(1) or whole(self)),
    ):
        for _ in range(2):
            client.list_tables()
            seen.append((len(parts), len(wholes)))
            parts.clear(), wholes.clear()
    return seen, headers


made, headers = counted()
expect("headers are equal", headers[0] == headers[1], headers[0] == headers[1])
expect("the header is made twice by each call", [it[1] for it in made], [it[1] for it in made] == [2, 2])
expect("parts sanitized by each call", [it[0] for it in made], min(it[0] for it in made) > 50)
named, headers = counted(user_agent="shop/1")
expect("parts with a user_agent of ours", [it[0] for it in named], [it[0] for it in named] == [0, 0])
expect("the header", headers, headers == ["shop/1", "shop/1"])
PYTHON
