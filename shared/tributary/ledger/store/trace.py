"""The current correlation and causation ids, stamped on every write and event."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_trace: ContextVar[Mapping[str, str] | None] = ContextVar("trace", default=None)


def current_trace() -> Mapping[str, str] | None:
    return _trace.get()


@contextmanager
def tracing(correlation_id: str, causation_id: str | None = None) -> Iterator[None]:
    """Stamp the writes within: the first cause of all, and the event that led here."""
    trace = {"correlationId": correlation_id} | ({"causationId": causation_id} if causation_id else {})
    token = _trace.set(trace)
    try:
        yield
    finally:
        _trace.reset(token)
