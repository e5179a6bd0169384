"""Functions' processes are forked from one with their imports loaded.

The emulator starts an interpreter per process, each with half a second of CPU and 40 MB for imports, for some forty
functions. On Lambda each function has a machine of its own."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime

from local.emulator.workers import nursery

_STREAMS = (0, 1, 2)


def apply() -> None:
    others = {name: getattr(subprocess, name) for name in subprocess.__all__}
    lambda_runtime.subprocess = SimpleNamespace(**others | {"Popen": _started})


def _started(command: list[str], **options: Any) -> Any:
    if command[0] != sys.executable:
        return subprocess.Popen(command, **options)
    return _Forked(command[1], options["cwd"], options["env"])


class _Nursery:
    """Started for the first function; it ends with the emulator, whose end of the socket closes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: socket.socket | None = None

    def fork(self, request: dict[str, Any], streams: list[int]) -> int:
        with self._lock:
            self._requests = self._requests or self._start()
            return nursery.send(self._requests, request, streams)

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, nursery.__file__, str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        return ours


_nursery = _Nursery()


class _Forked:
    """As much of a `subprocess.Popen` as the emulator uses."""

    def __init__(self, script: str, directory: str, environment: dict[str, str]) -> None:
        pipes = [os.pipe() for _ in range(nursery.STREAMS)]
        theirs = [pipes[0][0], *(write for _, write in pipes[1:])]
        ours = [pipes[0][1], *(read for read, _ in pipes[1:])]
        request = {"script": script, "cwd": directory, "env": environment, "source": "app.py"}
        try:
            self.pid = _nursery.fork(request, theirs)
        finally:
            for stream in theirs:
                os.close(stream)
        self.stdin = os.fdopen(ours[0], "w", buffering=1)
        self.stdout, self.stderr = (os.fdopen(it, "r", buffering=1) for it in ours[1:3])
        self._life = os.fdopen(ours[3], "rb", buffering=0)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The code is not known to the emulator, which is not the parent and does not ask for it."""
        if self.returncode is None:
            ended = select.poll()
            ended.register(self._life)
            if not ended.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired("a function", timeout or 0)
            self.returncode = 0
        return self.returncode

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)
