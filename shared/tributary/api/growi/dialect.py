"""Growi's form of an error: one text, `field: reason; field: reason`."""

from tributary.api.http.dialect import Dialect, failures
from tributary.domain.errors import Failure, TributaryError, ValidationFailed


def _error(error: TributaryError, _request_id: str) -> dict[str, str]:
    return {"error": "; ".join(_line(failure) for failure in failures(error)) or error.message}


def _line(failure: Failure) -> str:
    """A failure's message starts with its field."""
    return f"{failure.field}: {failure.message.removeprefix(failure.field).strip().removesuffix('.')}"


def refused(field: str, reason: str) -> ValidationFailed:
    """A refusal for a reason outside the request: Growi documents 422 for these too."""
    return ValidationFailed([Failure(field, f"{field} {reason}.", "UNKNOWN")])


DIALECT = Dialect(_error)
