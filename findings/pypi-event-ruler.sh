#!/usr/bin/env bash
# The package event-ruler on PyPI is not the matcher of EventBridge.
#
# Package:   event-ruler 0.3.0
# Behaviour: It embeds another pattern language. "prefix" and "numeric" are refused as invalid patterns,
#            "shellstyle", unknown to EventBridge, is taken, and numbers are compared as text: [300] does not match
#            3e2.
# Guess:     It wraps AWS's open-source library of the same name, whose page it links, and judges patterns as the
#            bus does. Exact values, "exists" and arrays of objects agree with EventBridge, so first trials confirm
#            the guess.
# Seen:      exact text: True; prefix: 'invalid pattern'; numeric: 'invalid pattern'; shellstyle: True; 3e2 for 300:
#            False
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check event-ruler==0.3.0

venv/bin/python - <<'PYTHON'
import event_ruler


def expect(name, seen, expected):
    if seen != expected:
        raise SystemExit(f"CHANGED {name}: {seen!r}, not {expected!r}")
    print(f"ok {name}: {seen!r}")


def matches(pattern, event):
    try:
        return event_ruler.test_event_pattern(event, pattern)
    except RuntimeError as error:
        return str(error)


expect("exact text", matches('{"type": ["sale"]}', '{"type": "sale"}'), True)
expect("prefix", matches('{"type": [{"prefix": "sa"}]}', '{"type": "sale"}'), "invalid pattern")
expect("numeric", matches('{"total": [{"numeric": [">", 0]}]}', '{"total": 5}'), "invalid pattern")
expect("shellstyle", matches('{"type": [{"shellstyle": "s*e"}]}', '{"type": "sale"}'), True)
expect("300 for 300", matches('{"total": [300]}', '{"total": 300}'), True)
expect("3e2 for 300", matches('{"total": [300]}', '{"total": 3e2}'), False)
PYTHON
