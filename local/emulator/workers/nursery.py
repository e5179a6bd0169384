"""Forks functions' processes from one with their imports loaded.

A separate process, since forking the multi-threaded emulator is unsafe. It reads requests from the socket given as its
argument, each with the streams of the new process, and answers with the process id."""

import ast
import contextlib
import functools
import gc
import json
import os
import runpy
import signal
import socket
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

#: Standard input, output and error, and a pipe that closes when the process ends.
STREAMS = 4
_LENGTH = 4

#: Each function's process imports it, for the emulator's count of calls that lead to calls.
_ALWAYS = "import botocore.handlers"


def serve(requests: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nothing waits for a process that ends
    gc.disable()  # a collection after the fork would copy every page
    _load(_ALWAYS, Path())
    while received := _receive(requests):
        request, streams = received
        _load(_source(request), Path(request["cwd"]))
        gc.freeze()
        process = os.fork()
        if not process:
            requests.close()
            _become(request, streams)
        for stream in streams:
            os.close(stream)
        requests.sendall(process.to_bytes(_LENGTH, "big"))


def send(requests: socket.socket, request: dict[str, Any], streams: list[int]) -> int:
    """Return the id of the new process."""
    body = json.dumps(request).encode()
    socket.send_fds(requests, [len(body).to_bytes(_LENGTH, "big")], streams)
    requests.sendall(body)
    return int.from_bytes(_exactly(requests, _LENGTH), "big")


def _receive(requests: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    start, streams, _, _ = socket.recv_fds(requests, _LENGTH, STREAMS)
    if not start:
        return None
    length = int.from_bytes(start + _exactly(requests, _LENGTH - len(start)), "big")
    return json.loads(_exactly(requests, length)), streams


def _exactly(requests: socket.socket, length: int) -> bytes:
    received = b""
    while len(received) < length:
        part = requests.recv(length - len(received))
        if not part:
            raise EOFError("the other end is gone")
        received += part
    return received


def _source(request: dict[str, Any]) -> str:
    with contextlib.suppress(OSError):
        return (Path(request["cwd"]) / request["source"]).read_text()
    return ""


def _load(source: str, directory: Path) -> None:
    """Import what a function's module imports, except its neighbours. The function itself reports a failure.

    Standard output is for answers, so a logger that is made meanwhile writes to standard error, as in a function."""
    with contextlib.suppress(Exception), contextlib.redirect_stdout(sys.stderr):
        for module, names in _imports(ast.parse(source)):
            top = module.partition(".")[0]
            if not list(directory.glob(f"{top}*")):
                with contextlib.suppress(Exception):
                    __import__(module, fromlist=names)
                    if top == "tributary":
                        _make_a_client()


@functools.cache
def _make_a_client() -> None:
    """Parse the documents that each DynamoDB client reads, 15 MB in memory. No process changes them."""
    import botocore.session
    from botocore.loaders import JSONFileLoader

    read = functools.cache(functools.partial(JSONFileLoader._load_file, None))
    JSONFileLoader._load_file = lambda _, path, opened_by: read(path, opened_by)
    botocore.session.get_session().create_client("dynamodb")


def _imports(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from ((it.name, []) for it in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, [it.name for it in node.names]


def _become(request: dict[str, Any], streams: list[int]) -> None:
    """Never returns. The last stream stays open as long as the process lives."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for place, stream in enumerate(streams[:3]):
            os.dup2(stream, place)
            os.close(stream)
        os.chdir(request["cwd"])
        os.environ.clear()
        os.environ.update(request["env"])
        gc.enable()
        sys.argv = [request["script"]]
        sys.path.insert(0, str(Path(request["script"]).parent))
        runpy.run_path(request["script"], run_name="__main__")
    finally:
        if any(sys.exc_info()):
            traceback.print_exc()
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        os._exit(any(sys.exc_info()))


if __name__ == "__main__":
    sys.path.pop(0)  # this directory, which functions do not see
    serve(socket.socket(fileno=int(sys.argv[1])))
