"""Starts the patched emulator on its parent's listening socket, without the patches named after it.

The parent binds, so two stacks never believe that they own the same port, and the first request waits until the server
is up. Standard input is the lifeline: it closes when the parent ends, and the emulator ends with its workers."""

import asyncio
import os
import signal
import sys
import threading
from importlib.metadata import version

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app

from local.emulator import patches

WRITTEN_AGAINST = "1.5.33"


def main(listening_descriptor: str, *left_out: str) -> None:
    if version("ministack") != WRITTEN_AGAINST:
        sys.exit(f"the patches are written against ministack {WRITTEN_AGAINST}, not {version('ministack')}")
    patches.apply(left_out)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    asyncio.run(serve(app, _config(listening_descriptor)))


def _config(listening_descriptor: str) -> Config:
    config = Config()
    config.bind = [f"fd://{listening_descriptor}"]
    config.keep_alive_timeout = 75
    return config


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
