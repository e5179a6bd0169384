"""Sequenzy's form of an error."""

from typing import Any

from tributary.api.http.dialect import Dialect, issues
from tributary.domain.errors import TributaryError


def _error(error: TributaryError, _request_id: str) -> dict[str, Any]:
    found = issues(error)
    return {"success": False, "error": error.message, **({"issues": found} if found else {})}


DIALECT = Dialect(_error)
