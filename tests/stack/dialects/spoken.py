"""What a dialect is to the storms: how a shop tells of an order in it, and what must come of that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from tests.stack.exchange import Answer
from tributary.api.http.dialect import BASES
from tributary.domain.ids import transaction_ids

Item = dict[str, Any]

_MAX_CENTS = 1_000_000
_LEAST_CENTS = 10
#: So that every fate is among them.
ORDERS_OF_A_BUYER = 4


class Origin(NamedTuple):
    """Whose order it is, and who brought it: of what a dialect asks for, some."""

    organization: str
    visit: int
    collaborator: int
    program: int


@dataclass(frozen=True)
class Order:
    """An order of a shop, in minor units of USD. By its number it has one of four fates."""

    dialect: str
    source: str
    number: int
    cents: int
    origin: Origin

    @property
    def name(self) -> str:
        return f"{self.dialect}-{self.number}"

    @property
    def transaction_id(self) -> int:
        """Where its transaction lies, since no other order has the place."""
        return next(transaction_ids(self.origin.organization, self.source, self.name))

    @property
    def buyer(self) -> int:
        return self.number // ORDERS_OF_A_BUYER

    @property
    def fate(self) -> int:
        return self.number % ORDERS_OF_A_BUYER

    @property
    def part(self) -> int:
        """What is given back at a time of orders that are given back in parts."""
        return self.cents // 3


class Call(NamedTuple):
    """A request, and the statuses of its success."""

    path: str
    body: Item
    base: str = BASES["siren"]
    method: str = "POST"
    key: str = "events"
    taken: tuple[int, ...] = (200,)


class Ending(NamedTuple):
    """What an order has come to, in minor units: `total` of its transaction, `returned` to the buyer, `earned` by who
    brought it. `kept` says how many records of which kinds are kept of it beside the transaction."""

    status: str
    total: int
    earned: int
    returned: int = 0
    kept: Mapping[str, int] = {}


@dataclass(frozen=True)
class Dialect:
    """`calls` tell of an order, the first of them of the sale; they may be made in any order that its client can have
    them taken in, and any number of times. `opening` goes ahead of all orders. `buyer` is what the organization
    knows an order's buyer by; `new` is whether the answer to a sale calls it new, None where nobody is told. `at_once`
    are the kinds of records of which each order has one before anything has followed."""

    name: str
    source: str
    calls: Callable[[Order], list[Call]]
    ending: Callable[[Order], Ending]
    buyer: Callable[[Order], str] | None = None
    new: Callable[[Answer], bool] | None = None
    opening: tuple[Call, ...] = ()
    at_once: tuple[str, ...] = ("transaction",)


def earned(total: int, given_back: int = 0) -> int:
    """10 %, rounded half up, less its refunded share, rounded down."""
    reward = (total * 10 + 50) // 100
    return reward - reward * given_back // total


def email(order: Order) -> str:
    """The same people buy in all dialects that know buyers by their e-mail."""
    return f"buyer-{order.buyer}@example.com"


def cents(chance: Random) -> int:
    return chance.randint(_LEAST_CENTS, _MAX_CENTS)


def decimal(minor: int) -> str:
    """An amount in major units, as text."""
    return f"{minor // 100}.{minor % 100:02d}"
