"""Fulfillments, batches of payouts: partition `<organization>#fulfillment#<id>`, item `fulfillment`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tributary.domain.payable import Arguments
from tributary.ledger.store import table
from tributary.ledger.store.expressions import Plus, Tally
from tributary.ledger.store.lists import listing
from tributary.ledger.store.records import item_header, touch
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = SK = "fulfillment"
STATUSES = PENDING, PROCESSING, COMPLETE, FAILED = ("pending", "processing", "complete", "failed")
#: Reasons for which the payouts of a batch do not move.
GENERATING, FULFILLMENT_FAILED = "generating", "fulfillment_failed"


@dataclass(frozen=True)
class Fulfillment:
    """A batch under way: its `arguments`, the `preview` it must equal, and the `position` of its next group."""

    organization: str
    id: int
    arguments: Arguments
    preview: str | None = None
    position: str | None = None
    attempt: int = 1

    @property
    def key(self) -> Key:
        return key(self.organization, self.id)


def pk(organization: str, fulfillment_id: int) -> str:
    """The partition of a batch and its payouts."""
    return f"{organization}#{KIND}#{fulfillment_id}"


def key(organization: str, fulfillment_id: int) -> Key:
    return pk(organization, fulfillment_id), SK


def get(organization: str, fulfillment_id: int) -> Item | None:
    """The stored item, strongly consistent."""
    return table.get(*key(organization, fulfillment_id))


def turn_key(organization: str) -> Key:
    """The key of the item that names the batch made last, the only one that may be under way."""
    return f"{organization}#{KIND}s", "turn"


def turn_action(fulfillment: Fulfillment, turn: Item | None) -> Item:
    """Transaction action: take the turn after the one read."""
    item = item_header("fulfillment-turn", fulfillment.organization, turn_key(fulfillment.organization))
    item |= {"fulfillmentId": fulfillment.id}
    if turn is None:
        return table.put_action(item)
    return table.put_action(item, "fulfillmentId = :seen", seen=turn["fulfillmentId"])


def item_of(fulfillment: Fulfillment, now: str, lease: str) -> Item:
    """The stored form of a new batch, made by its caller until `lease`, afterwards by a worker."""
    listed = {
        "id": fulfillment.id,
        "status": PROCESSING,
        "generating": True,
        "payoutCount": 0,
        "totals": {},
        "leftOut": 0,
        "reason": None,
        "dateCreated": now,
        "dateModified": now,
    }
    return {
        **item_header(KIND, fulfillment.organization, fulfillment.key, now),
        "listed": listed,
        "arguments": stored_arguments(fulfillment.arguments),
        "preview": fulfillment.preview,
        "position": fulfillment.position,
        "attempt": fulfillment.attempt,
        "lease": lease,
        **listing(fulfillment.organization, KIND, fulfillment.id, now),
    }


def of_item(item: Mapping[str, Any]) -> Fulfillment:
    return Fulfillment(
        item["organization"],
        item["listed"]["id"],
        arguments_of(item["arguments"]),
        item["preview"],
        item["position"],
        item["attempt"],
    )


def tally_action(
    organization: str, fulfillment_id: int, currency: str, value: int, payouts: int, now: str, *, building: bool = False
) -> Item:
    """Transaction action: add to the totals of a batch; if `building`, only while it is being made."""
    changes = {f"listed.totals.#{currency}": Tally(value), "listed.payoutCount": Plus(payouts), **touch(now, Plus(1))}
    where = key(organization, fulfillment_id)
    if building:
        condition = "listed.generating = :building AND listed.#status = :processing"
        return table.update_action(*where, changes, condition, building=True, processing=PROCESSING)
    return table.update_action(*where, changes, "attribute_exists(pk)")


def hindrance(batch: Mapping[str, Any] | None) -> str | None:
    """The reason against paying the payouts of a batch: it is still being made, or has failed. Neither comes back."""
    if batch is None or batch["listed"]["status"] == FAILED:
        return FULFILLMENT_FAILED
    return GENERATING if batch["listed"]["generating"] else None


def unhindered_action(organization: str, fulfillment_id: int) -> Item:
    """Transaction action: a check that nothing is against paying the payouts of a batch."""
    condition = "listed.generating = :building AND listed.#status <> :failed"
    return table.check_action(*key(organization, fulfillment_id), condition, building=False, failed=FAILED)


def stored_arguments(arguments: Arguments) -> Item:
    """The stored form of a batch's arguments."""
    return {
        "now": arguments.now,
        "obligationIds": list(arguments.obligation_ids),
        "collaboratorIds": list(arguments.collaborator_ids),
        "excluded": sorted(arguments.excluded),
        "currency": arguments.currency,
        "cutoff": arguments.cutoff,
        "ignoreMinimum": arguments.ignore_minimum,
    }


def arguments_of(stored: Mapping[str, Any]) -> Arguments:
    """The arguments of their stored form."""
    return Arguments(
        stored["now"],
        tuple(stored["obligationIds"]),
        tuple(stored["collaboratorIds"]),
        frozenset(stored["excluded"]),
        stored["currency"],
        stored["cutoff"],
        stored["ignoreMinimum"],
    )


def summary(listed: Mapping[str, Any]) -> tuple[str | None, int | None]:
    """Currency and sum of a batch, both null for one of several currencies."""
    totals = {currency: value for currency, value in listed["totals"].items() if value} or listed["totals"]
    if len(totals) > 1:
        return None, None
    return next(iter(totals.items()), (None, 0))
