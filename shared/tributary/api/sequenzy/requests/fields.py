"""Field types shared by Sequenzy's bodies, and the source of a key's orders."""

from typing import Annotated

from pydantic import Field

from tributary.domain.money import MAX_MINOR
from tributary.ledger.organization.api_keys import Principal

_SOURCE = "sequenzy"


Cents = Annotated[int, Field(ge=0, le=MAX_MINOR)]


def source_of(caller: Principal) -> str:
    """The source of the key's orders: its own if bound to one, else Sequenzy's."""
    return caller.source or _SOURCE
