"""A saved state of moto, restored in a fraction of the time of the calls that made it."""

import io
import pickle
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Self

from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.events.models import events_backends
from moto.scheduler.models import scheduler_backends
from moto.sqs.models import sqs_backends

_KEPT = (
    (dynamodb_backends, "tables"),
    (events_backends, "event_buses"),
    (scheduler_backends, "schedule_groups"),
    (sqs_backends, "queues"),
)
_LOCK = type(threading.RLock())


@dataclass(frozen=True)
class MotoState:
    """The tables with their items and streams, the buses, the schedules and the queues of one region."""

    region: str
    contents: tuple[bytes, ...]

    @classmethod
    def now(cls, region: str) -> Self:
        return cls(region, tuple(_pickled(getattr(_backend(backends, region), name)) for backends, name in _KEPT))

    def restore(self) -> None:
        """Restores into a fresh moto; later changes there do not affect the saved state."""
        for (backends, name), content in zip(_KEPT, self.contents, strict=True):
            setattr(_backend(backends, self.region), name, _Unpickler(io.BytesIO(content)).load())


def _backend(backends: Any, region: str) -> Any:
    return backends[DEFAULT_ACCOUNT_ID][region]


def _pickled(content: Any) -> bytes:
    pickled = io.BytesIO()
    _Pickler(pickled, pickle.HIGHEST_PROTOCOL).dump(content)
    return pickled.getvalue()


class _Pickler(pickle.Pickler):
    """A lock has no state worth a copy; what shares one in the original shares a new one in a copy."""

    def persistent_id(self, value: Any) -> int | None:
        return id(value) if isinstance(value, _LOCK) else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, pickled: io.BytesIO) -> None:
        super().__init__(pickled)
        self._locks: defaultdict[int, Any] = defaultdict(threading.RLock)

    def persistent_load(self, lock: int) -> Any:
        return self._locks[lock]
