"""The current correlation and causation ids, stamped on every write and event, the key behind a change by hand, and the
mark of all that follows from an import of history."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_trace: ContextVar[Mapping[str, Any] | None] = ContextVar("trace", default=None)


def current_trace() -> Mapping[str, Any] | None:
    return _trace.get()


def acts(actor_id: int) -> None:
    """Name the API key behind the writes that follow, until the trace ends."""
    if (trace := _trace.get()) is not None:
        _trace.set({**trace, "actorId": str(actor_id)})


def tells_history() -> None:
    """Mark the writes that follow as consequences of an import, until the trace ends."""
    if (trace := _trace.get()) is not None:
        _trace.set({**trace, "history": True})


@contextmanager
def tracing(correlation_id: str, causation_id: str | None = None, history: bool = False) -> Iterator[None]:
    """Stamp the writes within: the first cause of all, the event that led here, and whether both are of an import."""
    trace: dict[str, Any] = {"correlationId": correlation_id} | ({"causationId": causation_id} if causation_id else {})
    trace |= {"history": True} if history else {}
    token = _trace.set(trace)
    try:
        yield
    finally:
        _trace.reset(token)
