#!/usr/bin/env bash
# pydantic in strict mode takes a text of digits for a moment.
#
# Package:   pydantic 2.13.5
# Behaviour: Read from JSON in strict mode, a datetime refuses the number 1764356400 and the text "2026-11-28", and
#            takes the text "1764356400" as seconds since 1970.
# Guess:     Strict mode leaves ISO 8601 as the only form of a moment in JSON. The refusals of numbers and of plain
#            dates confirm that, and a text of digits is the one form left untried.
# Seen:      number: refused; date: refused; text of digits: '2025-11-28T19:00:00+00:00'; in milliseconds: the same
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check pydantic==2.13.5

venv/bin/python - <<'PYTHON'
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

MOMENT = TypeAdapter(datetime)


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


def strict(text):
    try:
        return MOMENT.validate_json(text, strict=True).isoformat()
    except ValidationError:
        return "refused"


expect("ISO 8601", strict('"2025-11-28T19:00:00Z"'), "2025-11-28T19:00:00+00:00")
expect("number", strict("1764356400"), "refused")
expect("date", strict('"2025-11-28"'), "refused")
expect("text of digits", strict('"1764356400"'), "2025-11-28T19:00:00+00:00")
expect("text of milliseconds", strict('"1764356400000"'), "2025-11-28T19:00:00+00:00")
PYTHON
