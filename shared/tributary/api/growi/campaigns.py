"""Programs as campaigns, the organization as their brand, and collaborators as affiliates of campaigns."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tributary.api.growi.requests.queries import CampaignAffiliatesQuery
from tributary.api.lists.room import room_for
from tributary.domain.affiliate import campaign_status, enrollment_status
from tributary.domain.errors import Failure, ValidationFailed
from tributary.domain.ids import cause_id
from tributary.domain.program import Program
from tributary.ledger.programs import collaborators, programs
from tributary.ledger.store import lists

Listed = Mapping[str, Any]
_PER_PAGE = 25
#: Members of the original that no collaborator has.
UNKNOWN = (
    "affiliate_phone_number", "affiliate_avatar_url", "affiliate_location", "affiliate_age", "affiliate_gender",
    "discord_id", "affiliate_link", "revenue_generated", "affiliate_amount_earned", "order_count",
)  # fmt: skip


def brand(organization: str) -> dict[str, Any]:
    return {"id": cause_id(organization, "brand"), "name": organization}


def campaigns(organization: str) -> list[dict[str, Any]]:
    """Every program, deleted ones included: sales name them."""
    return [
        {
            "id": it.id,
            "name": it.name,
            "campaign_type": "Ambassador Program",
            "status": campaign_status(it.status),
        }
        for it in programs.now_current(organization).programs.values()
    ]


def affiliates(organization: str, query: CampaignAffiliatesQuery) -> dict[str, Any]:
    """`affiliates`, of one page with `meta` on request. ValidationFailed beyond what a request examines or an answer
    holds."""
    rows = [row for row in _enrollments(organization, query.campaign_id) if row["status"] == query.status]
    if not query.pagination:
        _require_room(rows)
        return {"affiliates": rows}
    start = (query.page - 1) * _PER_PAGE
    meta = {"row_count": len(rows), "page_count": -(-len(rows) // _PER_PAGE), "current_page": query.page}
    return {"affiliates": rows[start : start + _PER_PAGE], "meta": meta}


def _enrollments(organization: str, campaign_id: int | None) -> Iterator[dict[str, Any]]:
    """A row for each program of each collaborator, in order of creation."""
    part = lists.Range(newest_first=False)
    page = lists.page(lists.of_kind(organization, collaborators.KIND), part, lists.MAX_EXAMINED)
    if page.next is not None:
        most = lists.MAX_EXAMINED
        sentence = f"page of more than {most} collaborators there are no pages; read /siren/v1/collaborators by its "
        raise ValidationFailed([Failure("page", f"{sentence}cursor.", "MAX", {"max": most})])
    known = programs.now_current(organization).programs
    for _, listed in page.records:
        wanted = set(listed["programs"]) & known.keys() & ({campaign_id} if campaign_id else known.keys())
        yield from (_affiliate(organization, listed, known[it]) for it in sorted(wanted))


def _affiliate(organization: str, listed: Listed, program: Program) -> dict[str, Any]:
    return {
        "id": cause_id(organization, "enrollment", listed["id"], program.id),
        "user_id": listed["id"],
        "campaign_id": program.id,
        "campaign_name": program.name,
        "status": enrollment_status(listed["status"], program.status),
        "affiliate_name": listed["fullName"],
        "affiliate_email": listed["email"],
        "tag": listed["referralCode"],
        "unique_tag": listed["referralCode"],
        "connected_accounts": [],
        **dict.fromkeys(UNKNOWN),
        "created_at": datetime.fromisoformat(listed["dateCreated"]).strftime("%B %d, %Y"),
    }


def _require_room(rows: list[dict[str, Any]]) -> None:
    if (room := room_for(len(rows), json.dumps(rows))) is not None:
        sentence = f"pagination must be true: of these rows there is room for about {room}."
        raise ValidationFailed([Failure("pagination", sentence, "MAX", {"max": room})])
