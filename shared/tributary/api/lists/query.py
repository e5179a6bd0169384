"""A list request's query: page, order, filters and fields. All failures are reported at once."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from tributary.api.http.inputs import patterns
from tributary.api.lists.resource import Resource
from tributary.domain import times
from tributary.domain.errors import Failure, ValidationFailed
from tributary.domain.ids import text_digest
from tributary.ledger.store.lists import Partitions, Range, is_position, position

MAX_SIZE = 200
MAX_OFFSET = 10_000
_CREATION = ("id", "dateCreated")
ORDERS = ("ASC", "DESC")
CURSOR = re.compile("[A-Za-z0-9_-]+={0,2}")
#: An unescaped plus in a query string arrives as a space.
DATE = re.compile(rf"\s*{patterns.moment(sign='[-+ ]')}\s*")
_DATE_AND_MARK = len("20261121T")
#: Other names of dates.
_SHORT = {"from": "dateFrom", "to": "dateTo"}
#: Every filter of any list: one that a list does not have is refused there, since all records would be the answer.
FILTERS = frozenset(
    """actor awardType collaboratorId conversionId currency customerId distributorId email externalId fulfillmentId
    fullName incentiveResolverType incentiveType nickname opportunityId payoutId programGroupId programId record
    recordId refundId s sorter source sourceId status topic transactionId type units userId vendor""".split()
)


@dataclass(frozen=True)
class ListQuery:
    """A list request that passed every check. `bound_to` identifies it: a cursor is valid for this query only."""

    part: Range
    size: int
    skip: int
    fields: Sequence[str]
    filters: Mapping[str, str]
    parameters: Mapping[str, str]
    bound_to: str
    sort_by: str | None
    narrowed: bool


def read_query(
    app: APIGatewayHttpResolver, resource: Resource, organization: str, within: Partitions | None = None
) -> ListQuery:
    """The list request; ValidationFailed with all its failures."""
    parameters = dict(app.current_event.query_string_parameters or {})
    parameters |= {name: parameters.pop(short) for short, name in _SHORT.items() if short in parameters}
    failures = bracketed(parameters)
    size, skip = _page(parameters, resource.default_size, failures)
    fields = _fields(parameters, resource.core, resource.extended, failures)
    if "propertyId" in parameters:
        failures.append(Failure("propertyId", "propertyId is not supported: stores are not kept.", "UNKNOWN"))
    strange = sorted(parameters.keys() & FILTERS - resource.filters.keys())
    failures += [Failure(name, f"{name} is not a filter of this list.", "UNKNOWN") for name in strange]
    filters = {name: value for name, value in parameters.items() if name in resource.filters}
    newest_first = _newest_first(parameters, resource.order, failures)
    sort_by = _sort_by(parameters, columns(resource), failures)
    start, end = _dates(parameters, failures)
    described = [organization, resource.kind, newest_first, sort_by, start, end, sorted(filters.items())]
    described += list(within.names) if within else []
    bound_to = text_digest(json.dumps(described))[:16]
    after, skip = read_cursor(parameters, bound_to, failures, skip)
    if failures:
        raise ValidationFailed(failures)
    part = Range(newest_first, after, start, end)
    narrowed = within is not None or bool(filters) or (start, end) != (Range().start, Range().end)
    return ListQuery(part, size, skip, fields, filters, parameters, bound_to, sort_by, narrowed)


def bracketed(parameters: Mapping[str, str]) -> list[Failure]:
    """A failure for each parameter such as `status[]`: if it were ignored, all records would be the answer."""
    return [
        Failure(name[:64], f"{name[:64]} is not known: send {name.partition('[')[0][:64]} with one value.", "UNKNOWN")
        for name in sorted(parameters)
        if "[" in name
    ]


def read_fields(app: APIGatewayHttpResolver, core: Sequence[str], extended: Sequence[str]) -> Sequence[str]:
    """The requested fields: those of `fields`; all with `include=extended`; else the core ones."""
    failures: list[Failure] = []
    fields = _fields(app.current_event.query_string_parameters or {}, core, extended, failures)
    if failures:
        raise ValidationFailed(failures)
    return fields


def next_reference(query: ListQuery, after: str, unskipped: int) -> str:
    """The next page, relative to the request's URL: by offset where the whole list is at hand, else by cursor."""
    paging = ("cursor", "offset", "page", "perPage", "number")
    kept = {name: value for name, value in query.parameters.items() if name not in paging}
    onward = {"offset": after} if after.isdigit() else {"cursor": cursor_of(query.bound_to, after, unskipped)}
    return "?" + urlencode(kept | {"number": str(query.size)} | onward)


def cursor_of(bound_to: str, after: str, unskipped: int = 0) -> str:
    """The cursor after a position, with the number of records still to skip there."""
    token = json.dumps([bound_to, after, *([unskipped] if unskipped else [])], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(token).decode().rstrip("=")


def _page(parameters: Mapping[str, str], default_size: int, failures: list[Failure]) -> tuple[int, int]:
    number = read_integer(parameters, "number", 1, failures, MAX_SIZE)
    offset = read_integer(parameters, "offset", 0, failures)
    page = read_integer(parameters, "page", 1, failures)
    per_page = read_integer(parameters, "perPage", 1, failures, MAX_SIZE)
    if number is not None or offset is not None or (page is None and per_page is None):
        size, skip = number or default_size, offset or 0
    else:
        size = per_page or default_size
        skip = ((page or 1) - 1) * size
    if skip > MAX_OFFSET:
        field = "offset" if offset is not None else "page"
        sentence = f"{field} must not lead beyond record {MAX_OFFSET}; go on with the cursor of the Link header."
        failures.append(Failure(field, sentence, "MAX", {"max": MAX_OFFSET, "use": "cursor"}))
    return size, skip


def read_integer(
    parameters: Mapping[str, str], name: str, least: int, failures: list[Failure], most: int | None = None
) -> int | None:
    """The parameter as an integer within its limits; None if it is absent or fails a check."""
    text = parameters.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 20):
        failures.append(Failure(name, f"{name} must be an integer.", "TYPE"))
        return None
    if int(text) < least:
        failures.append(Failure(name, f"{name} must be at least {least}.", "MIN", {"min": least}))
        return None
    if most is not None and int(text) > most:
        failures.append(Failure(name, f"{name} must be at most {most}.", "MAX", {"max": most}))
        return None
    return int(text)


def _fields(
    parameters: Mapping[str, str], core: Sequence[str], extended: Sequence[str], failures: list[Failure]
) -> Sequence[str]:
    if not parameters.get("fields"):
        return [*core, *extended] if parameters.get("include") == "extended" else core
    asked = [name.strip() for name in parameters["fields"].split(",") if name.strip()]
    known = [*core, *extended]
    # Only the first: each failure lists all known names.
    unknown = next((name for name in asked if name not in known), None)
    if unknown is not None:
        sentence = f"fields has an unknown name; known are {', '.join(known)}."
        failures.append(Failure("fields", sentence, "ENUM", {"unknown": unknown[:64], "known": known}))
    return asked


def _newest_first(parameters: Mapping[str, str], default: str, failures: list[Failure]) -> bool:
    order = parameters.get("order", default).upper()
    if order not in ORDERS:
        failures.append(Failure("order", f"order must be one of {', '.join(ORDERS)}.", "ENUM", {"known": [*ORDERS]}))
    return order != "ASC"


def columns(resource: Resource) -> list[str]:
    """The values of `orderBy`."""
    return [*_CREATION, *resource.order_by]


def _sort_by(parameters: Mapping[str, str], known: list[str], failures: list[Failure]) -> str | None:
    """The column to sort by, or None for the index's creation order."""
    name = parameters.get("orderBy", "id")
    if name not in known:
        failures.append(Failure("orderBy", f"orderBy must be one of {', '.join(known)}.", "ENUM", {"known": known}))
    return name if name not in _CREATION else None


def _dates(parameters: Mapping[str, str], failures: list[Failure]) -> tuple[str, str]:
    """`dateFrom` inclusive, `dateTo` exclusive, as positions in the list."""
    whole = Range()
    start = read_date(parameters, "dateFrom", whole.start, failures)
    return start, read_date(parameters, "dateTo", whole.end, failures)


def read_date(parameters: Mapping[str, str], name: str, default: str, failures: list[Failure]) -> str:
    """A moment in ISO 8601 as a position in a list."""
    text = parameters.get(name, "")
    if not text:
        return default
    try:
        if DATE.fullmatch(text):
            day, rest = text.strip()[:_DATE_AND_MARK], text.strip()[_DATE_AND_MARK:]
            return position(times.text(times.parse(day + rest.replace(" ", "+"))), 0)
    except OverflowError:  # an offset that leads out of the calendar
        pass
    failures.append(Failure(name, f"{name} must be an ISO 8601 date.", "FORMAT"))
    return default


def read_cursor(
    parameters: Mapping[str, str], bound_to: str, failures: list[Failure], skip: int = 0
) -> tuple[str | None, int]:
    """The position after which to continue, and the number of records to skip there. Fails a cursor of another query.
    Without a cursor, `skip` counts from the beginning."""
    cursor = parameters.get("cursor")
    if not cursor:
        return None, skip
    try:
        if not CURSOR.fullmatch(cursor):
            raise ValueError("not base64url")
        owner, after, *rest = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        unskipped = rest[0] if rest else 0
        known = type(unskipped) is int and 0 <= unskipped <= MAX_OFFSET and len(rest) < 2
        if owner == bound_to and isinstance(after, str) and is_position(after) and known:
            return after, unskipped
    except (ValueError, TypeError, RecursionError):
        pass
    failures.append(Failure("cursor", "cursor is not one of this query.", "FORMAT"))
    return None, skip
