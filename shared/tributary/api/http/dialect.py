"""Differences between the API's dialects: the key's header, the error form, the status of failed checks. Only `of_path`
loads a dialect."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tributary.api.http.json_text import json_text
from tributary.domain import errors
from tributary.domain.errors import Failure, TributaryError, ValidationFailed

#: Base path of each dialect, by the name of its package.
BASES = {"siren": "/siren/v1", "sequenzy": "/api/v1", "noticia": "/v1", "growi": "/api/public/v1"}


class UnsupportedMediaType(TributaryError):
    """The body is not sent as JSON."""

    code = "unsupported_media_type"


class MethodNotAllowed(TributaryError):
    """The path exists and has other methods."""

    code = "method_not_allowed"

    def __init__(self, method: str, allow: list[str]) -> None:
        super().__init__(f"{method} is not allowed here.", {"allow": allow})
        self.allow = allow


class RateLimited(TributaryError):
    """Too many requests; the same request may be repeated after so many whole seconds."""

    code = "rate_limited"

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many requests.", {"retryAfter": retry_after})
        self.retry_after = retry_after


class Unavailable(TributaryError):
    """No time was left for the request; it may be repeated after so many whole seconds."""

    code = "unavailable"

    def __init__(self, retry_after: int = 1) -> None:
        super().__init__("No time was left for this request; send it again.", {"retryAfter": retry_after})
        self.retry_after = retry_after


class InternalError(TributaryError):
    """An unforeseen error; the answer contains only the request id."""

    def __init__(self, request_id: str) -> None:
        super().__init__("Something went wrong on our side.", {"requestId": request_id})


_STATUS: dict[type[TributaryError], int] = {
    errors.Unauthorized: 401,
    errors.ApiKeyNotAccepted: 401,
    errors.MissingScope: 403,
    errors.StoreKeyNotAllowed: 403,
    errors.NotFound: 404,
    MethodNotAllowed: 405,
    errors.Conflict: 409,
    errors.TooLarge: 413,
    UnsupportedMediaType: 415,
    RateLimited: 429,
    InternalError: 500,
    Unavailable: 503,
}


class Refusal(NamedTuple):
    """The answer to a request that is refused."""

    status: int
    body: str
    headers: dict[str, str]


def bearer(headers: Mapping[str, str]) -> str | None:
    """The key of `Authorization: Bearer`."""
    scheme, _, key = (headers.get("authorization") or "").partition(" ")
    return key.strip() or None if scheme.lower() == "bearer" else None


@dataclass(frozen=True)
class Dialect:
    """`error` makes the body of an error, of the request with this id. Failed checks are `invalid`, below some stages
    another status."""

    error: Callable[[TributaryError, str], Any]
    invalid: int = 422
    invalid_below: Mapping[str, int] = field(default_factory=dict)
    key: Callable[[Mapping[str, str]], str | None] = bearer
    challenge: str = "Bearer"

    def refusal(self, error: TributaryError, request_id: str, stage: str = "$default") -> Refusal:
        status = self._status(error, stage)
        headers = {"WWW-Authenticate": self.challenge} if status == 401 else {}
        if isinstance(error, MethodNotAllowed):
            headers["Allow"] = ", ".join([*error.allow, "OPTIONS"])
        if isinstance(error, (RateLimited, Unavailable)):
            headers["Retry-After"] = str(error.retry_after)
        return Refusal(status, json_text(self.error(error, request_id)), headers)

    def _status(self, error: TributaryError, stage: str) -> int:
        if isinstance(error, ValidationFailed):
            return self.invalid_below.get(stage, self.invalid)
        return next(status for kind, status in _STATUS.items() if isinstance(error, kind))


def issues(error: TributaryError) -> list[dict[str, str]]:
    """All failed checks as path and message; empty for other errors."""
    return [{"path": failure.field, "message": failure.message} for failure in failures(error)]


def failures(error: TributaryError) -> tuple[Failure, ...]:
    return error.failures if isinstance(error, ValidationFailed) else ()


def of_path(path: str) -> Dialect:
    """The dialect of a path, loaded by name."""
    dialect: Dialect = importlib.import_module(f"tributary.api.{name_of(path)}.dialect").DIALECT
    return dialect


def name_of(path: str) -> str:
    """The dialect with the longest base above the path; Siren for a path below no base."""
    above = [name for name, base in BASES.items() if f"{path}/".startswith(f"{base}/")]
    return max(above, key=lambda name: len(BASES[name]), default="siren")
