"""The parts of each dialect's document: shapes of its answers and errors, and its key.

`openapi/<dialect>.py` has them as SHAPES (answers by name), ERROR (the form of an error), QUERIES (parameters by
`METHOD /path`), PATHS (parameters in paths) and, unless the key is a bearer's, SECURITY. Siren's resources have theirs
in shapes and answers."""

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from openapi import answers, parameters, shapes
from tributary.api.http.dialect import BASES, of_path

Schema = dict[str, Any]
BEARER: Schema = {"type": "http", "scheme": "bearer", "bearerFormat": "sk_live_…"}
_REFUSED = (401, 403, 404, 405, 409, 413, 415, 422, 429, 500)


#: Queries of Siren's calls that are no lists.
_QUERIES = {
    "GET /collaborators/{id}/statement": parameters.of_statement(),
    "GET /statistics": parameters.of_statistics(),
}


@dataclass(frozen=True)
class Spoken:
    """A dialect's part of its document; `invalid` has the statuses of failed checks."""

    schemas: Mapping[str, Schema]
    responses: Mapping[str, Schema]
    invalid: Sequence[int]
    security: Schema = field(default_factory=lambda: BEARER)
    queries: Mapping[str, Sequence[Schema]] = field(default_factory=dict)
    paths: Mapping[str, Schema] = field(default_factory=lambda: parameters.PATHS)


def spoken(dialect: str) -> Spoken:
    own_dialect = of_path(BASES[dialect])
    invalid = [own_dialect.invalid, *own_dialect.invalid_below.values()]
    if dialect == "siren":
        return Spoken(shapes.schemas() | answers.schemas(), answers.responses(), invalid, queries=_QUERIES)
    own = importlib.import_module(f"openapi.{dialect}")
    return Spoken(
        {**own.SHAPES, "Error": own.ERROR},
        {str(status): _refusal(status) for status in _REFUSED},
        invalid,
        getattr(own, "SECURITY", BEARER),
        own.QUERIES,
        {**parameters.PATHS, **own.PATHS},
    )


def _refusal(status: int) -> Schema:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    later = {"headers": answers.LATER} if status == HTTPStatus.TOO_MANY_REQUESTS else {}
    return {"description": HTTPStatus(status).phrase, "content": content, **later}
