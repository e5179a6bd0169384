"""Conversions made by hand, changed and deleted one at a time."""

from aws_lambda_powertools.event_handler import Response

from tributary.api.http import edge, repeats
from tributary.api.http.resolver import Resolver
from tributary.api.lists import records
from tributary.api.siren.requests.conversions import ConversionBody, ConversionChange
from tributary.api.siren.resources import CONVERSIONS
from tributary.domain import bulk
from tributary.domain.errors import Conflict, NotFound
from tributary.ledger.earnings import awards, manual_conversions, reviews
from tributary.ledger.opportunities import engagements
from tributary.ledger.organization.api_keys import Principal
from tributary.ledger.store import id_index, table
from tributary.ledger.store.values import Item


def created(app: Resolver, caller: Principal, asked: ConversionBody) -> Response[str]:
    """Make a conversion. A repeat of a sale's, or with the same Idempotency-Key, is answered with the first one."""
    engagement = id_index.find(caller.organization, engagements.KIND, asked.engagement_id)
    if engagement is None:
        raise NotFound("There is no such engagement.", {"engagementId": asked.engagement_id})
    header = app.current_event.headers.get("idempotency-key")
    request = f"{caller.key_id}#{header.strip()}" if header else None
    wanted = manual_conversions.Asked(engagement, asked.type, asked.status, asked.transaction_id, request)
    made = manual_conversions.create(caller.organization, wanted)
    if made.differs is None:
        return records.one(app, CONVERSIONS, made.item, 201)
    answer = records.one(app, CONVERSIONS, made.item)
    answer.headers.update(repeats.headers(made.differs))
    return answer


def changed(app: Resolver, caller: Principal, conversion_id: int, change: ConversionChange) -> Response[str]:
    """Review one conversion. Conflict if its status does not allow it."""
    stored = _find(caller, conversion_id)
    if action := change.review(stored["listed"]):
        _review(caller, action, conversion_id, allowed=(None, bulk.ALREADY_SO))
        stored = _again(stored)
    return records.one(app, CONVERSIONS, stored)


def deleted(app: Resolver, caller: Principal, conversion_id: int) -> Response[str]:
    """Delete a conversion; for good if it was deleted before. Conflict if it was paid."""
    stored = _find(caller, conversion_id)
    if stored["listed"]["status"] == "deleted":
        _review(caller, reviews.FOR_GOOD, conversion_id)
        return edge.no_content()
    _review(caller, "delete", conversion_id, allowed=(None, bulk.ALREADY_SO))
    return records.one(app, CONVERSIONS, _again(stored))


def _find(caller: Principal, conversion_id: int) -> Item:
    item = id_index.find(caller.organization, awards.CONVERSION, conversion_id)
    return records.visible(item, caller, conversion_id)


def _again(item: Item) -> Item:
    """The present form of a record, whose key stays."""
    return table.get(item["pk"], item["sk"]) or item


def _review(caller: Principal, action: str, conversion_id: int, allowed: tuple[str | None, ...] = (None,)) -> None:
    reason = reviews.review(caller.organization, action, conversion_id, caller.source)
    if reason == bulk.NOT_FOUND:
        raise NotFound("There is no such record.", {"id": conversion_id})
    if reason not in allowed:
        raise Conflict(f"The conversion stays as it is: {reason}.", {"id": conversion_id, "reason": reason})
