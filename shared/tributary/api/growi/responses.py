"""Affiliate sales as Growi's clients read them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from aws_lambda_powertools.event_handler import Response

from tributary.api.growi.platforms import order_id_of, platform_of
from tributary.api.http import edge, repeats
from tributary.domain.affiliate import earned, status
from tributary.domain.transaction import Sale, Transaction
from tributary.ledger.earnings.affiliate_sales import AffiliateSale


def created_response(sale: AffiliateSale, differs: Sequence[str] | None, now: str) -> Response[str]:
    """The answer to a report; a repeat also says in which members it differs."""
    data = {"data": affiliate_sale_response(sale.transaction, sale.awards, now)}
    if differs is None:
        return edge.answer(data, 201)
    return edge.answer(data | repeats.members(differs), 201, repeats.headers(differs))


def affiliate_sale_response(transaction: Transaction, awards: Iterable[Mapping[str, Any]], now: str) -> dict[str, Any]:
    """`awards` are the claim's earnings: a `conversion` each and, if issued, its `obligation`."""
    sale, awards = transaction.sale, list(awards)
    return {
        "id": transaction.id,
        "external_id": order_id_of(sale),
        "platform": platform_of(sale),
        "sub_id": sale.claim.sub_id if sale.claim else None,
        "status": status(transaction, awards, now),
        "occurred_at": sale.occurred_at,
        "total": sale.total,
        "commission": earned(awards),
        "currency": sale.currency.lower(),
    }


def amendments_response(transaction: Transaction, history: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The changes of each amendment, in order, each with its value before (`from`) and after (`to`)."""
    rows, before = [], _members(transaction.first)
    for amendment in history:
        after = before | {_NAMES.get(name, name): value for name, value in amendment["changes"].items()}
        after["currency"] = after["currency"].lower()
        changed = {name: {"from": before[name], "to": after[name]} for name in after if after[name] != before[name]}
        rows.append({"changed_at": amendment["changedAt"], "changes": changed})
        before = after
    return rows


#: The payment's state and a cancellation both appear as the sale's status.
_NAMES = {"settlement": "status"}


def _members(sale: Sale) -> dict[str, Any]:
    """Members of a sale that may change, as first reported."""
    return {
        "total": sale.total,
        "subtotal": sale.subtotal,
        "currency": sale.currency.lower(),
        "occurred_at": sale.occurred_at,
        "due_at": sale.due_at,
        "customer_id": sale.customer_id,
        "commission": sale.claim.commission if sale.claim else None,
        "status": "unpaid",
    }
