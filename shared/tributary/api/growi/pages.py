"""Pages of affiliate sales, with totals over all that match the filters."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tributary.api.growi.platforms import PLATFORMS, WEBSITE, order_id_in, order_name
from tributary.api.growi.requests.queries import AffiliateSalesQuery
from tributary.api.growi.responses import affiliate_sale_response
from tributary.api.growi.sales import SOURCE
from tributary.domain.affiliate import sums
from tributary.domain.errors import Failure, ValidationFailed
from tributary.ledger.customers import customers
from tributary.ledger.earnings import affiliate_sales
from tributary.ledger.earnings.affiliate_sales import AffiliateSale
from tributary.ledger.programs import collaborators
from tributary.ledger.programs.collaborators import Alias
from tributary.ledger.sales import transactions
from tributary.ledger.store import lists, table

Listed = Mapping[str, Any]
_STATUSES = {"canceled": ("cancelled",), "paid": ("paid", "paid_externally")}
_DAY = len("2026-11-21")


def page(organization: str, query: AffiliateSalesQuery, now: str) -> dict[str, Any]:
    """`data`, `meta` and `additional_data`. ValidationFailed if the filters leave too many records to read."""
    wanted = _STATUSES.get(query.status or "", (query.status,))
    rows = [
        (sale, affiliate_sale_response(sale.transaction, sale.awards, now)) for sale in matching(organization, query)
    ]
    rows = [row for row in rows if query.status is None or row[1]["status"] in wanted]
    start = (query.page - 1) * query.per_page
    return {
        "data": [row for _, row in rows[start : start + query.per_page]],
        "meta": {
            "row_count": len(rows),
            "page_count": -(-len(rows) // query.per_page),
            "current_page": query.page,
        },
        "additional_data": sums([(sale.transaction, sale.awards) for sale, _ in rows]),
    }


def matching(organization: str, query: AffiliateSalesQuery) -> Sequence[AffiliateSale]:
    """The sales that pass the filters, save for their status, newest first. ValidationFailed as for a page."""
    creators = _creators(organization, query)
    if creators is not None and len(creators) != 1:
        return []
    accept = _filter(organization, query, creators)
    if query.order_id is not None:
        names = [order_name(platform, query.order_id) for platform in PLATFORMS]
        found = transactions.find_all(organization, SOURCE, names)
        known = [item["listed"] for item in found if "claimed" in item["listed"]]
        return affiliate_sales.read(organization, [listed for listed in known if accept(listed)])
    try:
        # No sale is recorded before it occurs.
        return affiliate_sales.matching(organization, SOURCE, query.start_date, accept)
    except affiliate_sales.TooMany:
        sentence = f"start_date must leave at most {lists.MAX_EXAMINED} records to look at; take a later one."
        raise ValidationFailed([Failure("start_date", sentence, "MAX", {"max": lists.MAX_EXAMINED})]) from None


def _creators(organization: str, query: AffiliateSalesQuery) -> set[int | None] | None:
    """Creators that the filters name: a single id if they agree, None in place of an unknown one; None without such
    filters."""
    named: set[int | None] = set()
    if query.creator_id is not None:
        named.add(query.creator_id)
    if query.creator_email is not None:
        named.add(collaborators.with_email(organization, query.creator_email))
    if query.affiliate_tag is not None:
        alias = table.get(*collaborators.alias_key(organization, Alias("tracking", query.affiliate_tag)))
        named.add(alias["collaboratorId"] if alias else None)
    return named or None


def _filter(
    organization: str, query: AffiliateSalesQuery, creators: set[int | None] | None
) -> Callable[[Listed], bool]:
    searched = query.search.casefold() if query.search else ""
    buyer = customers.find(organization, "email", query.search) if query.search and "@" in query.search else None
    buyer_id = buyer["listed"]["id"] if buyer else None
    first, last = (query.start_date or "0")[:_DAY], (query.end_date or "~")[:_DAY]

    def accept(listed: Listed) -> bool:
        claimed = listed["claimed"]
        return (
            first <= claimed["occurredAt"][:_DAY] <= last
            and (creators is None or claimed["collaboratorId"] in creators)
            and (query.campaign_id is None or query.campaign_id in claimed["programIds"])
            and (query.platform is None or query.platform == claimed.get("platform", WEBSITE))
            and (query.sub_id is None or query.sub_id == claimed.get("subId"))
            and (searched in _order_id(listed).casefold() or bool(buyer_id and listed.get("customerId") == buyer_id))
        )

    return accept


def _order_id(listed: Listed) -> str:
    return order_id_in(listed["sourceId"], listed["claimed"].get("platform", WEBSITE))
