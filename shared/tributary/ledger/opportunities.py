"""Opportunities: partition `<organization>#opportunity#<id>`, the header with the live engagements, and an item per
engagement for lists. A visitor's account at the shop leads to its opportunity by a hashed link.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from tributary.domain import times
from tributary.domain.errors import NotFound
from tributary.domain.ids import text_digest
from tributary.domain.opportunity import MAX_LIVE, Engagement, Opportunity
from tributary.ledger import table
from tributary.ledger.labels import label
from tributary.ledger.lists import listing
from tributary.ledger.table import Key
from tributary.ledger.values import Item

KIND, ENGAGEMENTS = "opportunity", "engagement"
SK = "opportunity"
_TRIES = 10
#: Of so many engagements a header remembers that their program gave way, until their own items say so.
_MAX_OUTRANKED = 2 * MAX_LIVE


def pk(organization: str, opportunity_id: int) -> str:
    return f"{organization}#opportunity#{opportunity_id}"


def header_key(organization: str, opportunity_id: int) -> Key:
    return pk(organization, opportunity_id), SK


def user_key(organization: str, user_id: str) -> Key:
    return f"{organization}#user#{text_digest(user_id)}", "user"


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


def engagements(organization: str, opportunity_id: int) -> list[Item]:
    """The items of an opportunity's engagements, of all epochs."""
    return table.query(pk(organization, opportunity_id), "engagement#")


def save(before: Opportunity | None, after: Opportunity, link: Item | None, merged: Opportunity | None = None) -> None:
    """Writes what a visit changed, in one transaction, at the versions read; ConditionFailed if one has moved since.

    `link` is the user's link as it was read; it is set to this opportunity unless it leads here already. `merged` is
    the opportunity whose engagements went into this one."""
    held = {engagement.id: engagement for engagement in before.engagements} if before else {}
    actions = [
        _header_action(before, after),
        *(
            table.put_action(_engagement(after, engagement), condition="")
            for engagement in after.engagements
            if held.get(engagement.id) != engagement
        ),
    ]
    if _leads_elsewhere(before, after, link):
        actions.append(_link_action(after, link))
    if merged:
        gone = replace(merged, status="inactive", engagements=(), merged_into=after.id, modified_at=after.modified_at)
        actions.append(_header_action(merged, gone))
    table.transact(actions)


def invalidate(organization: str, opportunity_id: int, now: str | None = None) -> Item:
    """Makes an opportunity, or the one it was merged into, invalid for good; a repeat changes nothing. NotFound if
    there is none."""
    now = now or times.now()
    for _ in range(_TRIES):
        item = get(organization, opportunity_id)
        if item is None:
            raise NotFound("There is no such record.", {"id": opportunity_id})
        if item["mergedInto"] is not None:
            opportunity_id = item["mergedInto"]
            continue
        if item["listed"]["status"] == "invalid":
            return item
        changes = {"listed.#status": "invalid", "listed.dateModified": now, "changedAt": now, "engagements": []}
        changes["#version"] = item["version"] + 1
        try:
            return table.update(item["pk"], item["sk"], changes, "#version = :seen", seen=item["version"])
        except table.ConditionFailed:
            continue
    raise TimeoutError("the opportunity kept moving")


def settle(organization: str, opportunity_id: int) -> int:
    """Brings the stored state of engagements, which lists show, to what their opportunity says; returns how many it
    wrote.

    Those of a past epoch are complete, or invalid if their program gave way to another of its group; those of an
    invalid opportunity are invalid; those that are live no more went into another opportunity or gave way to newer
    ones."""
    items = table.query(pk(organization, opportunity_id))
    header = next((item for item in items if item["sk"] == SK), None)
    if header is None:
        return 0
    written = 0
    for item in items:
        if item["entity"] == ENGAGEMENTS and item["listed"]["status"] == "active":
            state = _state(header, item)
            written += state != "active" and _move(item, state)
    return written


def _state(header: Item, engagement: Item) -> str:
    number = engagement["listed"]["id"]
    if header["listed"]["status"] == "invalid" or number in header.get("outranked", ()):
        return "invalid"
    if engagement["epoch"] < header["epoch"]:
        return "complete"
    return "active" if any(live["id"] == number for live in header["engagements"]) else "invalid"


def _move(item: Item, state: str) -> bool:
    now = times.now()
    changes = {"listed.#status": state, "listed.dateModified": now, "changedAt": now, "#version": item["version"] + 1}
    try:
        table.update(item["pk"], item["sk"], changes, "#version = :seen", seen=item["version"])
    except table.ConditionFailed:
        return False
    return True


def consume_action(opportunity: Opportunity, outranked: Sequence[int], now: str) -> Item:
    """Moves the epoch on, at the version read: none of its engagements can earn again. `outranked` are those whose
    program gave way to another of its group."""
    changes = {
        "epoch": opportunity.epoch + 1,
        "engagements": [],
        "outranked": [*opportunity.outranked, *outranked][-_MAX_OUTRANKED:],
        "#version": opportunity.version + 1,
        "changedAt": now,
        "listed.dateModified": now,
    }
    key = header_key(opportunity.organization, opportunity.id)
    return table.update_action(*key, changes, "#version = :seen", seen=opportunity.version)


def remember_action(opportunity: Opportunity, leads: Mapping[str, str], now: str) -> Item:
    """Remembers when programs paid a lead of it, at the version read."""
    changes = {"leads": {**opportunity.leads, **leads}, "#version": opportunity.version + 1, "changedAt": now}
    key = header_key(opportunity.organization, opportunity.id)
    return table.update_action(*key, changes, "#version = :seen", seen=opportunity.version)


def unchanged_action(organization: str, opportunity_id: int, opportunity: Opportunity | None) -> Item:
    """The condition that the opportunity is as it was read, or still is not there."""
    key = header_key(organization, opportunity_id)
    if opportunity is None:
        return table.check_action(*key, "attribute_not_exists(pk)")
    return table.check_action(*key, "#version = :seen", seen=opportunity.version)


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
    )


def _header_action(before: Opportunity | None, after: Opportunity) -> Item:
    if before is None:
        return table.put_action(_header(after, 1))
    return table.put_action(_header(after, before.version + 1), "#version = :seen", seen=before.version)


def _header(opportunity: Opportunity, version: int) -> Item:
    return {
        "pk": pk(opportunity.organization, opportunity.id),
        "sk": SK,
        "entity": "opportunity",
        "organization": opportunity.organization,
        "version": version,
        "changedAt": opportunity.modified_at,
        "epoch": opportunity.epoch,
        "mergedInto": opportunity.merged_into,
        "leads": dict(opportunity.leads),
        "outranked": list(opportunity.outranked),
        "engagements": [asdict(engagement) for engagement in opportunity.engagements],
        "listed": {
            "id": opportunity.id,
            "userId": opportunity.user_id,
            "status": opportunity.status,
            "dateCreated": opportunity.created_at,
            "dateModified": opportunity.modified_at,
        },
        **listing(opportunity.organization, KIND, opportunity.id, opportunity.created_at),
    }


def _engagement(opportunity: Opportunity, engagement: Engagement) -> Item:
    """The item that lists show. Its epoch tells, beside the header's, whether it can still earn."""
    return {
        "pk": pk(opportunity.organization, opportunity.id),
        "sk": f"engagement#{opportunity.epoch}#{engagement.program_id}#{engagement.collaborator_id}",
        "entity": "engagement",
        "organization": opportunity.organization,
        "version": opportunity.version + 1,
        "changedAt": engagement.modified_at,
        "epoch": opportunity.epoch,
        "listed": {
            "id": engagement.id,
            "opportunityId": opportunity.id,
            "programId": engagement.program_id,
            "collaboratorId": engagement.collaborator_id,
            "score": engagement.score,
            "status": "active",
            "dateCreated": engagement.created_at,
            "dateModified": engagement.modified_at,
        },
        **label(opportunity.organization, ENGAGEMENTS, engagement.id),
        **listing(opportunity.organization, ENGAGEMENTS, engagement.id, engagement.created_at),
    }


def _leads_elsewhere(before: Opportunity | None, after: Opportunity, link: Item | None) -> bool:
    """Whether the user's link has to be set. One that nobody asked for was set when the opportunity got its user."""
    if link is not None:
        return bool(link["opportunityId"] != after.id)
    return after.user_id is not None and (before is None or before.user_id is None)


def _link_action(opportunity: Opportunity, seen: Item | None) -> Item:
    partition, name = user_key(opportunity.organization, opportunity.user_id or "")
    link = {
        "pk": partition,
        "sk": name,
        "entity": "user",
        "organization": opportunity.organization,
        "version": 1,
        "opportunityId": opportunity.id,
    }
    if seen is None:
        return table.put_action(link)
    return table.put_action(link, "opportunityId = :seen", seen=seen["opportunityId"])
