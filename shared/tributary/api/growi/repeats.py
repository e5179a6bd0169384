"""Differences between an affiliate sale and a repeat of its report."""

from typing import Any

from tributary.api.growi.requests.affiliate_sales import AffiliateSaleBody
from tributary.api.http.repeats import differing
from tributary.domain.transaction import Claim, Sale
from tributary.ledger.store.values import Item


def differences(first: Sale, again: Sale, report: AffiliateSaleBody, alias: Item | None) -> list[str]:
    """`alias` is the code that the repeat names. The buyer and absent moments are not compared."""
    if first.claim is None:
        return []
    return differing(_members(first), _said(again, report)) + _referrer(first.claim, report, alias)


def _members(sale: Sale) -> dict[str, Any]:
    return {
        "total": sale.total,
        "subtotal": sale.subtotal,
        "currency": sale.currency,
        "occurred_at": sale.occurred_at,
        "due_at": sale.due_at,
        "sale_type": sale.details[0].type,
        "commission": sale.claim.commission if sale.claim else None,
        "sub_id": sale.claim.sub_id if sale.claim else None,
    }


def _said(again: Sale, report: AffiliateSaleBody) -> dict[str, Any]:
    said = _members(again) | {"commission": report.commission, "sub_id": report.sub_id}
    return said if report.occurred_at else {name: said[name] for name in said if name != "occurred_at"}


def _referrer(claim: Claim, report: AffiliateSaleBody, alias: Item | None) -> list[str]:
    differs = {
        "campaign_affiliate_id": report.campaign_affiliate_id is not None
        and (alias is None or alias["collaboratorId"] != claim.collaborator_id),
        "growi_user_id": report.growi_user_id not in (None, claim.collaborator_id),
        "growi_campaign_id": report.growi_campaign_id not in (None, *claim.program_ids),
    }
    return [name for name, other in differs.items() if other]
