"""Messages about deliveries that are due: at once, after a pause of minutes by the queue, or of hours by a schedule."""

import random
from collections.abc import Mapping
from typing import Any

from tributary import aws, queues, schedules, settings
from tributary.domain import times
from tributary.domain.ids import text_digest
from tributary.ledger.store.values import Item

#: The longest delay of a message in SQS.
MAX_DELAY_SECONDS = 900
_FIRST_WAIT = 5


def send(delivery: Item, tries: int, seconds: int = 0, waits: int = 0) -> None:
    """Send a delivery after a pause. The message is obsolete once the delivery has another run or number of tries."""
    body = _message(delivery, tries, waits)
    if seconds <= MAX_DELAY_SECONDS:
        queues.send_later(settings.webhook_queue_url(), body, _group(delivery), seconds)
        return
    name = text_digest(delivery["pk"], delivery["sk"], str(delivery["run"]), str(tries))[:32]
    schedules.send_at(f"webhook-{name}", times.later(times.now(), seconds=seconds), body)


def wait(delivery: Item, waits: int) -> None:
    """Send a delivery later since its endpoint is busy: a growing pause, with jitter, so that a crowd disperses."""
    longest = min(MAX_DELAY_SECONDS, _FIRST_WAIT * 2 ** min(waits, 8))
    send(delivery, delivery["tries"], random.randint(longest // 2 + 1, longest), waits + 1)


def _message(delivery: Item, tries: int, waits: int) -> str:
    data: Mapping[str, Any] = {
        "webhookId": delivery["listed"]["webhookId"],
        "deliveryId": delivery["listed"]["id"],
        "run": delivery["run"],
        "tries": tries,
        "waits": waits,
    }
    metadata = {"id": delivery["listed"]["id"], "organization": delivery["organization"]}
    return aws.message_text(
        {"detail-type": "WebhookDue", "source": "tributary", "detail": {"metadata": metadata, "data": data}}
    )


def _group(delivery: Item) -> str:
    """The subscription, as a message group: at most 128 characters."""
    return text_digest(delivery["pk"])[:32]
