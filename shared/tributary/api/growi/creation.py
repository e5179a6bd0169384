"""Recording and attributing an affiliate sale at once: its caller names the affiliate and gets the commission."""

from collections.abc import Sequence
from typing import NamedTuple

from tributary.api.growi.claims import alias_of, claim
from tributary.api.growi.repeats import differences
from tributary.api.growi.requests.affiliate_sales import AffiliateSaleBody
from tributary.api.growi.sales import SOURCE
from tributary.domain.transaction import Claim, Line, Sale, Transaction
from tributary.ledger.customers import customers
from tributary.ledger.customers.customers import Identity
from tributary.ledger.earnings import attribution
from tributary.ledger.sales import transaction_items, transactions


class Created(NamedTuple):
    """The recorded sale, and the fields in which a repeat differs; None if it is none."""

    transaction: Transaction
    differs: Sequence[str] | None


def create(organization: str, report: AffiliateSaleBody, now: str, bound_to: str | None = None) -> Created:
    """Record and attribute an order's sale once. A repeat returns the recorded sale, whatever else it says, and
    attributes it if needed. ValidationFailed for an unknown affiliate."""
    created = _recorded(organization, report, now, bound_to)
    transaction = created.transaction
    attribution.reconcile(organization, transaction.id, transaction.sale.tracking_id, SOURCE)
    return created


def _recorded(organization: str, report: AffiliateSaleBody, now: str, bound_to: str | None) -> Created:
    tag = alias_of(organization, report)
    stored, others = transactions.place_with(organization, SOURCE, report.name, [tag] if tag else [])
    alias, sale = others.get(tag) if tag else None, _sale(report, now)
    if stored:  # deleted sales included: nothing brings them back
        first = transaction_items.of_item(stored)
        return Created(first, differences(first.first, sale, report, alias))
    claimed = claim(organization, sale, report, alias)
    buyer = _customer_id(organization, report, sale.occurred_at, bound_to)
    recorded = transactions.record(organization, _sale(report, now, buyer, claimed), now)
    return Created(recorded.transaction, None if recorded.created else [])


def _sale(report: AffiliateSaleBody, now: str, customer_id: int | None = None, claimed: Claim | None = None) -> Sale:
    total = report.total if report.total is not None else report.subtotal or 0
    counting = total if report.subtotal is None else report.subtotal
    lines = (Line("Order", counting, type="subscription"),) if report.sale_type == "subscription" else ()
    return Sale(
        source=SOURCE,
        external_id=report.name,
        tracking_id=None,
        total=total,
        currency=report.currency,
        # A clock ahead of ours must not date a sale in the future.
        occurred_at=min(report.occurred_at or now, now),
        lines=lines,
        customer_id=customer_id,
        claim=claimed,
        subtotal=report.subtotal,
        due_at=report.due_at,
    )


def _customer_id(organization: str, report: AffiliateSaleBody, at: str, bound_to: str | None) -> int | None:
    """The buyer by e-mail, or by the visitor's own id; a name alone identifies no buyer."""
    if report.customer_email is None and report.visitor_uid is None:
        return None
    identity = Identity(email=report.customer_email, external_id=report.visitor_uid)
    profile = {"name": report.customer_name} if report.customer_name is not None else {}
    return customers.upsert(organization, identity, profile, at, prefer="email", bound_to=bound_to).customer_id
