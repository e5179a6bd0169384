"""Checks that report every failure as plain data; no reason repeats a value, since it may be bank data."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MOST_EMAIL = 127  # PayPal's limit, the lower one
_MOST_CODE = 64

# Control and format characters, surrogates, private use, unassigned, and separators of lines.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

RefusalType = Literal["REQUIRED", "TYPE", "LENGTH", "FORMAT", "ENUM"]


class Refusal(NamedTuple):
    """One failed check: `{field} {reason}` is a sentence."""

    field: str
    reason: str
    type: RefusalType


class Unsayable(ValueError):
    """A value that a file's format cannot express; never rounded, cut or replaced by blanks instead."""

    def __init__(self, field: str, reason: str, kind: RefusalType = "FORMAT") -> None:
        super().__init__(f"{field} {reason}")
        self.refusal = Refusal(field, reason, kind)


class Checks:
    """The members of one object, and the failures found so far."""

    def __init__(self, body: Mapping[str, Any], path: str = "") -> None:
        self._body, self._path = body, path
        self.refusals: list[Refusal] = []

    def refuse(self, field: str, reason: str, kind: RefusalType = "FORMAT") -> None:
        self.refusals.append(Refusal(f"{self._path}{field}", reason, kind))

    def has(self, field: str) -> bool:
        return self._body.get(field) is not None

    def text(self, field: str, most: int) -> str:
        """A required text without spaces around it; empty after a failure."""
        value = self._body.get(field)
        if value is None or (isinstance(value, str) and not value.strip()):
            self.refuse(field, "is required.", "REQUIRED")
        elif not isinstance(value, str):
            self.refuse(field, "must be text.", "TYPE")
        elif has_unseen(value):
            self.refuse(field, "must not contain line breaks or invisible characters.")
        elif len(value.strip()) > most:
            self.refuse(field, f"must have at most {most} characters.", "LENGTH")
        else:
            return value.strip()
        return ""

    def choice(self, field: str, options: Sequence[str]) -> str:
        value = self._body.get(field)
        if isinstance(value, str) and value in options:
            return value
        kind: RefusalType = "REQUIRED" if value is None else "ENUM"
        self.refuse(field, f"must be one of {', '.join(options)}.", kind)
        return ""

    def email(self, field: str) -> str:
        value = self.text(field, _MOST_EMAIL)
        if value and not _EMAIL.fullmatch(value):
            self.refuse(field, "must be an e-mail address.")
        return value

    def digits(self, field: str, fewest: int, most: int) -> str:
        value = self.text(field, _MOST_CODE)
        if value and not re.fullmatch(rf"[0-9]{{{fewest},{most}}}", value):
            span = f"{fewest}" if fewest == most else f"{fewest} to {most}"
            self.refuse(field, f"must be {span} digits.")
        return value

    def spelled(self, field: str, most: int, spell: Callable[[str, str], str]) -> str:
        """A required text as given, if it and its spelling in a bank's alphabet fit."""
        value = self.text(field, most)
        try:
            if value and len(spell(field, value)) > most:
                self.refuse(field, f"must have at most {most} characters in the bank's alphabet.", "LENGTH")
        except Unsayable as unsayable:
            self.refuse(*unsayable.refusal)
        return value

    def code(self, field: str, compact: Callable[[str], str], failure_of: Callable[[str], str | None]) -> str:
        """A required code in its compact form, such as an IBAN."""
        value = compact(self.text(field, _MOST_CODE))
        if value and (failure := failure_of(value)):
            self.refuse(field, failure)
        return value


def has_unseen(text: str) -> bool:
    """True if the text has line breaks or characters that no reader sees."""
    return any(unicodedata.category(character) in _UNSEEN for character in text)
