"""Errors of requests: types with stable codes. Only the edge turns them into HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from dataclasses import field as dataclass_field
from typing import Any, Literal

FailureType = Literal["REQUIRED", "TYPE", "MIN", "MAX", "LENGTH", "FORMAT", "ENUM", "UNKNOWN"]


@dataclass(frozen=True)
class Failure:
    """One failed check of one field; `message` is a sentence starting with the field."""

    field: str
    message: str
    type: FailureType
    context: Mapping[str, Any] = dataclass_field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class TributaryError(Exception):
    """A refusal with a stable code, a message safe to show, and a context for the client's code."""

    code = "internal_error"

    def __init__(self, message: str, context: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.context = dict(context or {})


class ValidationFailed(TributaryError):
    """Failed checks of a request; names every failed field."""

    code = "VALIDATION_FAILED"

    def __init__(self, failures: Sequence[Failure]) -> None:
        super().__init__(
            " ".join(failure.message for failure in failures),
            {"failedValidations": [failure.as_dict() for failure in failures]},
        )
        self.failures = tuple(failures)


class Unauthorized(TributaryError):
    """A key missing, unknown, expired or revoked. Message and context hide the `reason`; some dialects show it."""

    code = "unauthorized"

    def __init__(
        self, reason: Literal["missing", "unknown", "revoked", "expired"], message: str = "A valid API key is required."
    ) -> None:
        super().__init__(message)
        self.reason = reason


class Unsigned(Unauthorized):
    """A shop's webhook that proves no connection: one text for all reasons, so that ids cannot be guessed."""

    def __init__(self) -> None:
        message = "The signature of the webhook is wrong or too old, or its address names no connection."
        super().__init__("unknown", message)


class ApiKeyNotAccepted(TributaryError):
    """The route accepts keys with the scope `admin` only."""

    code = "api_key_not_accepted"

    def __init__(self) -> None:
        super().__init__("This route does not accept this API key; it takes a key with the scope admin.")


class MissingScope(TributaryError):
    """The key has none of the scopes accepted by the route."""

    code = "missing_scope"

    def __init__(self, any_of: Sequence[str]) -> None:
        super().__init__(f"The API key needs the scope {any_of[0]}.", {"scope": any_of[0], "anyOf": list(any_of)})


class StoreKeyNotAllowed(TributaryError):
    """The key is bound to a source and asks for a record of another."""

    code = "store_key_not_allowed"


class NotFound(TributaryError):
    """No such record in this organization; the context echoes the request."""

    code = "not_found"


class Conflict(TributaryError):
    """A well-formed request that contradicts the ledger."""

    code = "conflict"


class RepeatInProgress(Conflict):
    """The first request with this Idempotency-Key is still in progress."""

    def __init__(self) -> None:
        message = "A request with this Idempotency-Key is still in progress."
        super().__init__(message, {"header": "Idempotency-Key"})


class RepeatDiffers(Conflict):
    """The Idempotency-Key was used before, for another request."""

    def __init__(self) -> None:
        message = "This Idempotency-Key was used within 24 hours for another body or query."
        super().__init__(message, {"header": "Idempotency-Key"})


class TooLarge(TributaryError):
    """A size limit was exceeded; nothing was written."""

    code = "too_large"
