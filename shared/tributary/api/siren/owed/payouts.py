"""Calls about batches and payouts, as the Siren surface words them."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from tributary.api.http.resolver import Resolver
from tributary.api.siren.requests.owed.payouts import GenerateBody, PreviewBody, ReportBody, ResultRow
from tributary.domain import bulk, times
from tributary.domain.errors import Conflict, NotFound
from tributary.ledger.payouts import (
    fulfillment_items,
    fulfillment_moves,
    fulfillments,
    payment_files,
    payouts,
    previews,
)
from tributary.ledger.programs import collaborators
from tributary.ledger.store import table
from tributary.ledger.store.values import Item
from tributary.payments.formats.pain002 import read_pain002
from tributary.payments.formats.paypal_report import read_paypal_report
from tributary.payments.people import PersonalPayout, people_csv
from tributary.payments.results import PAID, masked

#: Seconds kept for the group under way and the answer; a worker makes the rest of the batch.
_FOR_THE_ANSWER = 12
_ACTIONS = {"processing": "process", "complete": "complete", "failed": "fail"}


def time_left(app: Resolver) -> Callable[[], bool]:
    """True while a batch may go on being made within the request."""
    over = time.monotonic() + app.lambda_context.get_remaining_time_in_millis() / 1000 - _FOR_THE_ANSWER
    return lambda: time.monotonic() < over


def preview(organization: str, asked: PreviewBody, now: str) -> dict[str, Any]:
    """A page of a preview: what a batch would pay, and what it leaves out and why."""
    arguments = asked.arguments(now)
    made = (
        previews.go_on(organization, asked.preview_id) if asked.preview_id else previews.make(organization, arguments)
    )
    pays, left_out = previews.rows_of(made.choices)
    return {"previewId": made.id, "complete": made.complete, "payouts": pays, "leftOut": left_out}


def generate(organization: str, asked: GenerateBody, now: str, left: Callable[[], bool]) -> Item:
    """A new batch. Conflict if there is nothing to pay, or if a preview no longer holds."""
    arguments = asked.arguments(now)
    if asked.preview_id:
        item = fulfillments.generate_previewed(organization, asked.preview_id, left)
    else:
        item = fulfillments.generate(organization, arguments, left)
    if not item:
        raise Conflict("The fulfillment was deleted while it was being made.")
    if item["listed"]["generating"]:
        fulfillments.hand_over(item)
    return item


def change(organization: str, fulfillment_id: int, status: str) -> Item:
    """Move a batch to a status by hand. Conflict if it cannot be."""
    reason = fulfillment_moves.move(organization, _ACTIONS[status], fulfillment_id)
    item = _found(organization, fulfillment_id)
    if reason not in (None, bulk.ALREADY_SO):
        raise Conflict(f"A {reason} fulfillment cannot become {status}.", {"status": reason})
    return item


def delete(organization: str, fulfillment_id: int) -> Item | None:
    """Fail a batch, or delete one that has failed; the item, None once it is gone. Conflict while it holds payouts."""
    item = _found(organization, fulfillment_id)
    status = item["listed"]["status"]
    if status == fulfillment_items.FAILED:
        if (reason := fulfillment_moves.delete(organization, fulfillment_id)) == "has_live_payouts":
            raise Conflict("The fulfillment still has payouts; they are paid, or being cancelled.", {"reason": reason})
        return None
    if (reason := fulfillment_moves.move(organization, "delete", fulfillment_id) or "") not in ("", bulk.ALREADY_SO):
        raise Conflict(f"A {reason} fulfillment cannot be deleted.", {"status": reason})
    return _found(organization, fulfillment_id)


def _found(organization: str, fulfillment_id: int) -> Item:
    item = fulfillment_items.get(organization, fulfillment_id)
    if item is None:
        raise NotFound("There is no such record.", {"id": fulfillment_id})
    return item


def mark(organization: str, action: str, ids: Sequence[int], reference: str | None) -> bulk.Bulk:
    """Mark payouts as paid or unpaid by id."""
    if action == "markPaid":
        return bulk.each(ids, lambda payout_id: payouts.mark_paid(organization, payout_id, reference))
    return bulk.each(ids, lambda payout_id: payouts.mark_unpaid(organization, payout_id))


def results(organization: str, rows: Sequence[ResultRow]) -> bulk.Bulk:
    """Record what the bank answered; obligations of failed payouts are released. Repeats change nothing."""
    by_id = {row.payout_id: row for row in rows}

    def record(payout_id: int) -> str | None:
        row = by_id[payout_id]
        if row.status == "paid":
            return payouts.mark_paid(organization, payout_id, row.reference)
        return payouts.fail(organization, payout_id, masked(row.reason))

    return bulk.each(by_id, record)


def report(organization: str, fulfillment_id: int, body: ReportBody) -> dict[str, Any]:
    """Record what a bank's report says of a batch. What it leaves open is `waiting`; unreadable rows are named.

    Payouts of other batches are skipped."""
    _found(organization, fulfillment_id)
    made = payment_files.records(organization, fulfillment_id)
    content = body.content.encode("utf-8", "replace")
    if body.format == "paypal":
        answer = read_paypal_report(content)
    else:
        answer = read_pain002(content, {record["messageId"]: record["payoutIds"] for record in made})
    own = {item["listed"]["id"] for item in payouts.of_fulfillment(organization, fulfillment_id)}
    by_id = {it.payout_id: it for it in answer.results}

    def record(payout_id: int) -> str | None:
        if payout_id not in own:
            return bulk.NOT_FOUND
        said = by_id[payout_id]
        if said.status == PAID:
            return payouts.mark_paid(organization, payout_id)
        return payouts.fail(organization, payout_id, said.reason)

    done = bulk.each(by_id, record).answer
    waiting = [it.payout_id for it in answer.waiting]
    return done | {"waiting": waiting, "errors": [it._asdict() for it in answer.errors]}


def export(organization: str, ids: Sequence[int], mark_as_paid: bool) -> dict[str, Any]:
    """Live payouts as CSV for people; unless told otherwise, just these are marked as paid first."""
    found = {payout_id: payouts.find(organization, payout_id) for payout_id in dict.fromkeys(ids)}
    reasons = payouts.not_payable([item for item in found.values() if item])
    items = [item for number, item in found.items() if item and number not in reasons]
    marked = bulk.Bulk(0, ())
    if mark_as_paid:
        marked = mark(organization, "markPaid", [item["listed"]["id"] for item in items], None)
        reasons |= {number: reason for number, reason in marked.skipped if reason != bulk.ALREADY_SO}
        items = [item for item in items if item["listed"]["id"] not in reasons]
    exported = [item["listed"]["id"] for item in items]
    before = [item["listed"]["id"] for item in items if item["listed"]["status"] == payouts.PAID]
    text = _csv(organization, items)
    skipped = [
        {"id": number, "reason": reasons.get(number, bulk.NOT_FOUND)} for number in found if number not in exported
    ]
    name = f"payouts-{times.now()[:10]}.csv"
    answer = {"success": True, "csv": text, "filename": name, "exported": len(exported), "marked": marked.affected}
    return answer | {"paidBefore": before, "skipped": skipped}


def _csv(organization: str, items: Sequence[Item]) -> str:
    ids = {item["listed"]["collaboratorId"] for item in items}
    found = table.batch_get(collaborators.key(organization, collaborator_id) for collaborator_id in ids)
    named = {it["listed"]["id"]: it["listed"] for it in found.values() if it["listed"]["status"] != "deleted"}
    return people_csv(_personal(item["listed"], named.get(item["listed"]["collaboratorId"])) for item in items)


def _personal(payout: Item, collaborator: Item | None) -> PersonalPayout:
    """A payout with its collaborator; an e-mail that is not known is blank, one of a deleted collaborator says so."""
    email, name = (collaborator["email"] or "", collaborator["fullName"]) if collaborator else (None, None)
    return PersonalPayout(payout["id"], payout["collaboratorId"], email, name, payout["currency"], payout["value"])
