#!/usr/bin/env bash
# pytest-xdist 3.8 spreads a group over its workers under pytest 9.2.
#
# Package:   pytest-xdist 3.8.0, pytest 9.2.0 and 9.1.0
# Behaviour: With --dist loadgroup, tests marked xdist_group("one") run in two workers under pytest 9.2.0 and in one
#            under 9.1.0. No warning is printed. xdist writes the group to a private attribute that pytest 9.2 no
#            longer reads.
# Guess:     A group stays in one worker, as the option promises. All tests pass, and the only sign is a fixture
#            that starts twice or a port in use.
# Seen:      pytest 9.1.0: 1 worker; pytest 9.2.0: 2 workers
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >test_group.py <<'PYTHON'
import os
import time

import pytest


@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(8))
def test_worker(number):
    time.sleep(0.1)
    with open("workers", "a") as file:
        file.write(os.environ["PYTEST_XDIST_WORKER"] + "\n")
PYTHON
printf '[pytest]\n' >pytest.ini

expect() { # pytest's version, number of workers
    python3 -m venv --clear venv
    venv/bin/pip install --quiet --no-compile --disable-pip-version-check "pytest==$1" pytest-xdist==3.8.0
    rm -f workers
    venv/bin/python -m pytest -q -p no:cacheprovider --numprocesses 2 --dist loadgroup >log || { cat log; exit 1; }
    seen=$(sort -u workers | wc -l)
    if [ "$seen" -ne "$2" ]; then
        echo "CHANGED pytest $1: $seen workers, not $2"
        exit 1
    fi
    echo "ok pytest $1: workers of the group: $seen"
}

expect 9.1.0 1
expect 9.2.0 2
