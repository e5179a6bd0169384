"""Messages about deliveries that are due: at once, after a pause of minutes by the queue, or of hours by a schedule."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tributary import aws, queues, schedules, settings
from tributary.domain import times
from tributary.domain.ids import text_digest
from tributary.ledger.store.values import Item
from tributary.ledger.webhooks import gates

#: The longest delay of a message in SQS.
MAX_DELAY_SECONDS = 900
_FIRST_WAIT = 5


@dataclass(frozen=True)
class Due:
    """A message about a delivery: the run and the number of tries that it belongs to, and how often it has waited."""

    organization: str
    webhook_id: int
    delivery_id: str
    run: int
    tries: int = 0
    waits: int = 0

    def after(self, tries: int) -> "Due":
        """The message about a later try of the same run."""
        return replace(self, tries=tries, waits=0)


def of(delivery: Item, run: int | None = None) -> Due:
    """The message about the first try of a run, of the present one unless another is named."""
    listed = delivery["listed"]
    return Due(delivery["organization"], listed["webhookId"], listed["id"], run or delivery["run"])


def send(due: Due, seconds: int = 0) -> None:
    """Send a message after a pause. It is obsolete once the delivery has a later run or number of tries."""
    if seconds <= MAX_DELAY_SECONDS:
        queues.send_later(settings.webhook_queue_url(), _body(due), _group(due), seconds)
        return
    name = text_digest(_partition(due), f"delivery#{due.delivery_id}", str(due.run), str(due.tries))[:32]
    schedules.send_at(f"webhook-{name}", times.later(times.now(), seconds=seconds), _body(due))


def send_all(dues: Sequence[Due]) -> None:
    """Send messages at once, ten in a call; a failure of any of them raises."""
    queues.send_together(settings.webhook_queue_url(), [(_body(it), _group(it)) for it in dues])


def wait(due: Due) -> None:
    """Send a message later since its endpoint is busy: a growing pause, with jitter, so that a crowd disperses."""
    longest = min(MAX_DELAY_SECONDS, _FIRST_WAIT * 2 ** min(due.waits, 8))
    send(replace(due, waits=due.waits + 1), random.randint(longest // 2 + 1, longest))


def wait_until(due: Due, moment: str) -> None:
    """Send a message again soon after a moment."""
    left = (times.parse(moment) - times.parse(times.now())).total_seconds()
    send(due, min(MAX_DELAY_SECONDS, max(0, int(left)) + random.randint(1, _FIRST_WAIT)))


def _body(due: Due) -> str:
    data: Mapping[str, Any] = {
        "webhookId": due.webhook_id,
        "deliveryId": due.delivery_id,
        "run": due.run,
        "tries": due.tries,
        "waits": due.waits,
    }
    metadata = {"id": due.delivery_id, "organization": due.organization}
    return aws.message_text(
        {"detail-type": "WebhookDue", "source": "tributary", "detail": {"metadata": metadata, "data": data}}
    )


def _partition(due: Due) -> str:
    return gates.pk(due.organization, due.webhook_id)


def _group(due: Due) -> str:
    """The subscription, as a message group: at most 128 characters."""
    return text_digest(_partition(due))[:32]
