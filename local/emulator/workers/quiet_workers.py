"""A function that prints nothing answers at once; the emulator holds its worker for 50 ms, in case a line still comes.

A line that comes later appears with the next invocation of that worker.
"""

from functools import partialmethod

from ministack.core.lambda_runtime import Worker

WAIT_FOR_FIRST_LINE = 0.004


def apply() -> None:
    patient = Worker._drain_stderr_bounded
    Worker._drain_stderr_bounded = partialmethod(patient, first_line_wait=WAIT_FOR_FIRST_LINE, idle_confirm=0.002)
