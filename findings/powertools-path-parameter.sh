#!/usr/bin/env bash
# A path parameter of Powertools' resolver matches some signs and not others.
#
# Package:   aws-lambda-powertools 3.37.0
# Behaviour: The route /orders/<id> answers 404 for the ids #1001, 3"x5 and a`b. It takes a space, %, &, [], é and
#            日本. HTTP API hands the path on decoded, so #1001 is what a caller's %231001 becomes.
# Guess:     <id> is anything up to the next slash, as in other routers. The pattern is a list of allowed signs,
#            long enough that ids in tests never meet its edge.
# Seen:      refused: ['#1001', '3"x5', 'a`b', 'a\\b']; taken: ['1001', 'a b', 'a%23b', 'a&b', '[a]', 'é', '日本']
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check aws-lambda-powertools==3.37.0

venv/bin/python - <<'PYTHON'
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

IDS = ["1001", "#1001", "a b", "a%23b", "a&b", "[a]", 'é', '3"x5', "a`b", "a\\b", "日本"]
app = APIGatewayHttpResolver()


@app.get("/orders/<id>")
def order(id):
    return {"id": id}


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


def status(path):
    context = {"http": {"method": "GET", "path": path}, "stage": "$default"}
    event = {"version": "2.0", "rawPath": path, "rawQueryString": "", "headers": {}, "requestContext": context}
    return app.resolve(event, object())["statusCode"]


statuses = {id: status(f"/orders/{id}") for id in IDS}
expect("refused", [id for id in IDS if statuses[id] == 404], ["#1001", '3"x5', "a`b", "a\\b"])
expect("taken", [id for id in IDS if statuses[id] == 200], ["1001", "a b", "a%23b", "a&b", "[a]", "é", "日本"])
PYTHON
