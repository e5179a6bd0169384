"""Starts the patched emulator on a listening socket that its parent opened; patches named after it are left out.

The parent binds, so there is no moment in which two stacks can both believe that they have the port, and the first
request simply waits until the server is up. Standard input is the lifeline: when the parent ends, however it ends, it
closes and the emulator takes its workers with it.
"""

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
