"""Field types shared by Growi's bodies."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator

from tributary.api.http.fields import Moment, refuse, takes
from tributary.domain import times

_LAST_SECOND = 253_402_300_799  # of the year 9999


@takes(type=["string", "integer"], minimum=0, maximum=_LAST_SECOND, description="ISO 8601, or seconds since 1970.")
def _of_seconds(value: Any) -> Any:
    """Seconds since 1970 as text; text stays unchanged."""
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    if not 0 <= value <= _LAST_SECOND:
        raise refuse("FORMAT", "must be seconds since 1970.")
    return times.text(datetime.fromtimestamp(value, UTC))


AnyMoment = Annotated[Moment, BeforeValidator(_of_seconds)]
