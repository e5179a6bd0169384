"""PayPal's report on a payout file: a table with a header, separated by commas, semicolons or tabs.

Reports differ in their columns, so they are found by name. Money that PayPal holds, blocks or waits to have claimed
is neither paid nor back.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence

from tributary.payments.batch import payout_of
from tributary.payments.results import FAILED, PAID, WAITING, Answer, Reading, Status

_IDS = ("customer id", "unique id", "custom unique id", "sender item id", "customer reference id")
_STATUS_COLUMNS = ("transaction status", "payout status", "status")
_REASONS = ("reason", "reason code", "error", "error code", "error message", "errors", "failure reason")
_LINES_BEFORE_HEADER = 20

_STATUSES: dict[str, Status] = (
    dict.fromkeys(("success", "successful", "completed", "complete", "claimed", "paid"), PAID)
    | dict.fromkeys(("failed", "denied", "returned", "refunded", "reversed", "canceled", "cancelled"), FAILED)
    | dict.fromkeys(("new", "pending", "processing", "unclaimed", "onhold", "blocked"), WAITING)
)


def read_paypal_report(content: bytes) -> Answer:
    """The answer of a report; rows are counted as a spreadsheet shows them."""
    reading = Reading()
    try:
        rows = _rows(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, csv.Error):
        reading.refuse(0, "file", "must be a table of text in UTF-8.")
        return reading.answer
    for start, header in enumerate(rows[:_LINES_BEFORE_HEADER]):
        columns = {_plain(name): index for index, name in enumerate(header)}
        if set(_IDS) & set(columns) and set(_STATUS_COLUMNS) & set(columns):
            for number, row in enumerate(rows[start + 1 :], start + 2):
                if any(row):
                    _read_row(reading, number, row, columns)
            return reading.answer
    reading.refuse(0, "file", "must have a header with the columns Customer ID and Status.")
    return reading.answer


def _rows(text: str) -> list[list[str]]:
    """Cells of a table, whose first line with a separator shows which one it is."""
    separator = next((found[0] for found in re.finditer(r"[,;\t]", text)), ",")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def _read_row(reading: Reading, number: int, row: Sequence[str], columns: Mapping[str, int]) -> None:
    payout_id = payout_of(_cell(row, columns, _IDS))
    status = _STATUSES.get(re.sub(r"[^a-z]", "", _cell(row, columns, _STATUS_COLUMNS).lower()))
    if payout_id is None:
        reading.refuse(number, "Customer ID", "must be a payout's reference.")
    if status is None:
        reading.refuse(number, "Status", f"must be one of {', '.join(_STATUSES)}.")
    if payout_id is not None and status is not None:
        reading.take(number, payout_id, status, _cell(row, columns, _REASONS) or None)


def _cell(row: Sequence[str], columns: Mapping[str, int], names: Sequence[str]) -> str:
    """The first filled cell of these columns; empty if there is none."""
    cells = (row[columns[name]].strip() for name in names if columns.get(name, len(row)) < len(row))
    return next(filter(None, cells), "")


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^a-z]+", " ", name.lower()).split())
