"""A bank's answer: payouts that were paid or failed, those that wait, and rows that cannot be read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from tributary.payments.batch import payout_of

Status = Literal["paid", "failed", "waiting"]
PAID: Status = "paid"
FAILED: Status = "failed"
#: Neither paid nor back: to release its obligations now could pay them twice.
WAITING: Status = "waiting"

_MOST_REASON = 200
# Account numbers and addresses; a bank's free text may repeat them. A code such as AC04 before one is no part of it.
_CODE = r"(?![A-Z]{2}\d{2}[ .:-]{0,2}[A-Z]{2}\d{2})"
_IBAN = r"\b" + _CODE + r"[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]{4}){2,7}(?:[ .-]?[A-Z0-9]{1,4})?\b"
_ACCOUNT = re.compile(_IBAN + r"|\d(?:[ .-]?\d){4,}", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+@\S+")


class Result(NamedTuple):
    """The outcome of one payout; a reason is the bank's own, without account numbers."""

    payout_id: int
    status: Status
    reason: str | None


class RowError(NamedTuple):
    """A row that says nothing about a payout, or something that cannot be; rows count from 1, a header included."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True)
class Answer:
    """Everything that an answer says: each of its rows is in one of these."""

    results: tuple[Result, ...]
    waiting: tuple[Result, ...]
    errors: tuple[RowError, ...]


class Reading:
    """Rows taken so far. A later final outcome replaces waiting; paid and failed together are an error, not a guess."""

    def __init__(self) -> None:
        self._results: dict[int, Result] = {}
        self._disputed: set[int] = set()
        self._errors: list[RowError] = []

    def take(self, row: int, payout_id: int, status: Status, reason: str | None = None) -> None:
        before = self._results.get(payout_id)
        if before is None or before.status == WAITING:
            self._results[payout_id] = Result(payout_id, status, masked(reason))
        elif status not in (WAITING, before.status):
            self._disputed.add(payout_id)
            self.refuse(row, "status", f"differs from another row of payout {payout_id}; neither is used.")

    def refuse(self, row: int, field: str, reason: str) -> None:
        self._errors.append(RowError(row, field, reason))

    @property
    def answer(self) -> Answer:
        known = [result for number, result in self._results.items() if number not in self._disputed]
        final = tuple(result for result in known if result.status != WAITING)
        return Answer(final, tuple(it for it in known if it.status == WAITING), tuple(self._errors))


def read_rows(rows: Sequence[Any]) -> Answer:
    """The answer in our own form: objects of `payoutId`, `status` (paid or failed) and an optional `reason`."""
    reading = Reading()
    for number, row in enumerate(rows, 1):
        if isinstance(row, Mapping):
            _read_row(reading, number, row)
        else:
            reading.refuse(number, "row", "must be an object.")
    return reading.answer


def _read_row(reading: Reading, number: int, row: Mapping[str, Any]) -> None:
    payout_id, status, reason = row.get("payoutId"), row.get("status"), row.get("reason")
    textual = isinstance(payout_id, int | str) and not isinstance(payout_id, bool)
    known = payout_of(str(payout_id)) if textual else None
    if known is None:
        reading.refuse(number, "payoutId", "must be a payout's id.")
    if status not in (PAID, FAILED):
        reading.refuse(number, "status", "must be one of paid, failed.")
    if not isinstance(reason, str | None):
        reading.refuse(number, "reason", "must be text.")
    elif known is not None and status in (PAID, FAILED):
        reading.take(number, known, status, reason)


def masked(reason: str | None) -> str | None:
    """A bank's reason on one line, at most 200 characters, account numbers and addresses left out."""
    line = " ".join((reason or "").split())
    return _ADDRESS.sub("[address]", _ACCOUNT.sub("[account]", line))[:_MOST_REASON] or None
