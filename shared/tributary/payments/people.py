"""The export for people, in Siren's columns, guarded since spreadsheets calculate cells and round long numbers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tributary.domain import money
from tributary.payments.batch import reference_of
from tributary.payments.csv_text import csv_text

_HEADER = ("Payout ID", "Collaborator Email", "Collaborator Name", "Collaborator ID", "Currency", "Value")
DELETED = "<deleted>"

# Begins a formula in Excel, LibreOffice or Google Sheets, also in full width, also after a separator of another locale.
_FORMULA = re.compile(r"""(^|;)([\s"]*)(?=[=+\-@＝＋－＠])""")
# Read as a number, a date or a time, and changed: 16 digits lose the last one, 1e5 becomes 100000.
_NUMBER = re.compile(r"\s*\d[\d\s.,:/eE+-]*")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


@dataclass(frozen=True)
class PersonalPayout:
    """A payout with its collaborator; name and e-mail are None if the collaborator is gone."""

    payout_id: int
    collaborator_id: int
    email: str | None
    name: str | None
    currency: str
    value: int


def people_csv(payouts: Iterable[PersonalPayout]) -> str:
    """The export of these payouts, in the order given."""
    return csv_text([_HEADER, *(_row(payout) for payout in payouts)])


def _row(payout: PersonalPayout) -> list[str]:
    return [
        reference_of(payout.payout_id),
        DELETED if payout.email is None else guarded(payout.email),
        DELETED if payout.name is None else guarded(payout.name),
        f"C{payout.collaborator_id}",
        payout.currency,
        money.major_text(payout.value, payout.currency),
    ]


def guarded(text: str) -> str:
    """Text that a spreadsheet never calculates: an apostrophe before a formula or number, breaks as blanks."""
    line = _BREAKS.sub(" ", text)
    return f"'{line}" if _NUMBER.fullmatch(line) else _FORMULA.sub(r"\1\2'", line)
