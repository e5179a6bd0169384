"""`stop`: ends the running stack from another terminal."""

import os
import signal
import time

from local import state_file
from local.ports import named_port
from local.problem import Problem

PATIENCE = 10.0


def stop() -> None:
    """PORT=… names one of several; else the first. Returns when it is gone."""
    description = state_file.read(named_port())
    os.kill(description["pid"], signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while state_file.is_running(description):
        if time.monotonic() > deadline:
            raise Problem(f"process {description['pid']} does not end; see what it does, then kill it")
        time.sleep(0.05)
    print(f"stopped {description['endpoint']}")
