"""Retries of a webhook: the pause before each attempt, what an answer means, and when a receiver is given up."""

from datetime import timedelta
from hashlib import sha256
from typing import Literal

from tributary.domain import times
from tributary.outbound.attempt import Sent

Outcome = Literal["delivered", "retry", "gone"]

_MINUTE = 60
_HOUR = 60 * _MINUTE
#: Seconds before each attempt, from the first: ten attempts in about three days.
STEPS = (
    0, 5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 24 * _HOUR
)  # fmt: skip
#: Up to a fifth more, so that the failures of one minute do not come back in one minute.
_JITTER = 5
_DEAD_AFTER = timedelta(days=5)
_FAILURES_APART = timedelta(hours=12)


def next_pause(delivery_id: str, attempts: int, retry_after: int | None = None) -> int | None:
    """Seconds until the next attempt after this many; None after the last.

    `retry_after` lengthens the pause, at most to that of the step after it. The same arguments give the same pause, so
    a repeated message schedules the same moment.
    """
    if attempts >= len(STEPS):
        return None
    pause = STEPS[attempts] + _jitter(delivery_id, attempts)
    longest = STEPS[min(attempts + 1, len(STEPS) - 1)]
    return max(pause, min(retry_after or 0, longest))


def _jitter(delivery_id: str, attempts: int) -> int:
    digest = sha256(f"{delivery_id}#{attempts}".encode()).digest()
    return int.from_bytes(digest[:8]) % (STEPS[attempts] // _JITTER + 1)


def outcome(sent: Sent) -> Outcome:
    """2xx is success, and 410 ends the subscription; all else, redirects included, is tried again."""
    if sent.status is not None and 200 <= sent.status < 300:
        return "delivered"
    return "gone" if sent.status == 410 else "retry"


def is_dead(first_failure_at: str, last_failure_at: str, last_success_at: str | None, now: str) -> bool:
    """True of a receiver that failed for five days, at least twice and twelve hours apart, without one success.

    The failures are the first and the last since that success; an older first failure counts as none.
    """
    if last_success_at is not None and last_success_at >= first_failure_at:
        return False
    first, last = times.parse(first_failure_at), times.parse(last_failure_at)
    return times.parse(now) - first >= _DEAD_AFTER and last - first >= _FAILURES_APART
