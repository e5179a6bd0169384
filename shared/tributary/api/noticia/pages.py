"""Noticia's lists: newest first, by cursor. `{"data": […], "next_cursor": …}`, null at the end."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from tributary.api.http import edge
from tributary.api.lists.query import bracketed, cursor_of, read_cursor, read_integer
from tributary.domain.errors import ValidationFailed
from tributary.domain.ids import text_digest
from tributary.ledger.store import lists

SIZE, MAX_SIZE = 25, 100
Listed = Mapping[str, Any]


def read(app: APIGatewayHttpResolver, *filters: str) -> dict[str, str]:
    """The given filters; an empty value matches no record."""
    query = app.current_event.query_string_parameters or {}
    return {name: query[name] for name in filters if name in query}


def many(
    app: APIGatewayHttpResolver,
    organization: str,
    partitions: lists.Partitions,
    shown: Callable[[Any], dict[str, Any]],
    filters: Mapping[str, str],
    accept: Callable[[Listed], bool] = lambda listed: True,
) -> Response[str]:
    """A page: one Query per index shard, or one where the records have a parent, unless filters need more."""
    parameters = dict(app.current_event.query_string_parameters or {})
    failures = bracketed(parameters)
    bound_to = text_digest(json.dumps([organization, partitions.names, sorted(filters.items())]))[:16]
    size = read_integer(parameters, "limit", 1, failures, MAX_SIZE) or SIZE
    after, skip = read_cursor(parameters, bound_to, failures)
    if failures:
        raise ValidationFailed(failures)
    page = lists.page(partitions, lists.Range(after=after), size, skip, accept)
    onward = cursor_of(bound_to, page.next) if page.next is not None else None
    return edge.answer({"data": [shown(listed) for _, listed in page.records], "next_cursor": onward})
