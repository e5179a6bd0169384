"""A shop that reports orders in every dialect, repeats unanswered calls, and records the answers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from local.seed import ORGANIZATION
from tests.stack.dialects import DIALECTS
from tests.stack.dialects.spoken import Call, Item, Order, Origin, cents
from tests.stack.exchange import Answer
from tests.stack.house import House
from tests.storm.players.delivery import insistent
from tests.storm.players.expected_records import AnsweredCall, judge, judge_answers, judge_kept
from tests.storm.verdict import Verdict

#: Sends a request once.
Ask = Callable[[Call], Answer]


def orders(
    chance: Random, of_each: int, origin: Callable[[], Origin], dialects: Iterable[str] = DIALECTS
) -> list[Order]:
    return [
        Order(name, DIALECTS[name].source, number, cents(chance), origin())
        for name in dialects
        for number in range(of_each)
    ]


def calls_until_taken(ask: Ask, order: Order, call: Call) -> list[AnsweredCall]:
    """Make the call, with all its answers. A call refused for arriving before its sale is repeated after the sale."""
    first = AnsweredCall(order, call, insistent(partial(ask, call)))
    if first.answers[-1].status != 404:
        return [first]
    sale = DIALECTS[order.dialect].calls(order)[0]
    return [first, *(AnsweredCall(order, it, insistent(partial(ask, it))) for it in (sale, call))]


def repeated_calls(chance: Random, order: Order, most: int) -> list[Call]:
    """The sale one to `most` times and each other call once or twice, with shuffled members."""
    sale, *others = DIALECTS[order.dialect].calls(order)
    times = [(sale, chance.randint(1, most)), *((call, chance.randint(1, 2)) for call in others)]
    return [_shuffled(chance, call) for call, number in times for _ in range(number)]


def _shuffled(chance: Random, call: Call) -> Call:
    return call._replace(body=dict(chance.sample(list(call.body.items()), len(call.body))))


@dataclass
class Shop:
    """A shop on the in-process stack: so many orders in each dialect, each with its own visit."""

    house: House
    chance: Random
    of_each: int
    dialects: Sequence[str] = tuple(DIALECTS)
    orders: list[Order] = field(default_factory=list)
    answered: list[AnsweredCall] = field(default_factory=list)
    _before: set[str] = field(default_factory=set)

    def open(self) -> None:
        """Create stores and visits, before the faults begin."""
        self._before = {item["pk"] for item in self.house.ledger()}
        for call in (call for it in DIALECTS.values() for call in it.opening):
            assert self._ask(call).status in call.taken
        self.orders = orders(self.chance, self.of_each, self._origin, self.dialects)
        self.house.deliver()

    def errands(self, most: int = 4) -> list[Callable[[], None]]:
        """Every call of every order, in any order; sales up to `most` times."""
        calls = ((order, call) for order in self.orders for call in repeated_calls(self.chance, order, most))
        errands = [partial(self.report, order, call) for order, call in calls]
        self.chance.shuffle(errands)
        return list(errands)

    def judge(self, verdict: Verdict) -> None:
        judge_answers(verdict, self.answered)
        judge(verdict, self.orders, self._records)
        judge_kept(verdict, self.orders, self._records)

    def report(self, order: Order, call: Call) -> None:
        self.answered += calls_until_taken(self._ask, order, call)

    def _ask(self, call: Call) -> Answer:
        return self.house.call(call.method, call.path, call.body, key=call.key, base=call.base)

    def _records(self, entity: str) -> list[Item]:
        """Record of an entity, without the demo's."""
        items = [item for item in self.house.ledger(entity) if item["pk"] not in self._before]
        return [item.get("listed", item) for item in items]

    def _origin(self) -> Origin:
        return Origin(ORGANIZATION, self.house.new_visit(), self.house.collaborator_id, self.house.program_id)
