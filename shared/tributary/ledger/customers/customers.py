"""Customers: partition `<organization>#customer#<id>`, item `customer`; the only place for names of buyers.

E-mails and external ids are unique in an organization: each has a link item, keyed by its hash and put in the same
transaction. Several may lead to one customer, for good. A phone number may be unique too; its link is removed with the
number.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

from tributary.domain import times
from tributary.domain.customer import PERSONAL, Dated, filled, is_own, latest, read_spelled
from tributary.domain.errors import Conflict, NotFound
from tributary.domain.ids import random_id
from tributary.ledger.customers.attribute_room import fitting
from tributary.ledger.customers.customer_items import (
    LINK,
    OPPORTUNITY,
    changed,
    checked_size,
    has_room,
    key,
    link_key,
    new,
    put_changed,
    put_first,
    put_links,
)
from tributary.ledger.store import table
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

#: Few enough that an erasure deletes them in one transaction.
MAX_LINKS = 60
_TRIES = 30
_KINDS = ("email", "externalId")

LinkKind = Literal["email", "externalId"]


@dataclass(frozen=True)
class Identity:
    """The names of a buyer in a report, at least one. `prof_id` is the customer's own id and excludes the others."""

    email: str | None = None
    external_id: str | None = None
    prof_id: int | None = None


class Upserted(NamedTuple):
    """A reported customer, and the names of attributes for which there was no room."""

    customer_id: int
    left_out: Sequence[str]


def get(organization: str, customer_id: int) -> Item | None:
    """The stored item, strongly consistent."""
    return table.get(*key(organization, customer_id))


def find(organization: str, kind: LinkKind, text: str) -> Item | None:
    """The customer of an e-mail or an external id."""
    link = table.get(*link_key(organization, kind, text))
    return get(organization, link["customerId"]) if link else None


def id_of(organization: str, reference: str) -> int | None:
    """The customer id for an own (`prof_…`) or external id, whether or not the customer exists."""
    if is_own(reference):
        return read_spelled(reference)
    link = table.get(*link_key(organization, "externalId", reference))
    return link["customerId"] if link else None


def upsert(
    organization: str,
    identity: Identity,
    profile: Mapping[str, Any],
    at: str,
    prefer: LinkKind = "email",
    now: str | None = None,
    new_id: Callable[[], int] = random_id,
    own_phone: bool = False,
    bound_to: str | None = None,
) -> Upserted:
    """Update the reported customer, or create an unknown one.

    `profile`: members of PERSONAL, and `attributes`; null clears, omitted members stay, and the later `at` wins field
    by field. Where e-mail and external id lead to two customers, `prefer` chooses; the other keeps its link and data.

    NotFound for an unknown or erased `prof_id`. With `own_phone` the number is this customer's alone; Conflict if it is
    another's. What is reported by a key `bound_to` a source fills what is empty, and changes what that source filled.
    """
    now = now or times.now()

    def merge(held: Dated, given: Mapping[str, Any]) -> Dated:
        return latest(held, given, at) if bound_to is None else filled(held, given, at, bound_to)

    return _upsert(organization, identity, profile, merge, prefer, now, new_id, own_phone)


def erase(organization: str, customer_id: int, now: str | None = None) -> Item:
    """Erase a customer's names and links for good; amounts and orders stay. NotFound if there is none."""
    return _erase(organization, customer_id, now or times.now())


@retried("the customer", _TRIES)
def _erase(organization: str, customer_id: int, now: str) -> Item:
    item = get(organization, customer_id)
    if item is None:
        raise NotFound("There is no such record.", {"id": customer_id})
    if item["listed"]["status"] == "erased":
        return item
    kept = {**item["listed"], "status": "erased"}
    erased = changed({**item, "fields": {}, "attributes": {}, "links": [], "listed": kept}, now)
    links = [table.delete_action(link, LINK, condition="") for link in item["links"]]
    links.append(table.delete_action(item["pk"], OPPORTUNITY, condition=""))
    table.transact([put_changed(erased), *links])
    return erased


def present_action(organization: str, customer_id: int) -> Item:
    """Transaction action: a check that the customer exists and was not erased."""
    return table.check_action(*key(organization, customer_id), "listed.#status = :active", active="active")


@retried("the customer", _TRIES)
def _upsert(
    organization: str,
    identity: Identity,
    profile: Mapping[str, Any],
    merge: Callable[[Dated, Mapping[str, Any]], Dated],
    prefer: LinkKind,
    now: str,
    new_id: Callable[[], int],
    own_phone: bool,
) -> Upserted:
    """Try once. ConditionFailed if another writer came first."""
    named = {"email": identity.email, "externalId": identity.external_id}
    texts = {kind: text for kind in _KINDS if (text := named[kind]) is not None}
    if not texts and identity.prof_id is None:
        raise ValueError("the report names no customer")
    owners = _owners(organization, texts)
    stored = _stored(organization, identity.prof_id, owners, prefer)
    customer_id = stored["listed"]["id"] if stored else new_id()
    held = stored or new(organization, customer_id, now)
    own = {kind for kind, owner in owners.items() if owner in (None, customer_id)}
    free = [kind for kind in sorted(own) if owners[kind] is None][: MAX_LINKS - len(held["links"])]
    links = [link_key(organization, kind, texts[kind])[0] for kind in free]
    given = {name: profile[name] for name in PERSONAL if name in profile and name not in named}
    given |= {kind: texts[kind] for kind in own if owners[kind] is not None or kind in free}
    item = {**held, "fields": merge(held["fields"], given), "links": [*held["links"], *links]}
    attributes = merge(held["attributes"], profile.get("attributes") or {})
    item["attributes"], left_out = fitting(held["attributes"], attributes, partial(has_room, item))
    moved: list[Item] = []
    if own_phone:
        item, moved = _with_phone(held, item)
    if item == stored:
        return Upserted(customer_id, left_out)
    put = put_changed(checked_size(changed(item, now))) if stored else put_first(item)
    table.transact([put, *put_links(links, item), *moved])
    return Upserted(customer_id, left_out)


def _with_phone(before: Item, after: Item) -> tuple[Item, list[Item]]:
    """The item with the link of its present number instead of the previous one, and the writes."""
    organization = after["organization"]
    old, new = (
        link_key(organization, "phone", phone)[0] if (phone := item["fields"].get("phone", {}).get("value")) else None
        for item in (before, after)
    )
    links = [link for link in after["links"] if link != old or link == new]
    if new is None or new in links:
        return {**after, "links": links}, _given_up(before, links)
    if owner := table.get(new, LINK):
        raise Conflict("The phone number belongs to another profile.", {"profile": owner["customerId"]})
    return {**after, "links": [*links, new]}, [*_given_up(before, links), *put_links([new], after)]


def _given_up(before: Item, links: list[str]) -> list[Item]:
    return [table.delete_action(link, LINK, condition="") for link in before["links"] if link not in links]


def _owners(organization: str, texts: Mapping[str, str]) -> dict[str, int | None]:
    """The owner of each key, None where it is free."""
    keys = {kind: link_key(organization, kind, text) for kind, text in texts.items()}
    found = table.batch_get(keys.values())
    return {kind: found[place]["customerId"] if place in found else None for kind, place in keys.items()}


def _stored(organization: str, prof_id: int | None, owners: Mapping[str, int | None], prefer: str) -> Item | None:
    """The reported customer.

    A new external id that counts is not a customer's with another one, even if they share an e-mail.
    """
    known = [owners[kind] for kind in sorted(owners, key=lambda kind: kind != prefer) if owners[kind]]
    customer_id = prof_id or next(iter(known), None)
    if customer_id is None:
        return None
    item = get(organization, customer_id)
    if item is not None and item["listed"]["status"] != "erased":
        named = item["fields"].get("externalId", {}).get("value") is not None
        another = not prof_id and prefer == "externalId" and owners.get(prefer, customer_id) is None and named
        return None if another else item
    if prof_id:
        raise NotFound("There is no such record.", {"id": customer_id})
    raise table.ConditionFailed(item)  # erased since its link was read
