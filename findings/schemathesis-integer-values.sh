#!/usr/bin/env bash
# schemathesis sends 2.0 for an integer in its valid cases.
#
# Package:   schemathesis 4.32.5, hypothesis 6.170.15
# Behaviour: In positive mode, a body member of type integer is at times a float without a fraction, so JSON on the
#            wire has "2.0". Query parameters of the same schema stay integers.
# Guess:     Valid cases hold integers as a client writes them. JSON Schema counts 2.0 as an integer, so the case is
#            valid by the document, and a server with a strict integer type refuses what it announces.
# Seen:      types in bodies: ['float', 'int']; types in the query: ['int']; as JSON: {"quantity": 9.0}
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check schemathesis==4.32.5 hypothesis==6.170.15

venv/bin/python - <<'PYTHON'
import json

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

INTEGER = {"type": "integer", "minimum": 1, "maximum": 9}
BODY = {"type": "object", "properties": {"quantity": INTEGER}, "required": ["quantity"], "additionalProperties": False}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/orders": {
            "post": {
                "parameters": [{"name": "number", "in": "query", "required": True, "schema": INTEGER}],
                "requestBody": {"required": True, "content": {"application/json": {"schema": BODY}}},
                "responses": {"200": {"description": "Taken."}},
            }
        }
    },
}


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


operation = schemathesis.openapi.from_dict(DOCUMENT)["/orders"]["POST"]
cases = []


@settings(
    max_examples=200,
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
def collect(case):
    cases.append((case.body["quantity"], case.query["number"]))


collect()
in_bodies, in_query = zip(*cases)
expect("types in bodies", sorted({type(value).__name__ for value in in_bodies}), ["float", "int"])
expect("types in the query", sorted({type(value).__name__ for value in in_query}), ["int"])
expect("values", set(in_bodies) <= set(range(1, 10)), True)
example = next(value for value in in_bodies if isinstance(value, float))
print(f"   as JSON: {json.dumps({'quantity': example})}")
PYTHON
