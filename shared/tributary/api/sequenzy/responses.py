"""Records as Sequenzy's clients read them."""

from collections.abc import Mapping
from typing import Any

from tributary.domain import refund_currency
from tributary.domain.customer import COUNTED, netted
from tributary.domain.errors import ValidationFailed
from tributary.domain.order import PLACED, OrderUpdate
from tributary.domain.product import price
from tributary.domain.quantity import as_number
from tributary.domain.transaction import DELETED
from tributary.ledger.catalogue import products
from tributary.ledger.refunds.refund_items import APPLIED, PARKED, REFUSED, WHOLE, WITHDRAWN
from tributary.ledger.refunds.refund_items import sk as refund_key
from tributary.ledger.sales.transaction_items import of_item
from tributary.ledger.store.values import Item

#: Every product comes over this API; the shop systems that Sequenzy reads itself have other names.
PROVIDER = "api"
PROVIDERS = (PROVIDER, "stripe", "shopify", "woocommerce", "manual")
_OF_A_PRODUCT = (
    "title",
    "description",
    "url",
    "imageUrl",
    "currency",
    "inStock",
    "inventoryQuantity",
    "providerCreatedAt",
    "tags",
    "categories",
    "attributes",
    "replenishment",
)


def job_response(update: OrderUpdate, sale: Item | None, refunded: Mapping[str, Item]) -> dict[str, Any]:
    refund = refunded.get(_refund_key(update)) if update.status == "refunded" else None
    return {
        "state": _state(update, sale, refund),
        "reason": _reason(update, sale),
        "receivedAt": update.received_at,
        "jobId": update.job_id,
        "orderId": update.order_id,
        "status": update.status,
        "refundId": update.refund_id,
        "transactionId": sale["listed"]["id"] if sale else None,
        "refund": _refund(update, sale, refund),
    }


def _state(update: OrderUpdate, sale: Item | None, refund: Item | None) -> str:
    """`queued`, `waiting` for the order to be placed, `done`, `withdrawn` later, or `failed`."""
    if update.status == "fulfilled" or (sale and sale["listed"]["status"] == DELETED):
        return "done"
    if update.status == "refunded":
        return "failed" if _reason(update, sale) else _of_refund(update, sale, refund) if refund else "queued"
    if update.status == "cancelled" and sale:
        if sale["listed"]["status"] == "cancelled":
            return "done"
        return "withdrawn" if _is_before_withdrawal(update, sale) else "queued"
    return "done" if sale else "queued" if update.status == PLACED else "waiting"


def _of_refund(update: OrderUpdate, sale: Item | None, refund: Item) -> str:
    """The state of a refund. One of the whole order is withdrawn by its moment, as the order's other ends are."""
    state = _REFUNDS[refund["listed"]["status"]]
    dead = update.refund_id is None and _is_before_withdrawal(update, sale)
    return "withdrawn" if state == "done" and dead else state


def _is_before_withdrawal(update: OrderUpdate, sale: Item | None) -> bool:
    withdrawn = (sale or {}).get("withdrawnAt")
    return withdrawn is not None and update.ordered_at <= withdrawn


_REFUNDS = {PARKED: "waiting", APPLIED: "done", WITHDRAWN: "withdrawn", REFUSED: "failed"}


def _refund_key(update: OrderUpdate) -> str:
    return refund_key(WHOLE) + f"#{update.ordered_at}" if update.refund_id is None else refund_key(update.refund_id)


def _reason(update: OrderUpdate, sale: Item | None) -> str | None:
    """The sentence of a failure: a refund in another currency than its order, which was not known when it came."""
    if update.status != "refunded" or sale is None or sale["listed"]["status"] == DELETED:
        return None
    try:
        refund_currency.require_same(update.currency, of_item(sale).sale.currency)
    except ValidationFailed as failure:
        return failure.failures[0].message
    return None


def _refund(update: OrderUpdate, sale: Item | None, refund: Item | None) -> dict[str, Any] | None:
    """The requested and the refunded amount; `capped` if less was left."""
    if refund is None:
        return None
    asked, counts = update.refund_amount, _of_refund(update, sale, refund) not in ("failed", "withdrawn")
    given = refund["listed"]["amount"] if counts else 0
    capped = counts and asked is not None and given is not None and given < asked
    return {"askedCents": asked, "refundedCents": given, "capped": capped}


def refunded_cents(sale: Item | None) -> int:
    return sale.get("refunded", 0) if sale else 0


def transaction_response(sale: Item | None) -> dict[str, Any] | None:
    if sale is None:
        return None
    shown = {"id": sale["listed"]["id"], "status": sale["listed"]["status"]}
    return {**shown, "refundableCents": sale["refundable"] - refunded_cents(sale)}


def subscriber_response(item: Item, net: bool) -> dict[str, Any]:
    listed = item["listed"]
    known = {name: listed[name] for name in ("email", "externalId", "firstName", "lastName", "attributes")}
    known |= {"id": str(listed["id"]), "customAttributes": listed["attributes"]}
    known |= {"createdAt": listed["dateCreated"], "updatedAt": listed["dateModified"]}
    kept = ("currency", "ltv", "aov", "netSpent", *COUNTED)
    rows = map(netted, listed["totals"]) if net else listed["totals"]
    totals = [{name: row[name] for name in kept} for row in rows]
    return {**known, "totals": totals, "dateCreated": listed["dateCreated"], "dateModified": listed["dateModified"]}


def product_response(item: Mapping[str, Any]) -> dict[str, Any]:
    """A product under the clients' names, those of their requests and those of their answers."""
    variants = [{name: it[name] for name in it if name != "toldInStock"} | _stock(it) for it in item["variants"]]
    compared, changed = item.get("compareAtPriceCents"), item["changedAt"]
    return {
        "id": products.public_id(item),
        "provider": PROVIDER,
        "productId": item["productId"],
        "providerProductId": item["productId"],
        **{name: item.get(name) for name in _OF_A_PRODUCT},
        **_stock(item),
        "priceCents": price(item),
        "price": price(item),
        "compareAtPriceCents": compared,
        "compareAtPrice": compared,
        "variants": variants,
        "createdAt": item["dateCreated"],
        "updatedAt": changed,
        "dateCreated": item["dateCreated"],
        "dateModified": changed,
    }


def _stock(item: Mapping[str, Any]) -> dict[str, int | float | None]:
    held = item.get("inventoryQuantity")
    return {"inventoryQuantity": None if held is None else as_number(held)}
