"""An event of Stripe, and readers of members that all its objects have."""

from dataclasses import dataclass
from typing import Any

from tributary.domain.money import exponent
from tributary.shops import amounts, reading
from tributary.shops.adapter import Names
from tributary.shops.told import Referral

# Currencies in which Stripe's minor unit is not that of ISO 4217.
_PLACES = {"ISK": 2, "UGX": 2, "MGA": 0}


@dataclass(frozen=True)
class Event:
    """`told` is the object as it was `at` the time of the event."""

    topic: str
    told: Any
    at: str
    names: Names


def amount(of: Any, name: str, code: str) -> int:
    """Minor units of an amount; 0 if absent or null."""
    return amounts.minor(of, name, code, _PLACES.get(code, exponent(code)))


def part(of: Any, name: str, code: str) -> int:
    """Minor units of a part of an exact total, rounded half up where it is finer; 0 if absent or null."""
    return amounts.minor(of, name, code, _PLACES.get(code, exponent(code)), rounded=True)


def reference(of: Any, name: str) -> str | None:
    """The id of another object, told as text or as the object itself."""
    value = reading.within(of, name)
    if value is None:
        return None
    return reading.identifier(value, "id") if isinstance(value, dict) else reading.identifier(of, name)


def payment_of(told: Any) -> str | None:
    """The payment intent that paid, or the charge where there is none."""
    return reference(told, "payment_intent") or reference(told, "charge")


def referral(names: Names, metadata: list[Any], client_reference: Any = None, discounts: Any = ()) -> Referral:
    """The referral of metadata, which names it, else of a client reference that can be a click id.

    The ids of coupons and promotion codes stand for the codes, which Stripe does not tell."""
    pairs = [pair for each in metadata if isinstance(each, dict) for pair in each.items()]
    pairs += [(name, client_reference) for name in names.clicks[:1]]
    applied = [it for it in discounts if isinstance(it, dict)] if isinstance(discounts, list | tuple) else []
    codes = [reading.within(it, *path) for it in applied for path in _CODES]
    return reading.referral(pairs, names, codes=codes)


_CODES = (("promotion_code",), ("coupon",), ("coupon", "id"), ("source", "coupon"))
