"""Answers a silent function at once; the emulator waits 50 ms for output.

A later line appears with the worker's next invocation."""

from functools import partialmethod

from ministack.core.lambda_runtime import Worker

WAIT_FOR_FIRST_LINE = 0.004


def apply() -> None:
    patient = Worker._drain_stderr_bounded
    Worker._drain_stderr_bounded = partialmethod(patient, first_line_wait=WAIT_FOR_FIRST_LINE, idle_confirm=0.002)
