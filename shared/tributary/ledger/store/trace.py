"""The current correlation and causation ids, stamped on every write and event, and the key behind a change by hand."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_trace: ContextVar[Mapping[str, str] | None] = ContextVar("trace", default=None)


def current_trace() -> Mapping[str, str] | None:
    return _trace.get()


def acts(actor_id: int) -> None:
    """Name the API key behind the writes that follow, until the trace ends."""
    if (trace := _trace.get()) is not None:
        _trace.set({**trace, "actorId": str(actor_id)})


@contextmanager
def tracing(correlation_id: str, causation_id: str | None = None) -> Iterator[None]:
    """Stamp the writes within: the first cause of all, and the event that led here."""
    trace = {"correlationId": correlation_id} | ({"causationId": causation_id} if causation_id else {})
    token = _trace.set(trace)
    try:
        yield
    finally:
        _trace.reset(token)
