#!/usr/bin/env bash
# A package-scoped fixture of a folder without __init__.py lives to the end of the session.
#
# Package:   pytest 9.2.0
# Behaviour: With import mode `importlib` a fixture of scope `package` in a folder's conftest.py is torn down after the
#            folder's last test only if the folder has an __init__.py; otherwise at the end of the session.
# Guess:     In this import mode folders need no __init__.py, and collection shows one node per folder either way; so the
#            fixture ends when the run leaves the folder. Its tests pass in both cases, and only memory shows it.
# Seen:      without: ['up', 'first', 'second', 'down']; with: ['up', 'first', 'down', 'second']
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check pytest==9.2.0

mkdir -p tests/first tests/second
cat > tests/first/conftest.py <<'PYTHON'
import pytest


@pytest.fixture(scope="package")
def stack():
    print("LINE up")
    yield
    print("LINE down")
PYTHON
echo 'def test_first(stack): print("LINE first")' > tests/first/test_first.py
echo 'def test_second(): print("LINE second")' > tests/second/test_second.py

run() {
  venv/bin/python -m pytest -q -s --import-mode=importlib -p no:cacheprovider tests | grep -o 'LINE [a-z]*' | cut -d' ' -f2 | xargs
}

expect() {
  if [ "$2" != "$3" ]; then
    echo "CHANGED $1: $2, not $3"
    exit 1
  fi
  echo "ok $1: $2"
}

expect "without __init__.py" "$(run)" "up first second down"
touch tests/first/__init__.py
expect "with __init__.py" "$(run)" "up first down second"
