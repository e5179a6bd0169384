"""What can be wrong with a request: types with stable codes. Only the edge turns them into HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import field as dataclass_field
from typing import Any, Literal

FailureType = Literal["REQUIRED", "TYPE", "MIN", "MAX", "LENGTH", "FORMAT", "ENUM", "UNKNOWN"]


@dataclass(frozen=True)
class Failure:
    """One check that one field did not pass; `message` is a sentence that starts with the field."""

    field: str
    message: str
    type: FailureType
    context: Mapping[str, Any] = dataclass_field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class TributaryError(Exception):
    """A refusal with a stable code, a message that is safe to show, and a context for the client's code."""

    code = "internal_error"

    def __init__(self, message: str, context: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.context = dict(context or {})


class ValidationFailed(TributaryError):
    """Some fields did not pass; all of them are named."""

    code = "VALIDATION_FAILED"

    def __init__(self, failures: Sequence[Failure]) -> None:
        super().__init__(
            " ".join(failure.message for failure in failures),
            {"failedValidations": [failure.as_dict() for failure in failures]},
        )
        self.failures = tuple(failures)


class Unauthorized(TributaryError):
    """No key, or one that is unknown, expired or revoked. Message and context do not tell which; a dialect whose
    clients expect to be told has the reason."""

    code = "unauthorized"

    def __init__(self, reason: Literal["missing", "unknown", "revoked", "expired"]) -> None:
        super().__init__("A valid API key is required.")
        self.reason = reason


class ApiKeyNotAccepted(TributaryError):
    """The route takes a key with the scope `admin`."""

    code = "api_key_not_accepted"

    def __init__(self) -> None:
        super().__init__("This route does not accept this API key; it takes a key with the scope admin.")


class MissingScope(TributaryError):
    """The key holds none of the scopes that open the route."""

    code = "missing_scope"

    def __init__(self, any_of: Sequence[str]) -> None:
        super().__init__(f"The API key needs the scope {any_of[0]}.", {"scope": any_of[0], "anyOf": list(any_of)})


class StoreKeyNotAllowed(TributaryError):
    """The key is bound to a source and asks for what is not that source's."""

    code = "store_key_not_allowed"


class NotFound(TributaryError):
    """No such record in this organization; the context echoes what was asked for."""

    code = "not_found"


class Conflict(TributaryError):
    """The request is well formed and contradicts what is recorded."""

    code = "conflict"


class RepeatInProgress(Conflict):
    """The request that first came with this Idempotency-Key is still at work."""

    def __init__(self) -> None:
        message = "A request with this Idempotency-Key is still in progress."
        super().__init__(message, {"header": "Idempotency-Key"})


class RepeatDiffers(Conflict):
    """The Idempotency-Key came before, with another request."""

    def __init__(self) -> None:
        message = "This Idempotency-Key was used within 24 hours for another body or query."
        super().__init__(message, {"header": "Idempotency-Key"})


class TooLarge(TributaryError):
    """A limit of size was passed; nothing was written."""

    code = "too_large"
