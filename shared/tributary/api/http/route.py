"""What is known of a route of the API."""

from typing import NamedTuple


class Route(NamedTuple):
    """One call. It holds names and no types, since the default route, which loads it, needs none of what they stand
    for.

    `path` lies below the base of its dialect. `answer` is a shape of openapi/shapes.py, with `[]` for a list of it.
    `body` is a model of the dialect's package, as module.Name. `refusals` are statuses beyond those that follow from
    the rest: 400, 401, 403, 404 of an id, 413, 415, 429, 409 of an Idempotency-Key. An answer that is `secret` is kept
    for no repeat. One that takes `rows` takes many bodies and answers with as many answers.
    """

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
