"""Obligations: amounts owed, one per conversion; each follows its conversion until it is paid, then by adjustments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tributary.domain import times
from tributary.domain.clawback import NONE
from tributary.domain.conversion import ObligationWanted, obligation_wanted
from tributary.domain.obligation import FINAL
from tributary.ledger.earnings import adjustments, awards, conversions
from tributary.ledger.earnings.awards import CONVERSION, OBLIGATION, Cause
from tributary.ledger.earnings.conversions import Conversion
from tributary.ledger.store import owed_index, table
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.lists import parent_attributes
from tributary.ledger.store.records import touch, update_unchanged, update_unchanged_action
from tributary.ledger.store.retries import retried
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

_TRIES = 10
_OLDER_AND_UNPAID = (
    "conversionVersion < :reflected AND #version = :seen AND (listed.#status <> :complete OR settled = :settled)"
)


@dataclass(frozen=True)
class Obligation:
    """`value` is in minor units of `currency`, as of version `conversion_version` of the conversion.

    `settled` marks an amount that the shop reported as paid; any other complete obligation was paid out. `reserved`
    marks one that the shop is about to report so.
    """

    organization: str
    cause: Cause
    id: int
    conversion_id: int
    status: str
    value: int
    currency: str
    source: str | None
    conversion_version: int
    version: int = 1
    due_at: str | None = None
    settled: bool = False
    earned_at: str = ""
    reserved: bool = False

    @property
    def key(self) -> Key:
        return self.cause.key(self.organization, OBLIGATION)

    @property
    def paid_out(self) -> bool:
        return self.status == "complete" and not self.settled


def of_conversion(conversion: Conversion, wanted: ObligationWanted, obligation_id: int) -> Obligation:
    """The first obligation of a conversion."""
    return Obligation(
        conversion.organization,
        conversion.cause,
        obligation_id,
        conversion.id,
        wanted.status,
        wanted.value,
        wanted.currency,
        conversion.source,
        conversion.version,
        due_at=conversion.due_at,
        settled=wanted.status == "complete",
        earned_at=conversion.earned_at or "",
    )


def item_of(obligation: Obligation, now: str) -> Item:
    """The stored form of a new obligation."""
    cause = obligation.cause
    listed = {
        "id": obligation.id,
        "collaboratorId": cause.collaborator_id,
        "awardType": "commission",
        "value": obligation.value,
        "currency": obligation.currency,
        "status": obligation.status,
        "payoutId": None,
        "conversionId": obligation.conversion_id,
        "programId": cause.program_id,
        "transactionId": cause.transaction_id,
        "leadId": cause.lead_id,
        "dueAt": obligation.due_at,
    }
    return {
        **awards.new_item(obligation.organization, obligation.source, cause, OBLIGATION, listed, now),
        **parent_attributes(obligation.organization, OBLIGATION, cause.collaborator_id),
        "conversionVersion": obligation.conversion_version,
        **({"settled": True} if obligation.settled else {}),
        **(payable(obligation) if obligation.status == "pending" else {}),
    }


def payable(obligation: Obligation) -> Item:
    """The attributes that let payouts find a payable obligation."""
    collaborator_id, currency = obligation.cause.collaborator_id, obligation.currency
    return owed_index.payable(obligation.organization, collaborator_id, currency, obligation.earned_at)


def of_item(item: Mapping[str, Any], conversion: Conversion) -> Obligation:
    """The obligation of a stored item, and its conversion."""
    listed = item["listed"]
    return Obligation(
        item["organization"],
        conversion.cause,
        listed["id"],
        listed["conversionId"],
        listed["status"],
        listed["value"],
        listed["currency"],
        item["boundSource"],
        item["conversionVersion"],
        item["version"],
        listed.get("dueAt"),
        item.get("settled", False),
        conversion.earned_at or listed["dateCreated"],
        item.get("reserved", False),
    )


@retried("the conversions", _TRIES)
def reconcile(organization: str, subject: str, subject_id: int, cause: Cause | None = None) -> int:
    """Write the obligations called for by the conversions of a sale or lead, or of one cause; return the number
    written.

    One Query, and one write per difference. An obligation is written only over an older version of its conversion.
    """
    written = 0
    for items in awards.of_subject(organization, subject, subject_id, cause).values():
        conversion = conversions.of_item(items[CONVERSION])
        written += _reconcile_one(conversion, items.get(OBLIGATION))
    return written


def _reconcile_one(conversion: Conversion, item: Item | None) -> bool:
    if conversion.obligation_id is None:
        return False
    settled = conversion.settled or False
    wanted = wanted_by(conversion)
    now = times.now()
    if item is None:
        table.put_new(item_of(of_conversion(conversion, wanted, conversion.obligation_id), now))
        return True
    obligation = of_item(item, conversion)
    if obligation.paid_out:
        return _adjust(conversion, item, now)
    # The shop may take back a payment that it reported.
    paid = obligation.status == "complete" and settled
    if obligation.conversion_version >= conversion.version or paid or obligation.status in FINAL:
        return False
    _write(conversion, obligation, wanted, now)
    return True


def wanted_by(conversion: Conversion) -> ObligationWanted:
    """The obligation that a conversion calls for now."""
    settled = conversion.settled or False
    return obligation_wanted(conversion.status, conversion.value, conversion.currency, settled=settled)


def worth_of(conversion: Conversion) -> int:
    """The obligation's value that a conversion calls for now; nothing once it is rejected."""
    wanted = wanted_by(conversion)
    return 0 if wanted.status == "rejected" else wanted.value


def reserve_action(item: Item, now: str) -> Item:
    """Transaction action: keep payouts from an obligation until its conversion says that it is paid elsewhere, at the
    version read."""
    changes = {**owed_index.NOWHERE, "reserved": True, **touch(now, item["version"] + 1)}
    return update_unchanged_action((item["pk"], item["sk"]), item["version"], changes)


def _adjust(conversion: Conversion, item: Item, now: str) -> bool:
    """Adjust what was paid out to what the conversion is worth now, at the version read; True if that wrote anything.

    A version of the conversion that needs no adjustment is noted too, so that a writer who has read an older one
    fails."""
    if item["conversionVersion"] >= conversion.version:
        return False
    clawback, seen = conversion.award.get("clawback", NONE), {"conversionVersion": conversion.version}
    found = adjustments.rises([item])
    actions = adjustments.adjust_actions(item, worth_of(conversion), clawback, found, seen, now)
    if actions:
        table.transact(actions)
    else:
        update_unchanged((item["pk"], item["sk"]), item["version"], {**seen, **touch(now, item["version"] + 1)})
    return True


def release_actions(item: Item, conversion: Conversion, now: str) -> list[Item]:
    """Transaction actions that take a conversion's obligation out of its payout, at the version read, to the state that
    the conversion implies now; adjustments since are reversed."""
    changes = _following(conversion, of_item(item, conversion), wanted_by(conversion), now)
    return adjustments.release_actions(item, changes | {"listed.payoutId": None})


def _write(conversion: Conversion, obligation: Obligation, wanted: ObligationWanted, now: str) -> None:
    table.update(
        *obligation.key,
        _following(conversion, obligation, wanted, now),
        _OLDER_AND_UNPAID,
        reflected=conversion.version,
        seen=obligation.version,
        complete="complete",
        settled=True,
    )


def _following(conversion: Conversion, obligation: Obligation, wanted: ObligationWanted, now: str) -> Item:
    """The changes by which an obligation follows its conversion."""
    changes: Item = {
        "listed.#status": wanted.status,
        **touch(now, obligation.version + 1),
        "listed.#value": wanted.value,
        "conversionVersion": conversion.version,
        **(payable(obligation) if wanted.status == "pending" and not obligation.reserved else owed_index.NOWHERE),
    }
    if conversion.settled:
        changes["reserved"] = GONE
    if conversion.settled is not None:
        changes |= {"settled": conversion.settled or GONE, "listed.dueAt": conversion.due_at}
    return changes
