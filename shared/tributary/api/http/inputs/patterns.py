"""Regular expressions shared by checks and API documents, in the syntax that Python and ECMAScript have in common."""

from collections.abc import Iterable
from itertools import groupby

#: Of an integer as text, zeros included.
MOST_DIGITS = 20
#: A number as text, to be exact.
NUMERIC = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,6})?"
#: Decimal text from zero, and above zero, as far as its sign and digits tell.
NOT_NEGATIVE, POSITIVE = r"^(?!\s*-[0.]*[1-9])", r"^\s*\+?[0.]*[1-9]"

_LEAP = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_HOUR, _SIXTY = "([01][0-9]|2[0-3])", "[0-5][0-9]"


def _days(mark: str, zero: str = "0") -> str:
    """Month and day, without 29 February. `zero` precedes a single digit."""
    common = f"({zero}[1-9]|1[0-2]){mark}({zero}[1-9]|1[0-9]|2[0-8])"
    return f"({common}|({zero}[13-9]|1[0-2]){mark}(29|30)|({zero}[13578]|1[02]){mark}31)"


#: A date as month, day and year.
AMERICAN_DATE = f"({_days('/', '0?')}/(?!0000)[0-9]{{4}}|0?2/29/(?!0000){_LEAP})"


def _date(mark: str) -> str:
    return f"(?!0000)([0-9]{{4}}{mark}{_days(mark)}|{_LEAP}{mark}02{mark}29)"


def day() -> str:
    """A calendar date with hyphens."""
    return _date("-")


def _time(mark: str) -> str:
    return rf"{_HOUR}({mark}{_SIXTY}({mark}{_SIXTY}([.,][0-9]+)?)?)?"


def moment(sign: str = "[+-]", optional_offset: bool = True) -> str:
    """A calendar date, or a date and time, of ISO 8601. `sign` begins an offset."""
    offset = f"(Z|{sign}{_HOUR}(:?{_SIXTY})?)"
    date, time = f"({_date('-')}|{_date('')})", f"[Tt ]({_time(':')}|{_time('')})"
    return f"{date}({time}{offset}?)?" if optional_offset else f"{date}{time}{offset}"


def digits(most: int, least: int = 1) -> str:
    """An integer from 0 or 1 to `most` in digits, perhaps after zeros."""
    return f"(?=[0-9]{{1,{MOST_DIGITS}}}$)0*({_up_to(most)}){'' if least else '?'}"


def _up_to(most: int) -> str:
    """The integers from 1 to `most`: shorter ones, and those with a smaller digit after equal ones."""
    text = str(most)
    parts = [f"[1-9][0-9]{{0,{len(text) - 2}}}"] if len(text) > 1 else []
    for place, digit in enumerate(text):
        least = 0 if place else 1
        if int(digit) > least:
            smaller, rest = f"[{least}-{int(digit) - 1}]", len(text) - place - 1
            parts.append(text[:place] + smaller + (f"[0-9]{{{rest}}}" if rest else ""))
    return "|".join([*parts, text])


def any_case(codes: Iterable[str]) -> str:
    """Codes of capital letters, in any case, by their first letters."""
    groups = groupby(sorted(codes), key=lambda code: code[0])
    return "|".join(f"{_either(first)}({'|'.join(_either(code[1:]) for code in found)})" for first, found in groups)


def _either(letters: str) -> str:
    return "".join(f"[{letter}{letter.lower()}]" for letter in letters)


def listed(names: Iterable[str]) -> str:
    """Names separated by commas, with spaces and without names between them."""
    return rf"(\s*(({'|'.join(names)})\s*)?(,|$))*"
