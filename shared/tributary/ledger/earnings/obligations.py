"""Obligations: what the conversions of a sale or lead want owed, brought to what they say now."""

from tributary.domain import times
from tributary.domain.conversion import ObligationWanted, obligation_wanted
from tributary.ledger.earnings import awards
from tributary.ledger.earnings.awards import Cause
from tributary.ledger.store import table
from tributary.ledger.store.expressions import GONE
from tributary.ledger.store.retries import retried
from tributary.ledger.store.values import Item

_TRIES = 10


@retried("the conversions", _TRIES)
def reconcile(organization: str, subject: str, subject_id: int, cause: Cause | None = None) -> int:
    """Brings the obligations of a sale or lead, or the one of a cause, to what their conversions want; returns how
    many it wrote.

    One Query, and a write for each difference. An obligation keeps the version of the conversion it reflects and is
    written only over an older one."""
    held = awards.of_subject(organization, subject, subject_id, cause)
    return sum(_reconcile(award["conversion"], award.get("obligation")) for award in held.values())


def _reconcile(conversion: Item, obligation: Item | None) -> int:
    listed = conversion["listed"]
    if listed["obligationId"] is None:
        return 0
    settled = conversion.get("settled", False)
    wanted = obligation_wanted(listed["status"], listed["value"], listed["currency"], settled=settled)
    now = times.now()
    if obligation is None:
        table.put_new(awards.obligation_item(conversion, wanted, now))
        return 1
    # What was paid out stays; what was said to be paid elsewhere may be taken back by those who said it.
    paid = obligation["listed"]["status"] == "complete" and (settled or not obligation.get("settled"))
    if obligation["conversionVersion"] >= conversion["version"] or paid:
        return 0
    _write_change(conversion, obligation, wanted, now)
    return 1


def _write_change(conversion: Item, obligation: Item, wanted: ObligationWanted, now: str) -> None:
    changes = awards.status_changes(obligation, wanted.status, now)
    changes |= {"listed.#value": wanted.value, "conversionVersion": conversion["version"]}
    if "settled" in conversion:
        changes |= {"settled": conversion["settled"] or GONE, "listed.dueAt": conversion.get("dueAt")}
    table.update(
        obligation["pk"],
        obligation["sk"],
        changes,
        "conversionVersion < :reflected AND #version = :seen AND (listed.#status <> :complete OR settled = :settled)",
        reflected=conversion["version"],
        seen=obligation["version"],
        complete="complete",
        settled=True,
    )
