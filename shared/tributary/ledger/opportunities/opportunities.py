"""Opportunities: the header in partition `<organization>#opportunity#<id>`, with the live engagements.

Lookups by visitor are in `opportunity_links`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from tributary.domain import times
from tributary.domain.errors import NotFound
from tributary.domain.opportunity import MAX_LIVE, Coupon, Engagement, Opportunity
from tributary.ledger.opportunities import engagements
from tributary.ledger.opportunities.opportunity_links import Link
from tributary.ledger.store import table
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import (
    check_unchanged_action,
    item_header,
    replace_unchanged_action,
    touch,
    update_unchanged,
    update_unchanged_action,
)
from tributary.ledger.store.retries import retried
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = SK = "opportunity"
_TRIES = 10
#: Outranked engagements that a header remembers until their own items are reconciled.
_MAX_OUTRANKED = 2 * MAX_LIVE
#: Sales that a header remembers for the same time.
_MAX_CONSUMERS = 20


def header_key(organization: str, opportunity_id: int) -> Key:
    return engagements.partition(organization, opportunity_id), SK


def get(organization: str, opportunity_id: int) -> Item | None:
    """The stored header, strongly consistent."""
    return table.get(*header_key(organization, opportunity_id))


def followed(organization: str, header: Item | None) -> Opportunity | None:
    """The opportunity of a header, or the one it was merged into, which is never merged again."""
    opportunity = of_item(header) if header else None
    if opportunity is None or opportunity.merged_into is None:
        return opportunity
    target = get(organization, opportunity.merged_into)
    return of_item(target) if target else None


def save(
    before: Opportunity | None,
    after: Opportunity,
    link: Link | None,
    merged: Opportunity | None = None,
    also: Sequence[Item] = (),
) -> None:
    """Write the changes of a visit in one transaction, at the versions read. ConditionFailed if one has changed since.

    `link` is set to this opportunity unless it already points here. `merged` is the opportunity whose engagements moved
    into this one. `also` holds further actions of the transaction.
    """
    held = {engagement.id: engagement for engagement in before.engagements} if before else {}
    actions = [
        *also,
        *([_header_action(before, after)] if after != before else []),
        *(
            table.put_action(engagements.item(after, engagement), condition="")
            for engagement in after.engagements
            if held.get(engagement.id) != engagement
        ),
    ]
    if link and link.opportunity_id != after.id:
        actions.append(link.set_action(after))
    if merged:
        gone = replace(merged, status="inactive", engagements=(), merged_into=after.id, modified_at=after.modified_at)
        actions.append(_header_action(merged, gone))
    table.transact(actions)


def invalidate(organization: str, opportunity_id: int, now: str | None = None) -> Item:
    """Make an opportunity, or the one it was merged into, invalid for good. NotFound if there is none."""
    return _invalidate(organization, opportunity_id, now or times.now())


@retried("the opportunity", _TRIES)
def _invalidate(organization: str, opportunity_id: int, now: str) -> Item:
    item = get(organization, opportunity_id)
    if item is None:
        raise NotFound("There is no such record.", {"id": opportunity_id})
    if item["mergedInto"] is not None:
        return _invalidate(organization, item["mergedInto"], now)
    if item["listed"]["status"] == "invalid":
        return item
    changes = {"listed.#status": "invalid", "engagements": [], **touch(now, item["version"] + 1)}
    return update_unchanged((item["pk"], item["sk"]), item["version"], changes)


def consume_action(opportunity: Opportunity, transaction_id: int, outranked: Sequence[int], now: str) -> Item:
    """Start the next epoch for a sale at the version read, so that no present engagement can earn again.

    `outranked` are engagements whose program gave way to another of its group.
    """
    changes = {
        "epoch": opportunity.epoch + 1,
        "engagements": [],
        "outranked": [*opportunity.outranked, *outranked][-_MAX_OUTRANKED:],
        "consumers": [*opportunity.consumers, transaction_id][-_MAX_CONSUMERS:],
        **({"evicted": 0} if opportunity.evicted else {}),
        **touch(now, opportunity.version + 1),
    }
    key = header_key(opportunity.organization, opportunity.id)
    return update_unchanged_action(key, opportunity.version, changes)


def remember_action(opportunity: Opportunity, leads: Mapping[str, str], now: str) -> Item:
    """Record at the version read when programs paid one of its leads."""
    changes = {"leads": {**opportunity.leads, **leads}, "#version": opportunity.version + 1, "changedAt": now}
    key = header_key(opportunity.organization, opportunity.id)
    return update_unchanged_action(key, opportunity.version, changes)


def unchanged_action(organization: str, opportunity_id: int, opportunity: Opportunity | None) -> Item:
    """A check that the opportunity is as read, or is still missing."""
    key = header_key(organization, opportunity_id)
    if opportunity is None:
        return table.check_action(*key, "attribute_not_exists(pk)")
    return check_unchanged_action(key, opportunity.version)


def of_item(item: Mapping[str, Any]) -> Opportunity:
    """The opportunity of a stored header."""
    listed = item["listed"]
    return Opportunity(
        id=listed["id"],
        organization=item["organization"],
        created_at=listed["dateCreated"],
        modified_at=listed["dateModified"],
        status=listed["status"],
        user_id=listed["userId"],
        epoch=item["epoch"],
        version=item["version"],
        engagements=tuple(Engagement(**engagement) for engagement in item["engagements"]),
        merged_into=item.get("mergedInto"),
        leads=item.get("leads", {}),
        outranked=tuple(item.get("outranked", ())),
        consumers=tuple(item.get("consumers", ())),
        evicted=item.get("evicted", 0),
        coupon=_coupon(item.get("coupon")),
    )


def _coupon(stored: Mapping[str, Any] | None) -> Coupon | None:
    return Coupon(stored["collaboratorId"], stored["at"], stored["number"]) if stored else None


def _shown_coupon(coupon: Coupon | None) -> Item:
    if coupon is None:
        return {}
    return {"coupon": {"collaboratorId": coupon.collaborator_id, "at": coupon.at, "number": coupon.number}}


def _header_action(before: Opportunity | None, after: Opportunity) -> Item:
    if before is None:
        return table.put_action(_header(after, 1))
    return replace_unchanged_action(_header(after, before.version + 1), before.version)


def _header(opportunity: Opportunity, version: int) -> Item:
    return {
        **item_header(
            "opportunity",
            opportunity.organization,
            (engagements.partition(opportunity.organization, opportunity.id), SK),
            opportunity.modified_at,
            version=version,
        ),
        "epoch": opportunity.epoch,
        "mergedInto": opportunity.merged_into,
        "leads": dict(opportunity.leads),
        "outranked": list(opportunity.outranked),
        **({"consumers": list(opportunity.consumers)} if opportunity.consumers else {}),
        "engagements": [asdict(engagement) for engagement in opportunity.engagements],
        **({"evicted": opportunity.evicted} if opportunity.evicted else {}),
        **_shown_coupon(opportunity.coupon),
        "listed": {
            "id": opportunity.id,
            "userId": opportunity.user_id,
            "status": opportunity.status,
            "dateCreated": opportunity.created_at,
            "dateModified": opportunity.modified_at,
        },
        **listing(opportunity.organization, KIND, opportunity.id, opportunity.created_at),
    }
