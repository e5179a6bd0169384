"""Description of an API route."""

from typing import NamedTuple


class Route(NamedTuple):
    """One call. Holds names instead of types, so that the default route loads none of them.

    `path` is relative to the dialect's base. `answer` is a shape of openapi/shapes.py, with `[]` for a list. `body` is
    a model of the dialect's package, as module.Name. `refusals` are statuses beyond those implied by the rest: 422,
    401, 403, 404 of an id, 413, 415, 429, 409 of an Idempotency-Key. A `secret` answer is not stored for repeats. A
    route of `rows` takes many bodies and returns as many answers."""

    method: str
    path: str
    function: str
    summary: str
    answer: str
    scope: str = "admin"
    body: str | None = None
    statuses: tuple[int, ...] = (200,)
    refusals: tuple[int, ...] = ()
    dialect: str = "siren"
    secret: bool = False
    rows: bool = False
