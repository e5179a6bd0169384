"""Readers of webhook bodies: exact numbers, ids as text, moments in one form. Unreadable names the member."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tributary.domain import times
from tributary.domain.ids import read_id
from tributary.domain.money import AmountTooLarge, exponent, minor_units
from tributary.shops.adapter import Names, Unreadable
from tributary.shops.told import Referral

_LONGEST_CODE = 255
_LONGEST_ID = 255
#: More digits than any amount has; arithmetic with an exponent beyond would overflow.
_LARGEST_ADJUSTED = 20
_LONGEST_TOPIC = 100
_PLAIN_ID = re.compile(r"[\w./:=-]{1,64}", re.ASCII)


def document(body: bytes) -> Mapping[str, Any]:
    """The JSON object of a body; numbers with a point are decimals."""
    try:
        parsed = json.loads(body, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unreadable("the body is not JSON") from error
    if not isinstance(parsed, dict):
        raise Unreadable("the body is no JSON object")
    return parsed


def member(of: Any, name: str) -> Any:
    """A member that must be there and not be null."""
    value = of.get(name) if isinstance(of, Mapping) else None
    if value is None:
        raise Unreadable(f"{name} is missing")
    return value


def objects(of: Any, name: str) -> list[Mapping[str, Any]]:
    """A list of objects; empty if the member is absent or null."""
    value = of.get(name) if isinstance(of, Mapping) else None
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(it, Mapping) for it in value):
        raise Unreadable(f"{name} is no list of objects")
    return value


def within(of: Any, *path: str) -> Any:
    """A nested member, None where any part of the path is absent or null."""
    for name in path:
        of = of.get(name) if isinstance(of, Mapping) else None
    return of


def topic(body: bytes, *path: str) -> str:
    """The name of an event at a path of a body, for the log; empty where there is none."""
    try:
        value = within(document(body), *path)
    except Unreadable:
        return ""
    plain = isinstance(value, str) and value.isascii() and value.isprintable() and len(value) <= _LONGEST_TOPIC
    return value if plain else ""


def identifier(of: Any, name: str) -> str:
    """An id, number or text, as text that fits a key."""
    value = member(of, name)
    if isinstance(value, bool) or not isinstance(value, int | str) or not _storable(str(value), _LONGEST_ID):
        raise Unreadable(f"{name} is no id")
    return str(value)


def optional(of: Any, *path: str) -> str | None:
    """An id at a path of a body, for the log; None where there is none in the form that vendors use."""
    value = within(of, *path)
    plain = isinstance(value, int | str) and not isinstance(value, bool) and _PLAIN_ID.fullmatch(str(value))
    return str(value) if plain else None


def label(value: Any, otherwise: str) -> str:
    """A name to show, cut to its longest; the other one for anything else."""
    text = value.encode("utf-8", "replace").decode().strip() if isinstance(value, str) else ""
    return text[:_LONGEST_CODE] or otherwise


def text(of: Any, name: str) -> str:
    """A word of the vendor's, such as a status or topic."""
    value = member(of, name)
    if not isinstance(value, str):
        raise Unreadable(f"{name} is no text")
    return value


def currency(of: Any, name: str) -> str:
    """A currency with a minor unit in ISO 4217, in upper case."""
    code = str(member(of, name)).upper()
    try:
        exponent(code)
    except KeyError:
        raise Unreadable(f"{name} is no known currency") from None
    return code


def major(of: Any, name: str, code: str) -> int:
    """Minor units of an amount in major ones, text or number; 0 if the member is absent or null."""
    value = of.get(name) if isinstance(of, Mapping) else None
    return 0 if value is None else major_amount(value, name, code)


def major_amount(value: Any, name: str, code: str) -> int:
    """Minor units of an amount in major ones."""
    try:
        return minor_units(decimal(value, name), code)
    except AmountTooLarge:
        raise Unreadable(f"{name} is too large") from None


def decimal(value: Any, name: str) -> Decimal:
    """An exact number, from text or a number."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise Unreadable(f"{name} is no number")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise Unreadable(f"{name} is no number") from None
    if not number.is_finite() or (number and number.adjusted() > _LARGEST_ADJUSTED):
        raise Unreadable(f"{name} is no number")
    return number or Decimal(0)


def whole(of: Any, name: str) -> int:
    """A whole number, from a number or text; 0 if the member is absent or null."""
    value = of.get(name) if isinstance(of, Mapping) else None
    if value is None:
        return 0
    number = decimal(value, name)
    if number != number.to_integral_value():
        raise Unreadable(f"{name} is no whole number")
    return int(number)


def moment(value: Any, name: str) -> str:
    """A time as text in UTC with milliseconds; one without an offset is UTC."""
    try:
        return times.text(times.parse(str(value)))
    except (ValueError, OverflowError):
        raise Unreadable(f"{name} is no time") from None


def unix(of: Any, name: str) -> str:
    """A time in Unix seconds, as `moment` has it."""
    seconds = whole({name: member(of, name)}, name)
    try:
        return times.text(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        raise Unreadable(f"{name} is no time") from None


def click(value: Any) -> int | None:
    """Our click id, None for anything that cannot be one."""
    return read_id(str(value).strip())


def referral(
    pairs: Sequence[tuple[str, Any]], names: Names, urls: Sequence[Any] = (), codes: Sequence[Any] = ()
) -> Referral:
    """The referral of named values, landing URLs or paths, and coupon codes; the first of each in its order counts."""
    said = [(name, value) for name, value in pairs if isinstance(value, str | int) and not isinstance(value, bool)]
    said += [(name, value) for url in urls if isinstance(url, str) for name, value in _query(url)]
    clicks = [number for name, value in said if name in names.clicks and (number := click(value)) is not None]
    aliases = [text for name, value in said if name in names.aliases and (text := _code(value))]
    coupons = tuple(dict.fromkeys(text for value in codes if (text := _code(value))))
    return Referral(next(iter(clicks), None), next(iter(aliases), None), coupons)


def _query(url: str) -> list[tuple[str, str]]:
    try:
        return [(name, values[0]) for name, values in parse_qs(urlsplit(url).query).items()]
    except ValueError:
        return []


def _code(value: Any) -> str:
    text = str(value).strip() if isinstance(value, str | int) else ""
    return text if _storable(text, _LONGEST_CODE) else ""


def _storable(text: str, longest: int) -> bool:
    """True for text that is not blank, not too long and free of halves of a character, which no key can hold."""
    return bool(text.strip()) and len(text) <= longest and not any("\ud800" <= sign <= "\udfff" for sign in text)
