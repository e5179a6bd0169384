"""Proofs: nightly walks of all payouts and obligations, each compared with the records behind it.

Partition `<organization>#proof#<id>`, item `proof` with counts, sums and the first disagreements. A walk goes on by
messages of a page each; what seems wrong is read again, strongly, before it counts.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from tributary.domain import times
from tributary.domain.ids import cause_id
from tributary.ledger.earnings.awards import OBLIGATION
from tributary.ledger.payouts import payouts, proof_looks
from tributary.ledger.store import lists, table
from tributary.ledger.store.expressions import Plus, Tally
from tributary.ledger.store.lists import Range, listing
from tributary.ledger.store.records import item_header, touch
from tributary.ledger.store.table import Key
from tributary.ledger.store.values import Item

KIND = SK = "proof"
STATUSES = RUNNING, PROVED, DISPROVED = ("running", "proved", "disproved")
#: The kinds to walk, in this order.
_WALKS = tuple(proof_looks.LOOKS)
#: The member of a proof that counts a kind.
_COUNTED = {payouts.KIND: "listed.payouts", OBLIGATION: "listed.obligations"}
_PAGE = 500
#: Disagreements that a record names; more are only counted.
_MOST = 100
_ORGANIZATIONS = "proof-organizations"
#: Seconds before each new look at records that seem to disagree: they may be changing.
_PAUSES = (0, 1, 5)
#: The log line of a disproof, which an alarm counts.
SAID_SO = "ledger disproved"
_noted: set[str] = set()


def note(organization: str) -> None:
    """Add an organization to the nightly proofs; one put per process."""
    if organization not in _noted:
        with suppress(table.ConditionFailed):
            table.put_new(item_header("proof-organization", organization, (_ORGANIZATIONS, organization)))
        _noted.add(organization)


def forget() -> None:
    """Drop the process's notes."""
    _noted.clear()


def organizations() -> list[str]:
    return [item["organization"] for item in table.query(_ORGANIZATIONS)]


def key(organization: str, proof_id: int) -> Key:
    return f"{organization}#{KIND}#{proof_id}", SK


def get(organization: str, proof_id: int) -> Item | None:
    return table.get(*key(organization, proof_id))


def disproved(organization: str, proof_id: int) -> bool:
    item = get(organization, proof_id)
    return item is not None and item["listed"]["status"] == DISPROVED


def begin(organization: str, cause: str) -> int:
    """Begin the proof of a night; return its id. A repeat of the same cause begins none."""
    number, now = cause_id(organization, KIND, cause), times.now()
    listed = {
        "id": number,
        "status": RUNNING,
        "payouts": 0,
        "obligations": 0,
        "paid": {},
        "disagreements": 0,
        "records": [],
        "dateCreated": now,
        "dateModified": now,
    }
    item = {
        **item_header(KIND, organization, key(organization, number), now),
        "listed": listed,
        "walked": [0, None],
        **listing(organization, KIND, number, now),
    }
    with suppress(table.ConditionFailed):
        table.put_new(item)
    return number


def go_on(organization: str, proof_id: int) -> bool:
    """Prove one more page; True while there is more. A repeat proves the page once only."""
    item = get(organization, proof_id)
    if item is None or item["listed"]["status"] != RUNNING:
        return False
    walk, after = item["walked"]
    part = Range(newest_first=False, after=after, end=item["listed"]["dateCreated"])
    page = lists.page(lists.of_kind(organization, _WALKS[walk]), part, _PAGE)
    wrong = list(_wrong(_WALKS[walk], [place for place, _ in page.records]))
    reached = [walk, page.next] if page.next is not None else [walk + 1, None]
    return _save(item, [listed for _, listed in page.records], wrong, reached) and reached[0] < len(_WALKS)


def _save(item: Item, records: Sequence[Mapping[str, Any]], wrong: list[Item], reached: list[Any]) -> bool:
    """Add a page to the proof, at the version read; False if another message has."""
    listed, kind = item["listed"], _WALKS[item["walked"][0]]
    changes: Item = {
        "walked": reached,
        **({_COUNTED[kind]: Plus(len(records))} if kind in _COUNTED else {}),
        "listed.disagreements": Plus(len(wrong)),
        "listed.records": (listed["records"] + wrong)[:_MOST],
        **touch(times.now(), item["version"] + 1),
    }
    if kind == payouts.KIND:
        changes |= {f"listed.paid.#{currency}": Tally(value) for currency, value in _sums(records).items()}
    if reached[0] == len(_WALKS):
        changes["listed.#status"] = DISPROVED if listed["disagreements"] + len(wrong) else PROVED
    try:
        table.update(item["pk"], SK, changes, "#version = :seen", seen=item["version"])
    except table.ConditionFailed as failure:
        # The walk is the same for all: at this place just after, it was this write, whose answer was lost, or its twin.
        found = failure.item or {}
        return (found.get("version"), found.get("walked")) == (item["version"] + 1, reached)
    return True


def _sums(records: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for listed in records:
        if listed["status"] in payouts.LIVE:
            sums[listed["currency"]] = sums.get(listed["currency"], 0) + listed["value"]
    return sums


def _wrong(kind: str, places: Sequence[Key]) -> Iterator[Item]:
    """The disagreements that are still there after each pause."""
    look = proof_looks.LOOKS[kind]
    found: dict[Key, list[str]] = {}
    for pause in _PAUSES:
        time.sleep(pause if found else 0)
        found = look(places)
        places = list(found)
        if not found:
            return
    items = table.batch_get(found)
    for place, reasons in found.items():
        yield {"record": kind, "id": items[place]["listed"]["id"], "reasons": reasons}
