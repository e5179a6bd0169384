"""The one way to answer a record or a list of any resource."""

from collections.abc import Sequence
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from tributary.api import edge
from tributary.api.lists import ListQuery, cursor_of, read_fields, read_query
from tributary.api.resource import Listed, Resource
from tributary.domain.errors import NotFound
from tributary.ledger import lists, table, transactions
from tributary.ledger.api_keys import Principal
from tributary.ledger.values import Item


def visible(item: Item | None, caller: Principal, record_id: int) -> Item:
    """The record, if there is one that the caller's key may see: one that is bound to a source sees that source's
    only."""
    if item is None or not _of_source(item["listed"], caller.source):
        raise NotFound("There is no such record.", {"id": record_id})
    return item


def one(app: APIGatewayHttpResolver, resource: Resource, item: Item, status: int = 200) -> Response[str]:
    """One record: if it is only read, with the fields that were asked for; after a write with the core ones, since a
    refusal then would come too late."""
    reads = app.current_event.http_method == "GET"
    fields = read_fields(app, resource.core, resource.extended) if reads else resource.core
    return edge.answer(_shown(resource, item["listed"], item, fields), status)


def many(app: APIGatewayHttpResolver, resource: Resource, caller: Principal) -> Response[str]:
    """A page of records: one Query per index shard, and one BatchGetItem if a field is asked for that the index does
    not hold."""
    query = read_query(app, resource, caller.organization)
    tests = [(resource.filters[name], value) for name, value in query.filters.items()]
    page = lists.page(
        caller.organization,
        resource.kind,
        query.part,
        query.size,
        query.skip,
        lambda listed: _of_source(listed, caller.source) and all(test(listed, value) for test, value in tests),
    )
    items = table.batch_get(key for key, _ in page.records) if set(query.fields) & set(resource.from_item) else {}
    shown = [_shown(resource, listed, items.get(key), query.fields) for key, listed in page.records]
    return edge.answer(shown, headers=_list_headers(query, page))


def _shown(resource: Resource, listed: Listed, item: Item | None, fields: Sequence[str]) -> dict[str, Any]:
    return {
        name: resource.from_item[name](item) if item and name in resource.from_item else listed.get(name)
        for name in fields
    }


def _of_source(listed: Listed, source: str | None) -> bool:
    return source is None or listed.get("source") == transactions.binding(source)


def _list_headers(query: ListQuery, page: lists.Page) -> dict[str, str]:
    """The count is exact once the end is reached; before it, a count would cost as much as there are records."""
    headers = {"Access-Control-Expose-Headers": "x-siren-estimated-count, Link"}
    if page.next is not None:
        headers["Link"] = f'<{cursor_of(query, page.next)}>; rel="next"'
    elif query.part.after is None:
        headers["x-siren-estimated-count"] = str(page.passed)
    return headers
