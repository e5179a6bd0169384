"""`python -m local run | stop | listen | hook <vendor> <event file> | invoke <function> <event file>`."""

import os
import sys

from local.paths import SHARED
from local.problem import Problem

USAGE = "usage: python -m local run | stop | listen | hook <vendor> <event file> | invoke <function> <event file>"


def main(arguments: list[str]) -> None:
    _open_standard_streams()
    sys.path.insert(0, str(SHARED))  # as the layer does in Lambda, so that `tributary` is found
    try:
        _command(arguments)
        if sys.stdout is not None:  # None if it was closed from the start
            sys.stdout.flush()
    except Problem as problem:
        sys.exit(f"local: {problem}")
    except BrokenPipeError:  # of the reader of a pipe, such as head; nothing more is written when the process ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _open_standard_streams() -> None:
    """CI may start a command with them closed; then the first socket would be taken for standard input."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)


def _command(arguments: list[str]) -> None:
    """Imported one by one: `stop` does not need what `run` does."""
    match arguments:
        case ["run"]:
            from local.commands.run import run

            run()
        case ["stop"]:
            from local.commands.stop import stop

            stop()
        case ["listen"]:
            from local.commands.listen import listen

            listen()
        case ["hook", vendor, event_file]:
            from local.commands.hook import hook

            hook(vendor, event_file)
        case ["invoke", function, event_file]:
            from local.commands.invoke import invoke

            invoke(function, event_file)
        case _:
            sys.exit(USAGE)


if __name__ == "__main__":
    main(sys.argv[1:])
