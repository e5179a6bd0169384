"""Answers with a record or a list of any resource."""

from collections.abc import Callable, Sequence
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from tributary.api.http import edge, requests
from tributary.api.http.resolver import Resolver
from tributary.api.lists.query import ListQuery, next_reference, read_fields, read_query
from tributary.api.lists.resource import Listed, Resource
from tributary.api.lists.room import room_for
from tributary.domain.errors import Failure, NotFound, ValidationFailed
from tributary.domain.ids import read_id
from tributary.ledger.organization.api_keys import Principal
from tributary.ledger.sales import transaction_items
from tributary.ledger.store import counts, id_index, lists, table
from tributary.ledger.store.values import Item

Authorize = Callable[[Resolver], Principal]
Find = Callable[[str, int], Item | None]


def readable(app: Resolver, path: str, resource: Resource, authorize: Authorize, find: Find | None = None) -> None:
    """Register `GET path` and `GET path/{id}`. `authorize` returns the caller or refuses the key. `find` gets an
    organization's record by id, from the id index by default."""

    def by_id(organization: str, record_id: int) -> Item | None:
        return id_index.find(organization, resource.kind, record_id)

    @app.get(path)
    def list_records() -> Response[str]:
        return many(app, resource, authorize(app))

    @app.get(f"{path}/<record_id>")
    def get_record(record_id: str) -> Response[str]:
        caller, number = authorize(app), requests.path_id(record_id)
        return one(app, resource, visible((find or by_id)(caller.organization, number), caller, number))


def visible(item: Item | None, caller: Principal, record_id: int) -> Item:
    """The record, if the caller's key may see it: a key bound to a source sees only that source's."""
    if item is None or not _of_source(item["listed"], caller.source):
        raise NotFound("There is no such record.", {"id": record_id})
    return item


def one(app: APIGatewayHttpResolver, resource: Resource, item: Item, status: int = 200) -> Response[str]:
    """One record: with the requested fields if only read, with the core fields after a write, too late for a
    refusal."""
    reads = app.current_event.http_method == "GET"
    fields = read_fields(app, resource.core, resource.extended) if reads else resource.core
    return edge.answer(_shown(resource, item["listed"], item, fields), status)


def deleted(app: APIGatewayHttpResolver, resource: Resource, item: Item | None) -> Response[str]:
    """The answer to a deletion: the record while it can come back, nothing once it is gone for good."""
    return one(app, resource, item) if item is not None else edge.no_content()


def many(
    app: APIGatewayHttpResolver, resource: Resource, caller: Principal, within: lists.Partitions | None = None
) -> Response[str]:
    """A page of records: one Query per index shard, and one BatchGetItem for fields not in the index. `within` is the
    list of one parent, without an estimate of its length."""
    query = read_query(app, resource, caller.organization, within)
    page = _page(resource, caller, query, within)
    items = table.batch_get(key for key, _ in page.records) if set(query.fields) & set(resource.from_item) else {}
    shown = [_shown(resource, listed, items.get(key), query.fields) for key, listed in page.records]
    answer = edge.answer(shown, headers=_list_headers(query, page, caller, resource.kind))
    _require_room(query, len(shown), str(answer.body))
    return answer


def _require_room(query: ListQuery, count: int, body: str) -> None:
    """ValidationFailed if the page exceeds Lambda's answer size: large sales with all their details."""
    if (room := room_for(count, body)) is None:
        return
    field = "number" if "perPage" not in query.parameters else "perPage"
    sentence = f"{field} asks for more than an answer can hold: of these records there is room for about {room}."
    raise ValidationFailed([Failure(field, sentence, "MAX", {"max": room})])


def _page(
    resource: Resource, caller: Principal, query: ListQuery, within: lists.Partitions | None = None
) -> lists.Page:
    tests = [(resource.filters[name], value) for name, value in query.filters.items()]

    hidden = "deleted" if resource.hides_deleted and "status" not in query.filters else None

    def accept(listed: Listed) -> bool:
        if hidden and listed["status"] == hidden:
            return False
        return _of_source(listed, caller.source) and all(test(listed, value) for test, value in tests)

    for keyed in resource.keyed:
        if set(keyed.names) <= query.filters.keys():
            items = keyed.find(caller.organization, *(query.filters[name] for name in keyed.names))
            return lists.page_of(items, query.part, query.size, query.skip, accept, query.sort_by)
    partitions = within or _partitions(resource, caller.organization, query)
    if query.sort_by is None:
        return lists.page(partitions, query.part, query.size, query.skip, accept)
    whole = lists.page(partitions, query.part, lists.MAX_EXAMINED, 0, accept)
    if whole.next is not None:
        sentence = (
            f"orderBy can sort {lists.MAX_EXAMINED} records; narrow the list by dateFrom and dateTo, or order it by id."
        )
        raise ValidationFailed([Failure("orderBy", sentence, "MAX", {"max": lists.MAX_EXAMINED})])
    return lists.sorted_page(whole.records, query.sort_by, query.part.newest_first, query.size, query.skip)


def _partitions(resource: Resource, organization: str, query: ListQuery) -> lists.Partitions:
    for name in resource.parents:
        if parent_id := read_id(query.filters.get(name, "")):
            return lists.of_parent(organization, resource.kind, parent_id)
    return lists.of_kind(organization, resource.kind)


def _shown(resource: Resource, listed: Listed, item: Item | None, fields: Sequence[str]) -> dict[str, Any]:
    def value(name: str) -> Any:
        if name in resource.from_listed:
            return resource.from_listed[name](listed)
        return resource.from_item[name](item) if item and name in resource.from_item else listed.get(name)

    return {name: value(name) for name in fields}


def _of_source(listed: Listed, source: str | None) -> bool:
    return source is None or listed.get("source") == transaction_items.binding(source)


def _list_headers(query: ListQuery, page: lists.Page, caller: Principal, kind: str) -> dict[str, str]:
    """A whole list's count is estimated until its end is reached. A filtered list's count, or that of a key with a
    source, is exact and left out before."""
    headers = {"Access-Control-Expose-Headers": "x-siren-estimated-count, Link"}
    if page.next is not None:
        headers["Link"] = f'<{next_reference(query, page.next, page.unskipped)}>; rel="next"'
    if page.total is not None and query.part.after is None:
        headers["x-siren-estimated-count"] = str(page.total)
    elif not query.narrowed and caller.source is None:
        headers["x-siren-estimated-count"] = str(counts.estimate(caller.organization, kind))
    return headers
