"""The header of an API key in each dialect."""

import functools
from typing import Any

from openapi.dialects import spoken
from tributary.api.http.dialect import name_of


def key_header(path: str, key: str) -> dict[str, str]:
    """The key in the header that the document of the path's dialect names; the path begins with the dialect's base."""
    scheme = _scheme(name_of(path))
    return {scheme["name"]: key} if scheme["type"] == "apiKey" else {"authorization": f"Bearer {key}"}


@functools.cache
def _scheme(dialect: str) -> dict[str, Any]:
    return spoken(dialect).security
