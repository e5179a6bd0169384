"""Retries of read-decide-write functions that lose a race."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from tributary.ledger.store.table import ConditionFailed

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result")


def retried(
    record: str, tries: int, lost: type[Exception] = ConditionFailed
) -> Callable[[Callable[_Parameters, _Result]], Callable[_Parameters, _Result]]:
    """Rerun a function, from its reads on, while its write conditions fail. TimeoutError after `tries`.

    `lost` is the error by which the function reports a failed condition.
    """

    def wrap(run: Callable[_Parameters, _Result]) -> Callable[_Parameters, _Result]:
        @functools.wraps(run)
        def again(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Result:
            for _ in range(tries):
                try:
                    return run(*args, **kwargs)
                except lost:
                    continue
            raise TimeoutError(f"gave up after {tries} conflicting writes to {record}")

        return again

    return wrap
