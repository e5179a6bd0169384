"""Obligations: amounts owed, one per conversion; each follows its conversion until it is paid."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tributary.domain import times
from tributary.domain.conversion import ObligationWanted, obligation_wanted
from tributary.ledger.earnings import awards, conversions
from tributary.ledger.earnings.awards import CONVERSION, OBLIGATION, Cause
from tributary.ledger.earnings.conversions import Conversion
from tributary.ledger.store import table
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.lists import parent_attributes
from tributary.ledger.store.records import touch
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

    `settled` marks an amount that the shop reported as paid; any other complete obligation was paid out.
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
    }


def of_item(item: Mapping[str, Any], cause: Cause) -> Obligation:
    """The obligation of a stored item; `cause` is its conversion's."""
    listed = item["listed"]
    return Obligation(
        item["organization"],
        cause,
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
        owed = of_item(items[OBLIGATION], conversion.cause) if OBLIGATION in items else None
        written += _reconcile_one(conversion, owed)
    return written


def _reconcile_one(conversion: Conversion, obligation: Obligation | None) -> bool:
    if conversion.obligation_id is None:
        return False
    settled = conversion.settled or False
    wanted = obligation_wanted(conversion.status, conversion.value, conversion.currency, settled=settled)
    now = times.now()
    if obligation is None:
        table.put_new(item_of(of_conversion(conversion, wanted, conversion.obligation_id), now))
        return True
    # A payout is final; the shop may take back a payment that it reported.
    paid = obligation.status == "complete" and (settled or obligation.paid_out)
    if obligation.conversion_version >= conversion.version or paid:
        return False
    _write(conversion, obligation, wanted, now)
    return True


def _write(conversion: Conversion, obligation: Obligation, wanted: ObligationWanted, now: str) -> None:
    changes: Item = {
        "listed.#status": wanted.status,
        **touch(now, obligation.version + 1),
        "listed.#value": wanted.value,
        "conversionVersion": conversion.version,
    }
    if conversion.settled is not None:
        changes |= {"settled": conversion.settled or GONE, "listed.dueAt": conversion.due_at}
    table.update(
        *obligation.key,
        changes,
        _OLDER_AND_UNPAID,
        reflected=conversion.version,
        seen=obligation.version,
        complete="complete",
        settled=True,
    )
