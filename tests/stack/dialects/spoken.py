"""A dialect as the storms see it: the calls that report an order, and the expected outcome."""

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
#: One order of each fate.
ORDERS_OF_A_BUYER = 4


class Origin(NamedTuple):
    """The organization and source of an order; a dialect uses some of the fields."""

    organization: str
    visit: int
    collaborator: int
    program: int


@dataclass(frozen=True)
class Order:
    """An order of a shop, in minor units of USD. Its number selects one of four fates."""

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
        """The first id of its probe chain, which no other order takes."""
        return next(transaction_ids(self.origin.organization, self.source, self.name))

    @property
    def buyer(self) -> int:
        return self.number // ORDERS_OF_A_BUYER

    @property
    def fate(self) -> int:
        return self.number % ORDERS_OF_A_BUYER

    @property
    def part(self) -> int:
        """Amount of each partial refund."""
        return self.cents // 3


class Call(NamedTuple):
    """A request and its success statuses."""

    path: str
    body: Item
    base: str = BASES["siren"]
    method: str = "POST"
    key: str = "events"
    taken: tuple[int, ...] = (200,)


class Ending(NamedTuple):
    """The final state of an order, in minor units: the transaction's `total`, `returned` to the buyer, `earned` by the
    collaborator. `kept` counts further records by kind."""

    status: str
    total: int
    earned: int
    returned: int = 0
    kept: Mapping[str, int] = {}


@dataclass(frozen=True)
class Dialect:
    """A dialect's calls and their expected outcome.

    `calls` report an order, the sale first; any order and repetition of them must be accepted. `opening` precedes all
    orders. `buyer` identifies an order's buyer; `new` reads from the answer of a sale if it is new, None if answers do
    not say. `at_once` lists the kinds of records that the calls write themselves, one per order."""

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
    """The buyer's e-mail address, the same in all dialects that identify buyers by it."""
    return f"buyer-{order.buyer}@example.com"


def cents(chance: Random) -> int:
    return chance.randint(_LEAST_CENTS, _MAX_CENTS)


def decimal(minor: int) -> str:
    """An amount in major units, as text."""
    return f"{minor // 100}.{minor % 100:02d}"
