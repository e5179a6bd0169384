"""Field that refers to a collaborator, by id or by alias. Separate from `fields`, since it imports the
collaborators."""

from typing import Annotated, Any

from pydantic import PlainValidator

from tributary.api.http.inputs import patterns
from tributary.api.http.inputs.numbers import identifier
from tributary.api.http.inputs.taken import refuse, takes
from tributary.domain.money import MAX_MINOR
from tributary.ledger.programs.collaborators import Alias


@takes(
    type=["integer", "string"],
    minimum=1,
    maximum=MAX_MINOR,
    maxLength=255,
    pattern=rf"^({patterns.digits(MAX_MINOR)}|[^:]*[^:\s][^:]*:[\s\S]*\S[\s\S]*)$",
    description="An id, or an alias as type:code.",
)
def collaborator(value: Any) -> int | Alias:
    """An id, or an alias as `type:code`."""
    if not isinstance(value, str) or ":" not in value:
        return identifier(value)
    kind, _, code = value.partition(":")
    if not (kind.strip() and code.strip()) or len(value) > 255:
        raise refuse("FORMAT", "must be an id or an alias as type:code.")
    return Alias(kind, code)


CollaboratorReference = Annotated[int | Alias, PlainValidator(collaborator)]
