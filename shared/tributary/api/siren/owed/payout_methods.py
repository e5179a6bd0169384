"""Calls about payout methods and payment files, as the Siren surface words them."""

from datetime import date
from typing import Any

from aws_lambda_powertools.event_handler import Response

from tributary.api.siren.requests.owed.payout_methods import PayoutSettingsBody
from tributary.domain.errors import Conflict, NotFound
from tributary.ledger.payouts import fulfillment_items, methods, payment_files
from tributary.ledger.payouts.payment_files import Made
from tributary.ledger.store import table
from tributary.ledger.store.values import Item


def shown(organization: str, collaborator_id: int) -> dict[str, Any]:
    """A collaborator's payout settings; of the method, its type and last four characters."""
    return _settings(_collaborator(organization, collaborator_id))


def change(organization: str, collaborator_id: int, body: PayoutSettingsBody) -> dict[str, Any]:
    """Change a collaborator's payout settings that the body names. Conflict if the collaborator was changed at the same
    time."""
    method, stored = body.checked(), _collaborator(organization, collaborator_id)
    changes = methods.method_changes(stored, method) if "method" in body.model_fields_set else {}
    changes |= methods.minimum_changes(body.minimum_payout) if "minimum_payout" in body.model_fields_set else {}
    try:
        return _settings(methods.change(stored, changes))
    except table.ConditionFailed as failure:
        raise Conflict("The collaborator was changed at the same time; read it again.") from failure


def _collaborator(organization: str, collaborator_id: int) -> Item:
    item = methods.collaborator(organization, collaborator_id)
    if item is None:
        raise NotFound("There is no such record.", {"id": collaborator_id})
    return item


def _settings(item: Item) -> dict[str, Any]:
    listed = item["listed"]
    return {
        "collaboratorId": listed["id"],
        "method": listed.get("payoutMethod"),
        "minimumPayout": listed.get("minimumPayout") or {},
    }


def make_files(organization: str, fulfillment_id: int, execution_date: str) -> dict[str, Any]:
    """The files of a batch, made once. Conflict while it is being made, or once it has failed."""
    item = _batch(organization, fulfillment_id)
    if item["listed"]["generating"] or item["listed"]["status"] == fulfillment_items.FAILED:
        raise Conflict("The fulfillment is not ready for payment.", {"status": item["listed"]["status"]})
    return _made(payment_files.make(item, date.fromisoformat(execution_date)))


def files(organization: str, fulfillment_id: int) -> list[dict[str, Any]]:
    """The files of a batch, none before they were made."""
    _batch(organization, fulfillment_id)
    return [_file(record) for record in payment_files.records(organization, fulfillment_id)]


def download(organization: str, fulfillment_id: int, name: str) -> Response[str]:
    """The bytes of a file, always the same. NotFound if the batch has none of this name."""
    file = payment_files.download(organization, fulfillment_id, name)
    if file is None:
        raise NotFound("There is no such file.", {"id": fulfillment_id, "name": name[:100]})
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
    return Response(200, file.media_type, file.content.decode(), headers)


def _batch(organization: str, fulfillment_id: int) -> Item:
    item = fulfillment_items.get(organization, fulfillment_id)
    if item is None:
        raise NotFound("There is no such record.", {"id": fulfillment_id})
    return item


def _made(made: Made) -> dict[str, Any]:
    return {
        "executionDate": made.execution_date,
        "files": [_file(record) for record in made.files],
        "refused": [{"payoutId": it.payout_id, "field": it.field, "reason": it.reason} for it in made.refused],
        "byHand": list(made.by_hand),
        "paidBefore": list(made.paid_before),
    }


def _file(record: Item) -> dict[str, Any]:
    return {
        "name": record["name"],
        "mediaType": record["mediaType"],
        "method": record["method"],
        "currency": record["currency"],
        "rows": len(record["payoutIds"]),
        "controlSum": record["controlText"],
        "total": record["controlSum"],
        "sha256": record["digest"],
    }
