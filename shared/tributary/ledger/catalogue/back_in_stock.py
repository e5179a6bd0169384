"""Back-in-stock requests, each notified once per restock.

In the product's partition: `waiting#<part>#<count>#<customer>`, with the part (a variant or the whole) and its restock
count at the request, and `told#<part>#<count>#<restock>#<customer>`, announced when put. In the customer's partition:
`waits#<product>#<part>#<count>`, for orders to find.

A restock notifies requests with a smaller count. A request checks in its transaction that nothing was restocked since
the product was read, so each restock sees the request or is seen by it. A repeated request updates its moment, so that
a late report of an earlier order does not end it.
"""

from collections.abc import Collection, Sequence
from typing import Any

from tributary.domain import times
from tributary.domain.product import part
from tributary.ledger.catalogue import products
from tributary.ledger.customers import customer_items, customers
from tributary.ledger.store import table
from tributary.ledger.store.retries import retried
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = "back-in-stock"
WAITING, WAITS, WALK = "waiting", "waits", "restock-walk"
#: Requests notified per event; the others are left to the next event.
PAGE = 50
#: A transaction takes a hundred actions.
_PAIRS = 50
_TRIES = 30
_UNASKED = "attribute_not_exists(pk) OR askedAt < :now"
_ASKED_BEFORE = "attribute_not_exists(pk) OR askedAt <= :ordered"


def wait(product: Item, variant_id: str | None, customer_id: int, now: str | None = None) -> bool:
    """Record a request for a variant or the whole product; True if it is the newest of its customer.

    `product` is as read. NotFound if it was deleted since. TimeoutError if the customer was erased since; a retry makes
    a new one.
    """
    now, seen = now or times.now(), product
    for _ in range(_TRIES):
        check = table.check_action(
            seen["pk"], products.SK, "restocks = :seen AND attribute_not_exists(deleted)", seen=seen["restocks"]
        )
        present = customers.present_action(seen["organization"], customer_id)
        pair = [table.put_action(it, _UNASKED, now=now) for it in _pair(seen, variant_id, customer_id, now)]
        try:
            table.transact([check, present, *pair])
            return True
        except table.ConditionFailed as failure:
            if 1 in failure.positions:
                raise TimeoutError("the customer was erased meanwhile") from failure
            if 0 not in failure.positions:
                return False
        seen = products.existing(seen["organization"], seen["source"], seen["productId"])
    raise TimeoutError(f"gave up after {_TRIES} conflicting writes to the product")


@retried("the customer's back-in-stock requests", _TRIES)
def stop_waiting(organization: str, product_digests: Collection[str], customer_id: int, ordered_at: str) -> int:
    """End the customer's requests for these products, made by the moment of a placed order; return their number.

    `product_digests` are `domain.product.product_digest` of source and product id. One Query, and one transaction per
    fifty.
    """
    held = _held(organization, customer_id)
    ended = [it for it in held if it["product"] in product_digests and it["askedAt"] <= ordered_at]
    return _end(ended, _ASKED_BEFORE, ordered=ordered_at)


def forget(organization: str, customer_id: int) -> int:
    """End all requests of a customer who is being erased; return their number."""
    return _end(_held(organization, customer_id))


def notify(organization: str, digest: str, variants: Sequence[str | None], now: str | None = None) -> int:
    """Notify a page of requests for a product's restocked variants; return their number.

    More requests are left to a following event that leads here again. A repeat notifies no request twice per restock.
    """
    now = now or times.now()
    place = (products.pk(organization, digest), products.SK)
    found = table.batch_get([place, (place[0], WALK)])
    product, walk = found.get(place), found.get((place[0], WALK))
    if product is None or product.get("deleted"):
        return 0
    notified, left = 0, PAGE
    for number, variant_id in enumerate(variants):
        rows = _waiting(product, part(variant_id), left)
        notified += sum(_notify_one(product, variant_id, row, now) for row in rows)
        left -= len(rows)
        if not left:
            _go_on(product, variants[number:], walk["version"] if walk else 0, now)
            break
    return notified


def _held(organization: str, customer_id: int) -> list[Item]:
    return table.query(customer_items.pk(organization, customer_id), f"{WAITS}#")


def _end(held: Sequence[Item], condition: str = "", **values: Any) -> int:
    """Delete requests in transactions, so that a concurrent notification happens wholly or not at all."""
    for start in range(0, len(held), _PAIRS):
        places = [place for waits in held[start : start + _PAIRS] for place in _places(waits)]
        table.transact([table.delete_action(*place, condition, **values) for place in places])
    return len(held)


def _waiting(product: Item, of: str, limit: int) -> list[Item]:
    restock = product["restocked"].get(of)
    if restock is None:
        return []
    start = f"{WAITING}#{of}#"
    return table.first_between(product["pk"], start, f"{start}{_count(restock - 1)}#~", limit)


def _notify_one(product: Item, variant_id: str | None, waiting: Item, now: str) -> bool:
    """True if this call notified the request; False if another did or it has ended."""
    away, waits = _places(waiting)
    deletions = [table.delete_action(*away, "attribute_exists(pk)"), table.delete_action(*waits, condition="")]
    try:
        table.transact([table.put_action(_notification(product, variant_id, waiting, now)), *deletions])
    except table.ConditionFailed:
        return False
    return True


def _go_on(product: Item, variants: Sequence[str | None], seen: int, now: str) -> None:
    """Announce the next page once; a concurrent announcement of as many variants counts as this one."""
    own = ("pk", "organization", "source", "productId")
    walk: dict[str, Any] = {name: product[name] for name in own} | {"sk": WALK, "entity": WALK}
    for _ in range(_TRIES):
        following = {**walk, "version": seen + 1, "changedAt": now, "variants": list(variants)}
        try:
            return table.put(following, "attribute_not_exists(pk) OR #version = :seen", seen=seen)
        except table.ConditionFailed as failure:
            others: Item = failure.item or {}
        if set(variants) <= set(others["variants"]):
            return None
        seen = others["version"]
    raise TimeoutError(f"gave up after {_TRIES} conflicting writes to the walk")


def _pair(product: Item, variant_id: str | None, customer_id: int, now: str) -> list[Item]:
    """The two items of a request, one for the product and one for the customer."""
    named = {"part": part(variant_id), "count": product["restocked"].get(part(variant_id), 0)}
    shared = {"organization": product["organization"], "version": 1, "changedAt": now, "askedAt": now}
    shared |= {**named, "product": product["pk"].rpartition("#")[2], "customerId": customer_id}
    waiting, waits = _places(shared)
    return [
        {"pk": waiting[0], "sk": waiting[1], "entity": WAITING, **shared},
        {"pk": waits[0], "sk": waits[1], "entity": WAITS, **shared},
    ]


def _places(shared: Item) -> tuple[Key, Key]:
    """The keys of the two items."""
    organization, customer_id, product = shared["organization"], shared["customerId"], shared["product"]
    named = f"{shared['part']}#{_count(shared['count'])}"
    return (
        (products.pk(organization, product), f"{WAITING}#{named}#{customer_id}"),
        (customer_items.pk(organization, customer_id), f"{WAITS}#{product}#{named}"),
    )


def _notification(product: Item, variant_id: str | None, waiting: Item, now: str) -> Item:
    """A notification named by its request and restock, so that two restocks notify twice."""
    restock = product["restocked"][waiting["part"]]
    shown = ("organization", "source", "productId", "title", "url", "priceCents", "currency")
    return {
        "pk": product["pk"],
        "sk": f"told#{waiting['part']}#{_count(waiting['count'])}#{_count(restock)}#{waiting['customerId']}",
        "entity": KIND,
        "version": 1,
        "changedAt": now,
        **{name: product[name] for name in shown},
        "variantId": variant_id,
        "customerId": waiting["customerId"],
        "askedAt": waiting["askedAt"],
    }


def _count(restock: int) -> str:
    return f"{restock:012d}"
