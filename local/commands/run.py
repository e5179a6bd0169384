"""`run`: a stack from start to Ctrl-C."""

import os
import signal
from types import FrameType

from local.commands import demo_sale, welcome
from local.ports import named_port
from local.problem import Problem
from local.stack import Stack
from local.state_file import StateFile


def run() -> None:
    """PORT=… fixes the port; AUTH=true enforces the template's roles."""
    end_on_signals()
    try:
        _serve(named_port(), auth=os.environ.get("AUTH") == "true")
    except KeyboardInterrupt:
        print("\nstopped", flush=True)


def _serve(port: int | None, *, auth: bool) -> None:
    with Stack.start(port, auth=auth) as stack, StateFile.claim(stack.emulator.port) as state:
        obligation = demo_sale.follow(stack)
        print(welcome.text(stack, obligation, demo_sale.visit(stack)), flush=True)
        state.write(stack.description())
        stack.emulator.process.wait()
        raise Problem(f"the emulator ended by itself; its log ends:\n{stack.emulator.last_words()}")


def end_on_signals() -> None:
    """Also on SIGINT, which a background job of a shell ignores. A hang-up that nohup has ignored stays ignored."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Once: what follows is the cleaning up, which a second Ctrl-C must not cut short."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt
