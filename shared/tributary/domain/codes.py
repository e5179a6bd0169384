"""Codes that an order carries: a partner's alias, and coupons."""

from collections.abc import Iterable
from dataclasses import dataclass

COUPON, TRACKING = "coupon", "tracking"
#: The most coupons of one order.
MAX_COUPONS = 20


@dataclass(frozen=True, order=True)
class Code:
    """A code that an order carries: a `coupon`, or a partner's alias of the type `tracking`."""

    type: str
    code: str

    @property
    def compared(self) -> tuple[str, str]:
        """The form in which codes are compared: their case does not matter."""
        return self.type, self.code.upper()


def codes_of(referral: str | None, coupons: Iterable[str]) -> tuple[Code, ...]:
    """The codes of an order, the alias first, stripped; a blank code is none, and one in another case is the same."""
    named = [Code(TRACKING, (referral or "").strip()), *(Code(COUPON, code.strip()) for code in coupons)]
    first: dict[tuple[str, str], Code] = {}
    for code in named:
        if code.code:
            first.setdefault(code.compared, code)
    return tuple(first.values())[: MAX_COUPONS + 1]
