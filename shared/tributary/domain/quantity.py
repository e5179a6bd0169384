"""Quantities of goods: whole numbers of units, or decimals as of goods by weight or length."""

from decimal import Decimal

#: Decimals of the finest quantity.
PLACES = 6
#: The most units of one line.
MOST = 1_000_000

#: The most units of a stock with decimals.
MOST_IN_STOCK = 10**9

Quantity = Decimal | int
Stored = int | str


def text(quantity: Quantity) -> str:
    """The digits of a quantity without an exponent."""
    return format(Decimal(quantity), "f")


def stored(quantity: Quantity) -> Stored:
    """The form in the ledger, which has no decimals: a whole number, or text."""
    return int(quantity) if quantity == int(quantity) else text(quantity)


def of_stored(held: Stored) -> Quantity:
    return held if isinstance(held, int) else Decimal(held)


def as_number(held: Stored) -> int | float:
    """A stored quantity or price as a number of JSON; six decimals of less than MOST_IN_STOCK fit a float."""
    return held if isinstance(held, int) else float(held)


def weight(quantity: Quantity) -> int:
    """An integer in proportion to the quantity."""
    return int(Decimal(quantity).scaleb(PLACES))
