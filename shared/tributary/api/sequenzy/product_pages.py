"""Pages of a catalogue, newest product first: by offset, as Sequenzy's clients ask, or by cursor at any size."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tributary.api.lists.query import bracketed, cursor_of, read_cursor, read_integer
from tributary.api.sequenzy.requests.fields import source_of
from tributary.api.sequenzy.responses import PROVIDER, PROVIDERS, product_response
from tributary.domain.errors import Failure, ValidationFailed
from tributary.domain.ids import text_digest
from tributary.ledger.catalogue import products
from tributary.ledger.organization.api_keys import Principal
from tributary.ledger.store import counts, lists

SIZE, MAX_SIZE = 50, 100
#: Skipped records are read too, so the limit is that of one request's reads.
MAX_OFFSET = lists.MAX_EXAMINED - MAX_SIZE


@dataclass(frozen=True)
class _Query:
    size: int
    skip: int
    search: str
    provider: str | None
    after: str | None
    bound_to: str


def page(caller: Principal, parameters: Mapping[str, str]) -> dict[str, Any]:
    """One page: a Query per index shard, more where few products match, and one read of the products."""
    kind = products.list_kind(source_of(caller))
    query = _read(caller.organization, kind, parameters)
    found = _found(caller.organization, kind, query)
    shown = [product_response(item) for item in products.at(key for key, _ in found.records)]
    onward = cursor_of(query.bound_to, found.next, found.unskipped) if found.next is not None else None
    return {
        "products": shown,
        "pagination": {
            "limit": query.size,
            "offset": query.skip,
            "count": len(shown),
            "total": _total(caller.organization, kind, query, found),
            "hasMore": found.next is not None,
            "nextCursor": onward,
        },
    }


def _total(organization: str, kind: str, query: _Query, found: lists.Page) -> int | None:
    """Exact once the page reaches the end. Before that an estimate, at most a minute old, and for a search None."""
    if found.total is not None and query.after is None:
        return found.total
    return None if query.search else counts.estimate(organization, kind)


def _found(organization: str, kind: str, query: _Query) -> lists.Page:
    if query.provider not in (None, PROVIDER):
        return lists.Page([], None, 0)
    return lists.page(
        lists.of_kind(organization, kind),
        lists.Range(after=query.after),
        query.size,
        query.skip,
        lambda listed: _matches(listed, query.search),
    )


def _read(organization: str, kind: str, parameters: Mapping[str, str]) -> _Query:
    failures = bracketed(parameters)
    size = read_integer(parameters, "limit", 1, failures, MAX_SIZE) or SIZE
    skip = read_integer(parameters, "offset", 0, failures) or 0
    if skip > MAX_OFFSET:
        sentence = f"offset must be at most {MAX_OFFSET}; go on with nextCursor."
        failures.append(Failure("offset", sentence, "MAX", {"max": MAX_OFFSET}))
    search, provider = parameters.get("search", "").strip().casefold(), parameters.get("provider") or None
    if provider is not None and provider not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        failures.append(Failure("provider", f"provider must be one of {known}.", "ENUM", {"known": [*PROVIDERS]}))
    bound_to = text_digest(organization, kind, search)[:16]
    after, skip = read_cursor(parameters, bound_to, failures, skip)
    if failures:
        raise ValidationFailed(failures)
    return _Query(size, skip, search, provider, after, bound_to)


def _matches(listed: Mapping[str, Any], search: str) -> bool:
    return any(search in (listed[name] or "").casefold() for name in ("title", "productId"))
