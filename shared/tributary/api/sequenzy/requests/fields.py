"""Field types shared by Sequenzy's bodies, and the source of a key's orders."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from tributary.api.http.fields import Identifier, TextOrNumber, takes
from tributary.domain.money import MAX_MINOR
from tributary.ledger.organization.api_keys import Principal

_SOURCE = "sequenzy"


@takes(anyOf=[{"type": ["string", "number"], "maxLength": 255}, {"type": "null"}])
def _blank_is_absent(value: Any) -> Any:
    """Shop systems send "" for a missing variant or SKU."""
    return None if isinstance(value, str) and not value.strip() else value


@takes(
    anyOf=[
        {"type": ["integer", "string"], "minimum": 1, "maximum": MAX_MINOR, "pattern": r"^([0-9]{1,20}|\s*)$"},
        {"type": "null"},
    ]
)
def _blank_is_no_id(value: Any) -> Any:
    """Shop systems send "" for a visitor without a cookie."""
    return _blank_is_absent(value)


Cents = Annotated[int, Field(ge=0, le=MAX_MINOR)]
OptionalText = Annotated[TextOrNumber | None, BeforeValidator(_blank_is_absent)]
OptionalIdentifier = Annotated[Identifier | None, BeforeValidator(_blank_is_no_id)]


def source_of(caller: Principal) -> str:
    """The source of the key's orders: its own if bound to one, else Sequenzy's."""
    return caller.source or _SOURCE
