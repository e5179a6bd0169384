"""Sources of an organization's sales: one item each, put with the first decision about one of its sales."""

from tributary.ledger.sales import transaction_items
from tributary.ledger.store import table
from tributary.ledger.store.records import item_header
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

_NAMES = {
    "wc": "WooCommerce",
    "woocommerce": "WooCommerce",
    "shopify": "Shopify",
    "edd": "Easy Digital Downloads",
    "northcommerce": "NorthCommerce",
    "lifterlms": "LifterLMS",
    "bigcommerce": "BigCommerce",
    "prestashop": "PrestaShop",
    "stripe": "Stripe",
    "paypal": "PayPal",
}
_PREFIX = "source#"


def _pk(organization: str) -> str:
    return f"{organization}#sources"


def seen_key(organization: str, source: str) -> Key:
    return _pk(organization), _PREFIX + source


def seen_action(organization: str, source: str) -> Item:
    """Transaction action that records a source. It needs no condition, since a repeat changes nothing."""
    partition, name = seen_key(organization, source)
    item = {
        **item_header("source", organization, (partition, name)),
        "source": source,
    }
    return table.put_action(item, condition="")


def seen(organization: str, source: str | None = None) -> list[Item]:
    """One `{id, name}` per source by id, or of one source only."""
    items = table.query(_pk(organization), _PREFIX)
    names = [item["source"] for item in items if source in (None, item["source"])]
    return [{"id": transaction_items.binding(held), "name": name(held)} for held in names]


def name(source: str) -> str:
    """A source's known display name, else its words capitalized."""
    return _NAMES.get(source.lower()) or source.replace("_", " ").replace("-", " ").title()
