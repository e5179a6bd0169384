"""The making of a batch: group after group, by the call that asked for it or by a worker, from wherever it stopped."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

from tributary.domain import times
from tributary.domain.errors import Conflict, NotFound
from tributary.domain.ids import cause_id, random_id
from tributary.domain.payable import CHANGED, Arguments, Choice
from tributary.ledger.payouts import claims, fulfillment_items, payouts, previews, proofs, selection
from tributary.ledger.payouts.fulfillment_items import FAILED, KIND, PENDING, SK, Fulfillment
from tributary.ledger.payouts.payouts import Payout
from tributary.ledger.payouts.selection import Chosen
from tributary.ledger.store import table
from tributary.ledger.store.expressions import Plus
from tributary.ledger.store.records import touch
from tributary.ledger.store.values import Item

#: Seconds for which the call that asked for a batch makes it; a worker takes over afterwards.
LEASE_SECONDS = 30
#: Seconds for which a worker makes it: until its function's time is over.
WORK_SECONDS = 60
#: Seconds after which a batch without a maker is handed to a worker again.
_PATIENCE_SECONDS = 60
#: Seconds before each look at a batch whose lease is not over.
_LOOKS = (0, 0.5, 1, 2, 4)
TimeLeft = Callable[[], bool]


def generate(organization: str, arguments: Arguments, time_left: TimeLeft) -> Item:
    """Make a batch of what the arguments choose; Conflict if that is nothing.

    Its item says `generating` if a worker has to finish it."""
    if strange := selection.not_payable(organization, arguments.obligation_ids):
        raise Conflict("Some of the obligations are not payable.", {"obligationIds": strange})
    first = next((page for page in selection.pages(organization, arguments) if any(_paying(page))), None)
    if first is None:
        raise Conflict("There is nothing to pay.", {"payouts": 0})
    return _start(Fulfillment(organization, random_id(), arguments), time_left)


def generate_previewed(organization: str, preview_id: int, time_left: TimeLeft) -> Item:
    """Make the batch of a preview: just its obligations and sums, or none. A repeat returns the batch that it made.

    Conflict, naming the obligations, if any has changed since."""
    number = cause_id(organization, KIND, "preview", preview_id)
    if (made := fulfillment_items.get(organization, number)) is not None:
        return _as_previewed(made)
    preview = previews.valid(organization, preview_id)
    if not preview["complete"]:
        raise Conflict("The preview is not complete; ask for its next pages first.", {"previewId": preview_id})
    if not preview["rows"]:
        raise Conflict("There is nothing to pay.", {"payouts": 0})
    held = Fulfillment(organization, number, previews.named(preview), str(preview_id))
    return _as_previewed(_start(held, time_left))


def _as_previewed(item: Item) -> Item:
    if item["listed"]["status"] == FAILED and item.get("changed"):
        about = {"obligationIds": item["changed"], "fulfillmentId": item["listed"]["id"]}
        raise Conflict("Obligations or their payees changed since the preview; nothing was paid.", about)
    return item


def _start(fulfillment: Fulfillment, time_left: TimeLeft) -> Item:
    proofs.note(fulfillment.organization)
    now = times.now()
    item = fulfillment_items.item_of(fulfillment, now, times.later(now, seconds=LEASE_SECONDS))
    turn = table.get(*fulfillment_items.turn_key(fulfillment.organization))
    _require_turn(fulfillment.organization, turn)
    try:
        table.transact([table.put_action(item), fulfillment_items.turn_action(fulfillment, turn)])
    except table.ConditionFailed as failure:
        if (made := fulfillment_items.get(fulfillment.organization, fulfillment.id)) is not None:
            return made
        raise Conflict("Another fulfillment is being made.") from failure
    return advance(item, time_left, resumed=False)


def _require_turn(organization: str, turn: Item | None) -> None:
    """Conflict while another batch is being made: two at once could split what one collaborator owes and is owed.

    A batch that its maker has left is handed to a worker, once a minute at most however often a batch is asked for."""
    other = fulfillment_items.get(organization, turn["fulfillmentId"]) if turn else None
    if other is None or not other["listed"]["generating"]:
        return
    if other["lease"] <= times.later(times.now(), seconds=-_PATIENCE_SECONDS):
        hand_over(other)
    number = other["listed"]["id"]
    raise Conflict("Another fulfillment is being made; try again once it is, or fail it.", {"fulfillmentId": number})


def advance(item: Item, time_left: TimeLeft, *, resumed: bool = True) -> Item:
    """Go on making a batch while time is left; return its item, with `generating` while there is more to do.

    Empty once the batch was failed and deleted meanwhile."""
    fulfillment = fulfillment_items.of_item(item)
    try:
        return _advance(fulfillment, time_left, resumed=resumed)
    except claims.Stopped:
        return _stored(fulfillment)


def _advance(fulfillment: Fulfillment, time_left: TimeLeft, *, resumed: bool) -> Item:
    try:
        begun = _begun(fulfillment) if resumed else None
        for page in _pages(fulfillment):
            if not _claim_page(fulfillment, page, begun, time_left):
                return _stored(fulfillment)
        if resumed:
            _cancel_worthless(fulfillment)
        return _finish(fulfillment)
    except claims.Changed as changed:
        return _stop(fulfillment, changed.ids)


def _pages(fulfillment: Fulfillment) -> Iterator[list[Chosen]]:
    if fulfillment.preview is not None:
        return previews.chosen(fulfillment.organization, int(fulfillment.preview), fulfillment.position)
    return selection.pages(fulfillment.organization, fulfillment.arguments, fulfillment.position)


def _paying(page: list[Chosen]) -> Iterator[Choice]:
    return (one.choice for one in page if one.choice.pays)


def _claim_page(
    fulfillment: Fulfillment, page: list[Chosen], begun: set[tuple[int, str]] | None, time_left: TimeLeft
) -> bool:
    """Claim a page's groups and note how far it came: at least one; False once no time is left. `begun` names the
    payouts of an earlier run.

    Groups that pay nothing because of changes since they were chosen are counted as left out."""
    lost = 0
    for chosen in page:
        again = begun is not None and chosen.choice.group.name in begun
        one = replace(chosen, choice=chosen.choice.whole) if again else chosen
        if one.choice.pays:
            lost += _claim(fulfillment, one, resumed=begun is not None) is not None
            if not time_left():
                _save(fulfillment, one.position, lost)
                return False
    _save(fulfillment, page[-1].position, lost)
    return True


def _claim(fulfillment: Fulfillment, one: Chosen, *, resumed: bool) -> str | None:
    """Claim a group; return the reason if it pays nothing after all."""
    group, strict = one.choice.group, fulfillment.preview is not None
    payout = Payout(fulfillment.organization, fulfillment.id, group.collaborator_id, group.currency, one.method)
    if one.choice.reason is not None and strict:
        raise claims.Changed([owed.id for owed in one.choice.pays])
    if one.choice.reason is not None:
        return payouts.cancel_begun(payout, one.choice.reason)
    return claims.claim(payout, one.choice, fulfillment.arguments, strict=strict, resumed=resumed or strict)


def _begun(fulfillment: Fulfillment) -> set[tuple[int, str]]:
    """Collaborator and currency of the payouts that an earlier run has begun. A preview fixes what they pay."""
    if fulfillment.preview is not None:
        return set()
    held = payouts.of_fulfillment(fulfillment.organization, fulfillment.id)
    unpaid = [it["listed"] for it in held if it["listed"]["status"] == payouts.UNPAID]
    return {(it["collaboratorId"], it["currency"]) for it in unpaid}


def _save(fulfillment: Fulfillment, position: str, lost: int) -> None:
    changes = {"#position": position, "listed.leftOut": Plus(lost), "#version": Plus(1)}
    _while_building(fulfillment, changes)


def _cancel_worthless(fulfillment: Fulfillment) -> None:
    """Cancel payouts that a crash left without an amount to pay: nothing more was payable when the batch went on."""
    for item in payouts.of_fulfillment(fulfillment.organization, fulfillment.id):
        if item["listed"]["value"] <= 0 and payouts.cancel(item, CHANGED):
            _while_building(fulfillment, {"listed.leftOut": Plus(1), "#version": Plus(1)})


def _finish(fulfillment: Fulfillment) -> Item:
    """A finished batch waits to be paid; one from which everything was lost to others has failed."""
    now = times.now()
    item = _stored(fulfillment)
    changes: Item = {"listed.#status": PENDING, "listed.generating": False, **touch(now, Plus(1))}
    if item["listed"]["payoutCount"] == 0:
        changes |= {"listed.#status": FAILED, "listed.#reason": "nothing_left_to_pay"}
    return _while_building(fulfillment, changes)


def _stop(fulfillment: Fulfillment, changed: tuple[int, ...]) -> Item:
    """Fail a batch that cannot equal its preview; its payouts are cancelled and their obligations released."""
    changes: Item = {"listed.#status": FAILED, "listed.generating": False, "listed.#reason": "changed_since_preview"}
    return _while_building(fulfillment, {**changes, "#changed": list(changed), **touch(times.now(), Plus(1))})


def _while_building(fulfillment: Fulfillment, changes: Item) -> Item:
    try:
        return table.update(*fulfillment.key, changes, "listed.generating = :building", building=True)
    except table.ConditionFailed as failure:
        raise claims.Stopped from failure


def _stored(fulfillment: Fulfillment) -> Item:
    return fulfillment_items.get(fulfillment.organization, fulfillment.id) or {}


def take_over(organization: str, fulfillment_id: int) -> Item | None:
    """Take the lease of a batch that is still being made, once that of its maker is over; None if there is nothing to
    do.

    Most are made in a second, so a look or two later there is nothing to do. StillMade for the others."""
    for pause in _LOOKS:
        time.sleep(pause)
        item = fulfillment_items.get(organization, fulfillment_id)
        if item is None or not item["listed"]["generating"]:
            return None
        if item["lease"] <= times.now():
            with suppress(table.ConditionFailed):
                return _leased(item)
    raise StillMade("The call that asked for the batch may still be making it.")


def _leased(item: Item) -> Item:
    """Take over from the holder of the lease read. ConditionFailed if another worker did."""
    now = times.now()
    changes = {"lease": times.later(now, seconds=WORK_SECONDS), "changedAt": now, "#version": Plus(1)}
    condition = "lease = :seen AND listed.generating = :building"
    return table.update(item["pk"], SK, changes, condition, seen=item["lease"], building=True)


class StillMade(NotFound):
    """A batch whose maker's lease is not over; another try finds it free."""


def hand_over(item: Item) -> None:
    """Leave the rest of a batch to a worker, unless it was stopped meanwhile."""
    fulfillment = fulfillment_items.of_item(item)
    changes = {"lease": times.now(), "attempt": Plus(1), "changedAt": times.now(), "#version": Plus(1)}
    with suppress(claims.Stopped):
        _while_building(fulfillment, changes)
