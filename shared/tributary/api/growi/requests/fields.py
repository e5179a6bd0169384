"""Field types shared by Growi's bodies."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator

from tributary.api.http.fields import Moment
from tributary.api.http.inputs.numbers import whole
from tributary.api.http.inputs.taken import refuse, reshapes
from tributary.domain import times

_LAST_SECOND = 253_402_300_799  # of the year 9999


_SECONDS = {"type": "integer", "minimum": 0, "maximum": _LAST_SECOND, "description": "Seconds since 1970."}


@reshapes(lambda inner: {"anyOf": [inner, _SECONDS]})
def _of_seconds(value: Any) -> Any:
    """Seconds since 1970 as text; text stays unchanged."""
    value = whole(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    if not 0 <= value <= _LAST_SECOND:
        raise refuse("FORMAT", "must be seconds since 1970.")
    return times.text(datetime.fromtimestamp(value, UTC))


AnyMoment = Annotated[Moment, BeforeValidator(_of_seconds)]
