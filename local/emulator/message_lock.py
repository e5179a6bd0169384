"""One lock around every change of a queue's messages.

The emulator's pollers rebuild a queue's list in their own threads while the HTTP thread appends to it, which loses
messages. SQS does not."""

import functools
import threading
from collections.abc import Callable
from typing import Any

from ministack.services import eventbridge, sqs

INTERNAL = ((sqs, "_expire_retained"), (sqs, "_dlq_sweep"), (sqs, "_collect_msgs"), (eventbridge, "_dispatch_to_sqs"))
REQUESTS = ("SendMessage", "SendMessageBatch", "DeleteMessage", "DeleteMessageBatch", "PurgeQueue")


def apply() -> None:
    sqs._queues_lock = threading.RLock()  # re-entrant, since the emulator's own holders call what is wrapped here
    for module, name in INTERNAL:
        setattr(module, name, _locked(getattr(module, name)))
    for action in REQUESTS:
        sqs._HANDLERS[action] = _locked(sqs._HANDLERS[action])


def _locked(change: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(change)
    def locked(*args: Any, **kwargs: Any) -> Any:
        with sqs._queues_lock:
            return change(*args, **kwargs)

    return locked
