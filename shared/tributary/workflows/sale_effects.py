"""Effects of a changed sale: its earnings, its obligations and the totals of its buyers."""

from tributary.domain.transaction import Transaction
from tributary.ledger.earnings import attribution, obligations
from tributary.ledger.orders import customer_totals
from tributary.ledger.sales import transaction_items, transactions


def reconcile(organization: str, before: Transaction) -> None:
    """Reconcile all that depends on a sale, read as `before` the change. A deleted sale is left to its event."""
    reconcile_earnings(organization, before.id)
    item = transactions.get(organization, before.id)
    if item is None:
        return
    after = transaction_items.of_item(item)
    for buyer in {before.sale.customer_id, after.sale.customer_id, after.first.customer_id}:
        if buyer is not None:
            customer_totals.reconcile(organization, buyer, before.id)


def reconcile_earnings(organization: str, transaction_id: int) -> None:
    """Reconcile a sale's conversions, then their obligations."""
    attribution.reconcile(organization, transaction_id)
    obligations.reconcile(organization, "transaction", transaction_id)
