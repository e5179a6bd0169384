#!/usr/bin/env bash
# botocore calls every before-send handler, whichever answered first, and the narrowest registration goes first.
#
# Package:   botocore 1.43.106
# Behaviour: A handler that returns a response replaces the request, and the later handlers run all the same.
#            Handlers of one operation come before those of a service, and those before handlers of all:
#            register_first does not change that.
# Guess:     The first answer ends the chain, as for other hooks of this kind, and register_first puts a handler in
#            front of all. A handler with an effect, such as a fake bus, then acts on a request that an earlier one
#            had already failed.
# Seen:      called: ['operation', 'operation, last', 'service', 'all, first']; answered by: 'operation'
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check botocore==1.43.106

AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo venv/bin/python - <<'PYTHON'
import io
import json

import botocore.session
from botocore.awsrequest import AWSResponse

called = []


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


class Body(io.BytesIO):
    def stream(self, **_):
        yield self.read()


def answering(name):
    def handle(request, **_):
        called.append(name)
        return AWSResponse(request.url, 200, {}, Body(json.dumps({"TableNames": [name]}).encode()))

    return handle


client = botocore.session.get_session().create_client("dynamodb", region_name="us-east-1")
hooks = client.meta.events
hooks.register_first("before-send", answering("all, first"))
hooks.register("before-send.dynamodb", answering("service"))
hooks.register_last("before-send.dynamodb.ListTables", answering("operation, last"))
hooks.register("before-send.dynamodb.ListTables", answering("operation"))
answer = client.list_tables()
expect("called", called, ["operation", "operation, last", "service", "all, first"])
expect("answered by", answer["TableNames"], ["operation"])
PYTHON
