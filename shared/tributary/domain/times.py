"""Times as text: UTC, ISO 8601, milliseconds and Z, so that text order is time order."""

from datetime import UTC, datetime, timedelta


def now() -> str:
    """The current time."""
    return text(datetime.now(UTC))


def text(moment: datetime) -> str:
    """A datetime with an offset, as text."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse(moment: str) -> datetime:
    """Parse ISO 8601; text without an offset, or a bare date, is UTC. ValueError for anything else."""
    parsed = datetime.fromisoformat(moment)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def seconds(moment: str) -> int:
    """The moment as whole Unix seconds."""
    return int(parse(moment).timestamp())


def later(moment: str, **by: float) -> str:
    """The time shifted by a timedelta's arguments (`days=30`, `seconds=-5`)."""
    return text(parse(moment) + timedelta(**by))
