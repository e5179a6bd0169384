"""Codes that an order carries: a partner's alias, and coupons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

COUPON, TRACKING = "coupon", "tracking"
#: The most coupons of one order.
MAX_COUPONS = 20


@dataclass(frozen=True, order=True)
class Code:
    """A code that an order carries: a `coupon`, or a partner's alias of the type `tracking`.

    One that `yields` counts only if the click id beside it leads to no visits."""

    type: str
    code: str
    yields: bool = False

    @property
    def compared(self) -> tuple[str, str]:
        """The form in which codes are compared: their case does not matter."""
        return self.type, self.code.upper()


def codes_of(referral: str | None, coupons: Iterable[str], yields: bool = False) -> tuple[Code, ...]:
    """The codes of an order, the alias first, stripped; a blank code is none. `yields` is of the alias."""
    alias = Code(TRACKING, (referral or "").strip(), yields)
    return joined(alias, *(Code(COUPON, code.strip()) for code in coupons))


def joined(*codes: Code) -> tuple[Code, ...]:
    """Codes without blank ones, each once: one in another case is the same."""
    first: dict[tuple[str, str], Code] = {}
    for code in codes:
        if code.code:
            first.setdefault(code.compared, code)
    return tuple(first.values())[: MAX_COUPONS + 1]


def stored(codes: Iterable[Code]) -> list[list[str | bool]]:
    """The stored form of codes."""
    return [[held.type, held.code, *([True] if held.yields else [])] for held in codes]


def of_stored(held: Iterable[Sequence[Any]]) -> tuple[Code, ...]:
    """The codes of their stored form."""
    return tuple(Code(*code) for code in held)
