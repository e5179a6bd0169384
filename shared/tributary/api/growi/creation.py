"""Recording and attributing an affiliate sale at once: its caller names the affiliate and gets the commission."""

from tributary.api.growi.claims import claim
from tributary.api.growi.requests.affiliate_sales import AffiliateSaleBody
from tributary.api.growi.sales import SOURCE
from tributary.domain.transaction import Claim, Line, Sale, Transaction
from tributary.ledger.customers import customers
from tributary.ledger.customers.customers import Identity
from tributary.ledger.earnings import attribution
from tributary.ledger.sales import transaction_items, transactions


def create(organization: str, report: AffiliateSaleBody, now: str) -> Transaction:
    """Record and attribute an order's sale once. A repeat returns the recorded sale, whatever else it says, and
    attributes it if needed. NotFound for an unknown affiliate."""
    transaction = _recorded(organization, report, now)
    attribution.reconcile(organization, transaction.id, transaction.sale.tracking_id, SOURCE)
    return transaction


def _recorded(organization: str, report: AffiliateSaleBody, now: str) -> Transaction:
    _, stored = transactions.place(organization, SOURCE, report.name)
    if stored:  # deleted sales included: nothing brings them back
        return transaction_items.of_item(stored)
    sale = _sale(report, now)
    claimed = claim(organization, sale, report)
    buyer = _customer_id(organization, report, sale.occurred_at)
    return transactions.record(organization, _sale(report, now, buyer, claimed), now).transaction


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


def _customer_id(organization: str, report: AffiliateSaleBody, at: str) -> int | None:
    """The buyer by e-mail, or by the visitor's own id; a name alone identifies no buyer."""
    if report.customer_email is None and report.visitor_uid is None:
        return None
    identity = Identity(email=report.customer_email, external_id=report.visitor_uid)
    profile = {"name": report.customer_name} if report.customer_name is not None else {}
    return customers.upsert(organization, identity, profile, at, prefer="email")
