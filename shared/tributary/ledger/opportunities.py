"""Opportunities: partition `<organization>#opportunity#<id>`, the header with the live engagements, and an item per
engagement for lists. A visitor's account at the shop leads to its opportunity by a hashed link.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tributary.domain.ids import text_digest
from tributary.domain.opportunity import Engagement, Opportunity
from tributary.ledger import table
from tributary.ledger.lists import listing
from tributary.ledger.table import Key
from tributary.ledger.values import Item

KIND, ENGAGEMENTS = "opportunity", "engagement"
SK = "opportunity"


def pk(organization: str, opportunity_id: int) -> str:
    return f"{organization}#opportunity#{opportunity_id}"


def header_key(organization: str, opportunity_id: int) -> Key:
    return pk(organization, opportunity_id), SK


def user_key(organization: str, user_id: str) -> Key:
    return f"{organization}#user#{text_digest(user_id)}", "user"


def save(before: Opportunity | None, after: Opportunity, link: Item | None) -> None:
    """Writes what a visit changed, in one transaction, at the version read; ConditionFailed if it has moved since.

    `link` is the user's link as it was read; it is set to this opportunity unless it leads here already."""
    version = before.version if before else 0
    held = {engagement.id: engagement for engagement in before.engagements} if before else {}
    header = _header(after, version + 1)
    actions = [
        table.put_action(header, "#version = :seen", seen=version) if before else table.put_action(header),
        *(
            table.put_action(_engagement(after, engagement), condition="")
            for engagement in after.engagements
            if held.get(engagement.id) != engagement
        ),
    ]
    if after.user_id is not None and (link is None or link["opportunityId"] != after.id):
        actions.append(_link_action(after, link))
    table.transact(actions)


def consume_action(opportunity: Opportunity, now: str) -> Item:
    """Moves the epoch on, at the version read: none of its engagements can earn again."""
    changes = {
        "epoch": opportunity.epoch + 1,
        "engagements": [],
        "#version": opportunity.version + 1,
        "changedAt": now,
        "listed.dateModified": now,
    }
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
    )


def _header(opportunity: Opportunity, version: int) -> Item:
    return {
        "pk": pk(opportunity.organization, opportunity.id),
        "sk": SK,
        "entity": "opportunity",
        "organization": opportunity.organization,
        "version": version,
        "changedAt": opportunity.modified_at,
        "epoch": opportunity.epoch,
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
        "label": f"{opportunity.organization}#{ENGAGEMENTS}#{engagement.id}",
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
        **listing(opportunity.organization, ENGAGEMENTS, engagement.id, engagement.created_at),
    }


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
