"""Outcome of one attempt to send a webhook."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

Failure = Literal["dns", "refused_address", "connect", "tls", "timeout", "connection_closed", "protocol"]


@dataclass(frozen=True)
class Sent:
    """An attempt: the status of the answer or the class of its failure, one of the two.

    `retry_after` is the pause in seconds that the answer asks for."""

    status: int | None
    milliseconds: int
    error: Failure | None = None
    retry_after: int | None = None


LONGEST_PAUSE = 24 * 60 * 60
_MOST_DIGITS = 9


def pause_asked(retry_after: str | None, now: datetime | None = None) -> int | None:
    """Seconds of a Retry-After, given as seconds or as a date, at most a day; None for anything else."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text), LONGEST_PAUSE) if len(text) <= _MOST_DIGITS else LONGEST_PAUSE
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    # A date of HTTP is in GMT, whatever zone it names or leaves out.
    wait = moment.replace(tzinfo=moment.tzinfo or UTC) - (now or datetime.now(UTC))
    return min(max(int(wait.total_seconds()), 0), LONGEST_PAUSE)
