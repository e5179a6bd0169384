"""Noticia's error form and API key header."""

from collections.abc import Mapping
from typing import Any

from tributary.api.http.dialect import Dialect, issues
from tributary.domain.errors import RepeatDiffers, RepeatInProgress, TributaryError, Unauthorized

_NO_KEY = {"missing": "MISSING", "unknown": "INVALID", "revoked": "REVOKED", "expired": "EXPIRED"}


def _error(error: TributaryError, request_id: str) -> dict[str, Any]:
    found = issues(error)
    answer = {"code": _code(error), "message": error.message, "requestId": request_id}
    return {**answer, **({"issues": found} if found else {})}


def _code(error: TributaryError) -> str:
    match error:
        case Unauthorized():
            return f"AUTH_{_NO_KEY[error.reason]}_API_KEY"
        case RepeatDiffers():
            return "IDEMPOTENCY_CONFLICT"
        case RepeatInProgress():
            return "IDEMPOTENCY_IN_PROGRESS"
    return error.code.upper()


def _key(headers: Mapping[str, str]) -> str | None:
    return (headers.get("x-api-key") or "").strip() or None


DIALECT = Dialect(_error, key=_key, challenge="ApiKey")
