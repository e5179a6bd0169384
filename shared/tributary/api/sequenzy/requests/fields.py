"""Field types shared by Sequenzy's bodies, and the source of a key's orders."""

from collections.abc import Sequence
from typing import Any

from tributary.ledger.organization.api_keys import Principal

_SOURCE = "sequenzy"


def left_out_members(names: Sequence[str]) -> dict[str, Any]:
    """The member of an answer that names the attributes for which the customer has no room; none if all fit."""
    return {"attributesLeftOut": list(names)} if names else {}


def source_of(caller: Principal) -> str:
    """The source of the key's orders: its own if bound to one, else Sequenzy's."""
    return caller.source or _SOURCE
