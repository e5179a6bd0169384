"""`.ci/measure.py` measures and limits the memory of every process that a command started."""

import re
import subprocess
import sys
from pathlib import Path

from tests.template import ROOT

MEASURE = ROOT / ".ci/measure.py"
#: Its parent exits immediately and it has its own session, like the emulator.
DETACHED = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        memory = b"x" * 200 * 2**20
        time.sleep(2.5)
    os._exit(0)
time.sleep(2.5)
"""

TELLS = Path("/proc/self/stat").exists()


def measured(limit: str, *command: str, code: str | None = None) -> subprocess.CompletedProcess[str]:
    called = [sys.executable, *(["-c", code] if code else [str(MEASURE)]), limit, *command]
    return subprocess.run(called, capture_output=True, text=True, check=False)


def test_memory_of_a_detached_process_counts_and_fails_above_the_limit() -> None:
    done = measured("0.1", sys.executable, "-c", DETACHED)

    assert done.returncode == TELLS, done.stderr
    assert ("cannot be told" in done.stdout) is not TELLS
    if TELLS:
        (most,) = re.findall(r"at most ([\d.]+) GiB together", done.stdout)
        assert 0.19 < float(most) < 0.4
        assert "That is too much" in done.stdout


def test_within_the_limit_it_exits_like_the_command() -> None:
    assert measured("4", "true").returncode == 0
    assert measured("4", "sh", "-c", "exit 3").returncode == 3
    assert measured("4", "sh", "-c", "kill -TERM $$").returncode == 128 + 15


def test_without_proc_it_reports_that_it_cannot_measure() -> None:
    code = f"import sys, pathlib; sys.path.insert(0, {str(MEASURE.parent)!r}); import measure; "
    code += "measure.PROC = pathlib.Path('/nowhere'); sys.exit(measure.main(*sys.argv[1:]))"

    done = measured("0", "sh", "-c", "exit 3", code=code)

    assert done.returncode == 3, done.stderr
    assert "cannot be told" in done.stdout
