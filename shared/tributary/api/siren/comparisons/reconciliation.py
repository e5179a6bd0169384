"""The call that reconciles a shop's list with the ledger."""

import json
from typing import Any

from tributary.api.http import requests
from tributary.api.lists.query import cursor_of, read_cursor
from tributary.api.siren.requests.reconciliation import ReconciliationBody
from tributary.domain.errors import Failure, ValidationFailed
from tributary.domain.ids import text_digest
from tributary.domain.reconciliation import Comparison
from tributary.ledger.organization.api_keys import Principal
from tributary.ledger.sales import reconciling
from tributary.ledger.store.lists import Range, position
from tributary.ledger.store.values import Item

_SHOWN = ("sourceId", "id", "totalValue", "currency", "status", "dateCreated")


def reconcile(caller: Principal, body: ReconciliationBody) -> dict[str, Any]:
    """Compare the rows, unless a cursor goes on, and name a page of the sales that they lack."""
    requests.require_source(caller, body.source)
    rows, bound_to = body.to_rows(), _bound_to(caller.organization, body)
    failures: list[Failure] = []
    after, _ = read_cursor({"cursor": body.cursor} if body.cursor else {}, bound_to, failures)
    if failures:
        raise ValidationFailed(failures)
    whole = Range()
    start = position(body.date_from, 0) if body.date_from else whole.start
    end = position(body.date_to, 0) if body.date_to else whole.end
    first = not body.cursor
    told = reconciling.compare(caller.organization, body.source, rows) if first else Comparison()
    named = {row.id for row in rows}
    missing = reconciling.missing_there(caller.organization, body.source, named, Range(True, after, start, end))
    return {
        "compared": len(rows) if first else 0,
        "agreeing": told.agreeing,
        "differing": told.differing,
        "missingHere": told.missing_here,
        "missingThere": [_shown(listed) for listed in missing.sales],
        "cursor": cursor_of(bound_to, missing.next) if missing.next else None,
    }


def _bound_to(organization: str, body: ReconciliationBody) -> str:
    return text_digest(json.dumps([organization, "reconcile", body.source, body.date_from, body.date_to]))[:16]


def _shown(listed: Item) -> dict[str, Any]:
    names = ("id", "transactionId", "totalValue", "currency", "status", "dateCreated")
    return {name: listed[held] for name, held in zip(names, _SHOWN, strict=True)}
