"""Products of a catalogue: partition `<organization>#product#<digest of source and product id>`, item `product`.

A deleted product keeps its item without content, unlisted, so that its counts continue if it returns. `restocks` counts
the writes that brought a part back in stock; `restocked` is the count per part and triggers the notifications.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tributary.domain import times
from tributary.domain.errors import NotFound, TooLarge
from tributary.domain.ids import number_of, text_digest
from tributary.domain.product import REPORTED, product_digest, restocked, updated
from tributary.ledger.store import lists, table
from tributary.ledger.store.expressions import GONE, Plus
from tributary.ledger.store.records import item_header, replace_unchanged
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = SK = "product"
#: Bytes in a response: a page of a hundred products must fit 6 MB.
MAX_BYTES = 50_000
#: Ten times the variants that a product can have.
_MAX_COUNTED = 1000
_TRIES = 30


def pk(organization: str, digest: str) -> str:
    return f"{organization}#product#{digest}"


def key(organization: str, source: str, product_id: str) -> Key:
    return pk(organization, product_digest(source, product_id)), SK


def public_id(item: Mapping[str, Any]) -> str:
    """The id of a product for other systems; text, since it is the digest in the product's key."""
    return f"prod_{str(item['pk']).rpartition('#')[2]}"


def list_kind(source: str) -> str:
    """The kind of a source's own list of products."""
    return f"{KIND}#{text_digest(source)[:32]}"


def get(organization: str, source: str, product_id: str) -> Item | None:
    return _there(table.get(*key(organization, source, product_id)))


def existing(organization: str, source: str, product_id: str) -> Item:
    """The stored product. NotFound unless it exists."""
    if (found := get(organization, source, product_id)) is None:
        raise unknown(product_id)
    return found


def unknown(product_id: str) -> NotFound:
    return NotFound("productId: there is no such product.", {"productId": product_id[:64]})


def get_many(organization: str, source: str, product_ids: Collection[str]) -> dict[str, Item]:
    """The existing products among the ids, by id, strongly consistent; one request per hundred.

    `variants` have `variantId` and `inStock`, among others; `replenishment` is None or has `days` and `match`.
    """
    found = table.batch_get(key(organization, source, product_id) for product_id in product_ids)
    return {item["productId"]: item for item in found.values() if _there(item)}


def at(keys: Iterable[Key]) -> list[Item]:
    """The existing products at these keys, in their order."""
    wanted = list(keys)
    found = table.batch_get(wanted)
    return [found[place] for place in wanted if place in found and _there(found[place])]


def upsert_many(
    organization: str, source: str, given: Iterable[tuple[str, Mapping[str, Any]]], now: str | None = None
) -> list[tuple[str, Item]]:
    """Create or change products in order, each by one conditional put; return `created`, `updated` or `unchanged` of
    each, and the product.

    `given` is members of `REPORTED` by product id. One request reads all; a product that changed meanwhile is read
    again. A failure keeps the products before it, and a repeat finishes. TooLarge, before any write, if one does not
    fit.
    """
    now, named = now or times.now(), list(given)
    held = table.batch_get(key(organization, source, product_id) for product_id, _ in named)
    planned = dict(held)
    for product_id, said in named:
        place = key(organization, source, product_id)
        planned[place] = _after(organization, source, product_id, planned.get(place), said, now)
    return [_upsert(organization, source, product_id, said, held, now) for product_id, said in named]


def delete(organization: str, source: str, product_id: str, now: str | None = None) -> bool:
    """Delete a product; True if there was one. Requests for it stay. One conditional update."""
    content = (*REPORTED, "toldInStock", "listed", "listPk", "listSk")
    changes: dict[str, Any] = {f"#{name}": GONE for name in content}
    changes |= {"deleted": True, "#version": Plus(1), "changedAt": now or times.now()}
    place = key(organization, source, product_id)
    try:
        table.update(*place, changes, "attribute_exists(pk) AND attribute_not_exists(deleted)")
    except table.ConditionFailed:
        return False
    return True


def _upsert(
    organization: str, source: str, product_id: str, given: Mapping[str, Any], held: dict[Key, Item], now: str
) -> tuple[str, Item]:
    place = key(organization, source, product_id)
    for _ in range(_TRIES):
        before = held.get(place)
        after = _after(organization, source, product_id, before, given, now)
        if before is not None and _content(after) == _content(before):
            return "unchanged", before
        try:
            _put(after, before)
        except table.ConditionFailed as failure:
            held |= {place: failure.item} if failure.item else {}
            continue
        held[place] = after
        return "updated" if _there(before) else "created", after
    raise TimeoutError(f"gave up after {_TRIES} conflicting writes to the product")


def _after(
    organization: str, source: str, product_id: str, before: Item | None, given: Mapping[str, Any], now: str
) -> Item:
    """The product after a call.

    Removed variants may return, so their counts are kept, up to the latest few hundred.
    """
    held: Mapping[str, Any] = before or {}
    place, content = key(organization, source, product_id), updated(before, given)
    if _answered_bytes(content) > MAX_BYTES:
        limit = {"limit": f"{MAX_BYTES} bytes"}
        raise TooLarge(f"The product {product_id[:64]} would be larger than {MAX_BYTES} bytes.", limit)
    back = restocked(before, content)
    restocks = held.get("restocks", 0) + bool(back)
    counted = held.get("restocked", {}) | dict.fromkeys(back, restocks)
    latest = sorted(counted, key=counted.__getitem__)[-_MAX_COUNTED:]
    created = held["dateCreated"] if _there(before) else now
    return {
        **item_header(KIND, organization, place, now, version=held.get("version", 0) + 1),
        "source": source,
        "productId": product_id,
        **content,
        "restocks": restocks,
        "restocked": {name: counted[name] for name in latest},
        "dateCreated": created,
        "listed": {"productId": product_id, "title": content["title"]},
        **lists.listing(organization, list_kind(source), _number(place), created),
    }


def _answered_bytes(content: Mapping[str, Any]) -> int:
    """The bytes of a product in a response, where each quotation mark is escaped as JSON within JSON."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return len(json.dumps(body, ensure_ascii=False).encode())


def _put(after: Item, before: Item | None) -> None:
    if before is None:
        table.put_new(after)
    else:
        replace_unchanged(after, before["version"])


def _number(place: Key) -> int:
    return number_of(place[0].rpartition("#")[2])


def _content(item: Item) -> Item:
    """The members that a call may change; a rewrite of the same is no change."""
    return {name: value for name, value in item.items() if name in (*REPORTED, "toldInStock", "deleted")}


def _there(item: Item | None) -> Item | None:
    return None if item is None or item.get("deleted") else item
