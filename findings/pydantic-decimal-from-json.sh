#!/usr/bin/env bash
# pydantic reads a decimal from JSON through a float.
#
# Package:   pydantic 2.13.5
# Behaviour: model_validate_json keeps 17 significant digits of a number with a fraction, and drops a trailing zero:
#            1.10 is Decimal("1.1"). A whole number of 39 digits is exact, and so is a fraction in quotes.
# Guess:     A field of type Decimal gets the digits of the text, since JSON sets no limit and whole numbers do
#            arrive exact. Amounts of two decimals agree as well, so tests with money show no difference.
# Seen:      0.123456789012345678901234567890: '0.12345678901234568'; 1.10: '1.1'; a whole number of 39 digits:
#            exact; by json.loads(parse_float=Decimal): exact
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check pydantic==2.13.5

venv/bin/python - <<'PYTHON'
import json
from decimal import Decimal

from pydantic import BaseModel

LONG = "0.123456789012345678901234567890"
WHOLE = "1" + "0" * 37 + "1"


class Line(BaseModel):
    amount: Decimal


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


def from_json(number):
    return str(Line.model_validate_json(f'{{"amount": {number}}}').amount)


expect(LONG, from_json(LONG), "0.12345678901234568")
expect("the same in quotes", from_json(f'"{LONG}"'), LONG)
expect("1.10", from_json("1.10"), "1.1")
expect("whole number of 39 digits", from_json(WHOLE), WHOLE)
read = json.loads(f'{{"amount": {LONG}}}', parse_float=Decimal)
expect("by json.loads(parse_float=Decimal)", str(Line.model_validate(read).amount), LONG)
PYTHON
