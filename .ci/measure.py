"""Runs a command and reports its duration and the peak memory of all its processes together.

    measure.py LIMIT_IN_GIB COMMAND...

Exits with the command's status, or with 1 above the memory limit. Requires only Python. Memory is read from Linux's
/proc once a second: the proportional set size, which counts a shared page once, or, where the kernel lacks it, the
resident set size, which counts it for each process. Other systems have no measure.
"""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

PROC = Path("/proc")
SECONDS_BETWEEN_SAMPLES = 1.0
GIB, MIB = 2**30, 2**20
PR_SET_CHILD_SUBREAPER = 36

Sizes = dict[int, tuple[int, str]]


def main(limit: str, *command: str) -> int:
    started = time.monotonic()
    watch = Watch() if (PROC / "self/stat").exists() else None
    if watch:
        _adopt_orphans()
        watch.start()
    status = _run(command)
    print(f"All of it took {time.monotonic() - started:.0f} s.", flush=True)
    if not watch:
        print("Its memory cannot be told, since this system has no /proc.")
        return status
    return status if watch.finds_it_within(float(limit)) else status or 1


class Watch(threading.Thread):
    """Keeps the sizes at the moment of their largest sum."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._largest: Sizes = {}

    def run(self) -> None:
        while True:
            sizes = {process: (size, _name(process)) for process, size in _sizes()}
            self._largest = max(self._largest, sizes, key=_total)
            time.sleep(SECONDS_BETWEEN_SAMPLES)

    def finds_it_within(self, limit: float) -> bool:
        most, kind = _total(self._largest) / GIB, "PSS" if _knows_pss() else "RSS"
        print(f"Its processes had at most {most:.2f} GiB together ({kind}, once a second); {limit:g} GiB are allowed.")
        if most <= limit:
            return self.is_alive()  # if it failed on the way, what it found is not the most
        print("That is too much. The largest were, in MiB:")
        for size, name in sorted(self._largest.values(), reverse=True)[:8]:
            print(f"  {size / MIB:6.0f}  {name[:100]}")
        return False


def _adopt_orphans() -> None:
    """Make orphaned processes children of this one, so that they are still found."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def _run(command: tuple[str, ...]) -> int:
    """Also reaps orphans that end meanwhile. Ctrl-C is for the command, which this process outlives."""
    signal.signal(signal.SIGINT, lambda *_: None)
    child = os.posix_spawnp(command[0], command, os.environ)
    while True:
        ended, status = os.wait()
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def _total(sizes: Sizes) -> int:
    return sum(size for size, _ in sizes.values())


def _sizes() -> Iterator[tuple[int, int]]:
    size = _pss if _knows_pss() else _rss
    for process in descendants(os.getpid(), _parents()):
        try:
            yield process, size(process)
        except (OSError, IndexError):  # it has ended meanwhile
            continue


def descendants(ancestor: int, parents: Mapping[int, int]) -> Iterator[int]:
    for child in [process for process, parent in parents.items() if parent == ancestor]:
        yield child
        yield from descendants(child, parents)


def _parents() -> dict[int, int]:
    found = {}
    for directory in PROC.iterdir():
        if directory.name.isdecimal():
            try:
                after_name = (directory / "stat").read_text(errors="replace").rpartition(")")[2]
            except OSError:
                continue
            found[int(directory.name)] = int(after_name.split()[1])
    return found


def _knows_pss() -> bool:
    return (PROC / "self/smaps_rollup").exists()


def _pss(process: int) -> int:
    text = (PROC / str(process) / "smaps_rollup").read_text()
    return int(text.split("\nPss:", 1)[1].split()[0]) * 1024


def _rss(process: int) -> int:
    return int((PROC / str(process) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _name(process: int) -> str:
    try:
        return (PROC / str(process) / "cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
