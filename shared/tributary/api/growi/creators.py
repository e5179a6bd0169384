"""Collaborators ranked by the sum of their affiliate sales."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from tributary.api.growi.campaigns import brand
from tributary.api.growi.dialect import refused
from tributary.api.growi.pages import matching
from tributary.api.growi.requests.queries import AffiliateSalesQuery, TopCreatorsQuery
from tributary.domain.affiliate import sold
from tributary.domain.money import major_units
from tributary.domain.program import Program
from tributary.domain.transaction import Sale
from tributary.ledger.programs import collaborators, programs
from tributary.ledger.store import table
from tributary.ledger.store.values import Item

#: A collaborator's sums in minor units, by program, and by None for all of them.
Sums = Mapping[int | None, int]


def ranking(organization: str, query: TopCreatorsQuery) -> dict[str, Any]:
    """The answer of the ranking. ValidationFailed for too many sales, or for several currencies."""
    sales = _sales(organization, query)
    currency = _currency(sales, query.currency)
    ranked = _ranked([sale for sale in sales if sale.currency == currency])
    start = (query.page - 1) * query.limit
    shown = ranked[start : start + query.limit]
    meta = {
        "current_page": query.page,
        "per_page": query.limit,
        "row_count": len(ranked),
        "page_count": -(-len(ranked) // query.limit),
        "has_more": start + query.limit < len(ranked),
    }
    # The original's pages have `meta` beside `data`, its API document within.
    creators = _rows(organization, shown, currency, query.include_discord)
    return {"success": True, "data": {"top_creators_by_gmv": creators, "meta": meta}, "meta": meta}


def _sales(organization: str, query: TopCreatorsQuery) -> Sequence[Sale]:
    if query.organization_id not in (None, brand(organization)["id"]):
        return []
    filters = query.model_dump(include={"start_date", "end_date", "campaign_id"})
    found = matching(organization, AffiliateSalesQuery.model_construct(**filters))
    return [sale.transaction.sale for sale in found if sold(sale.transaction)]


def _currency(sales: Sequence[Sale], asked: str | None) -> str:
    """The asked currency, or the only one of the sales: sums of several cannot be compared."""
    known = sorted({sale.currency for sale in sales})
    if asked is None and len(known) > 1:
        raise refused("currency", f"must be one of {', '.join(known).lower()}, which are not compared")
    return asked or next(iter(known), "USD")


def _ranked(sales: Sequence[Sale]) -> list[tuple[int, Sums]]:
    """Collaborators with their sums, the largest first."""
    sums: dict[int, Counter[int | None]] = defaultdict(Counter)
    for sale in sales:
        if sale.claim is not None:
            own = sums[sale.claim.collaborator_id]
            for program_id in (None, *sale.claim.program_ids):
                own[program_id] += sale.total
    return sorted(sums.items(), key=lambda held: (-held[1][None], held[0]))


def _rows(
    organization: str, ranked: Sequence[tuple[int, Sums]], currency: str, include_discord: bool
) -> list[dict[str, Any]]:
    if not ranked:
        return []
    people = table.batch_get(collaborators.key(organization, number) for number, _ in ranked)
    known = programs.now_current(organization).programs
    name = brand(organization)["name"]
    about = {"currency": currency.lower(), "brand_name": name, "brands": [name], "social_accounts": []}
    about |= dict.fromkeys(("discord_id", "discord_username")) if include_discord else {}
    return [
        {**_person(people[collaborators.key(organization, number)]), **_amounts(sums, known, currency), **about}
        for number, sums in ranked
    ]


def _person(item: Item) -> dict[str, Any]:
    listed = item["listed"]
    return {"id": listed["id"], "name": listed["fullName"], "email": listed["email"]}


def _amounts(sums: Sums, known: Mapping[int, Program], currency: str) -> dict[str, Any]:
    campaigns = [
        {"campaign_id": it, "campaign_name": known[it].name, "total_gmv": major_units(amount, currency)}
        for it, amount in sums.items()
        if it is not None
    ]
    return {"total_gmv": major_units(sums[None], currency), "campaigns": campaigns}
