"""Statements of collaborators, as the Siren surface words them."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response

from tributary.api.http import edge
from tributary.api.http.resolver import Resolver
from tributary.api.lists.query import MAX_SIZE, bracketed, read_date, read_integer
from tributary.domain.errors import Failure, NotFound, ValidationFailed
from tributary.domain.ids import text_digest
from tributary.ledger.payouts import statements
from tributary.ledger.programs import collaborators
from tributary.ledger.store.lists import Range, is_position

DEFAULT_SIZE = 25

Cursor = tuple[str, dict[str, int]]


def statement(app: Resolver, organization: str, collaborator_id: int) -> Response[str]:
    """A page of a collaborator's statement over [`from`, `to`), newest first. NotFound for an unknown collaborator."""
    parameters = dict(app.current_event.query_string_parameters or {})
    failures = bracketed(parameters)
    size = read_integer(parameters, "number", 1, failures, MAX_SIZE) or DEFAULT_SIZE
    start = read_date(parameters, "from", Range().start, failures)
    end = read_date(parameters, "to", Range().end, failures)
    bound_to = text_digest(json.dumps([organization, collaborator_id, start, end]))[:16]
    after, closing = _read_cursor(parameters, bound_to, failures)
    if failures:
        raise ValidationFailed(failures)
    if collaborators.get(organization, collaborator_id) is None:
        raise NotFound("There is no such record.", {"id": collaborator_id})
    page = statements.of(organization, collaborator_id, Range(True, after, start, end), size, closing)
    headers = {"Access-Control-Expose-Headers": "Link"}
    if page.next is not None:
        kept = {name: value for name, value in parameters.items() if name != "cursor"}
        onward = urlencode(kept | {"cursor": _cursor(bound_to, page.next, page.opening)})
        headers["Link"] = f'<?{onward}>; rel="next"'
    return edge.answer(_shown(collaborator_id, page), headers=headers)


def _shown(collaborator_id: int, page: statements.Statement) -> dict[str, Any]:
    currencies = sorted({*page.opening, *page.closing})
    balances = [
        {
            "currency": currency,
            "opening": page.opening.get(currency, 0),
            "earned": page.totals.get(statements.EARNED, {}).get(currency, 0),
            "reversed": page.totals.get(statements.REVERSED, {}).get(currency, 0),
            "paid": page.totals.get(statements.PAID, {}).get(currency, 0),
            "closing": page.closing.get(currency, 0),
        }
        for currency in currencies
    ]
    return {"collaboratorId": collaborator_id, "balances": balances, "lines": page.lines}


def _cursor(bound_to: str, after: str, closing: Mapping[str, int]) -> str:
    token = json.dumps([bound_to, after, closing], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(token).decode().rstrip("=")


def _read_cursor(
    parameters: Mapping[str, str], bound_to: str, failures: list[Failure]
) -> tuple[str | None, dict[str, int] | None]:
    """The position and the balance after which to go on. Fails a cursor of another statement."""
    cursor = parameters.get("cursor")
    if not cursor:
        return None, None
    try:
        owner, after, closing = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if owner == bound_to and is_position(after) and all(type(value) is int for value in closing.values()):
            return after, closing
    except (ValueError, TypeError, AttributeError, RecursionError):
        pass
    failures.append(Failure("cursor", "cursor is not one of this query.", "FORMAT"))
    return None, None
