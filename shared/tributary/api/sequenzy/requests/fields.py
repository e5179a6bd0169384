"""Types of fields that the bodies of this dialect share, and whose orders a key speaks of."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from tributary.api.http.fields import Identifier, TextOrNumber, takes
from tributary.domain.money import MAX_MINOR
from tributary.ledger.organization.api_keys import Principal

_SOURCE = "sequenzy"


@takes(anyOf=[{"type": ["string", "number"], "maxLength": 255}, {"type": "null"}])
def _blank_is_absent(value: Any) -> Any:
    """Shop systems send "" for a variant or an SKU that there is not."""
    return None if isinstance(value, str) and not value.strip() else value


@takes(
    anyOf=[
        {"type": ["integer", "string"], "minimum": 1, "maximum": MAX_MINOR, "pattern": r"^([0-9]{1,20}|\s*)$"},
        {"type": "null"},
    ]
)
def _blank_is_no_id(value: Any) -> Any:
    """Shop systems send "" for the cookie of a visitor who has none."""
    return _blank_is_absent(value)


Cents = Annotated[int, Field(ge=0, le=MAX_MINOR)]
OptionalText = Annotated[TextOrNumber | None, BeforeValidator(_blank_is_absent)]
OptionalIdentifier = Annotated[Identifier | None, BeforeValidator(_blank_is_no_id)]


def source_of(caller: Principal) -> str:
    """The source whose orders the key speaks of: its own, if it is bound to one."""
    return caller.source or _SOURCE
