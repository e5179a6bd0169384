"""Siren's form of an error."""

from typing import Any

from tributary.api.http.dialect import Dialect
from tributary.domain.errors import TributaryError


def _error(error: TributaryError, _request_id: str) -> dict[str, Any]:
    """`data` repeats `context`: older clients read the former, newer ones the latter."""
    members = {"message": error.message, "code": error.code, "context": error.context, "data": error.context}
    return {"error": members}


#: The WordPress plugin documents 400 for failed checks, the vendor's OpenAPI documents 422; its clients raise by it.
DIALECT = Dialect(_error, invalid_below={"wp-json": 400})
