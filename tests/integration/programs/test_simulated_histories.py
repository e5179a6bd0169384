"""A simulation is what really comes: the same history, replayed with the draft in force, pays what it said.

Histories are random: visits, coupons, sales with codes and lines, edits and refunds, of programs with a group, a pool
and each resolver. The visits' clock moves by minutes or by weeks, so that engagements expire.
"""

import contextlib
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.stack.house import House, in_process
from tests.stack.moto_stack import REGION
from tests.stack.moto_state import MotoState
from tributary.api.siren.requests.programs import SimulationBody
from tributary.domain import times
from tributary.domain.program import RESOLVERS
from tributary.domain.simulation import Played
from tributary.ledger.programs import programs
from tributary.ledger.store.lists import Range
from tributary.workflows import simulation

_BEGINS = "2026-02-01T09:00:00.000Z"
_BOTH = {"siteVisited": {"value": "100"}, "couponUsed": {"value": "50"}}
_CODES = ("ANN", "BEN", "CAT")
_LINES = (
    {"name": "Mug", "amount": 30, "sku": "MUG"},
    {"name": "Plan", "amount": 70.01, "quantity": 2, "sku": "PLAN"},
    {"name": "Gift", "amount": 0, "sku": "GIFT"},
)

Step = tuple[Any, ...]
#: The value of each program and collaborator for a sale, if it is any.
Earned = dict[tuple[int, int], int]

_people, _visitors = st.integers(0, 2), st.integers(0, 2)
_gaps = st.sampled_from([2, 2, 60, 9 * 1440, 25 * 1440, 40 * 1440])
_visits = st.tuples(st.just("visit"), _gaps, _visitors, _people)
_sales = st.tuples(
    st.just("sale"),
    _gaps,
    st.one_of(_visitors, _visitors, st.none()),
    st.one_of(st.just([]), st.sets(_people, max_size=2).map(sorted)),
    st.lists(st.sampled_from(_LINES), min_size=1, max_size=3),
    st.sampled_from(["USD", "USD", "USD", "EUR"]),
)
_steps = st.one_of(
    _visits,
    _visits,
    st.tuples(st.just("coupon"), _gaps, _visitors, _people),
    _sales,
    _sales,
    st.tuples(st.just("refund"), _gaps, st.integers(0, 5), st.sampled_from([None, 10, 33.33])),
    st.tuples(st.just("edit"), _gaps, st.integers(0, 5), st.lists(st.sampled_from(_LINES), min_size=1, max_size=2)),
)
_turns = st.tuples(st.lists(_steps, max_size=2), _sales).map(lambda turn: [*turn[0], turn[1]])
_histories = st.tuples(_visits, _visits, st.lists(_turns, min_size=3, max_size=8)).map(
    lambda parts: [parts[0], parts[1], *itertools.chain(*parts[2])]
)
_SETTINGS: Sequence[tuple[str, Any]] = (
    ("incentiveCalculation", {"transactionPercent": "3.5"}),
    ("incentiveCalculation", {"transactionPercent": 25}),
    *(("incentiveResolverType", name) for name in RESOLVERS),
    *(("expirationDays", days) for days in (5, 20, 45, 90)),
    ("units", "EUR"),
    ("poolRemainder", "largest"),
    ("lineItemFilters", {"withSkus": ["MUG"]}),
    ("transactionCompilers", ["includeLineItems", "includeDiscounts"]),
    ("engagementTypes", {"siteVisited": {"value": "1"}, "couponUsed": {"value": "500"}}),
    ("engagementTypes", {"siteVisited": {"value": "100"}}),
    ("status", "inactive"),
)
_drafts = st.lists(st.sampled_from(_SETTINGS), min_size=1, max_size=3).map(dict)


@dataclass
class World:
    """A stack with three programs, two of them in a group, and three collaborators; each history starts from there."""

    house: House
    drafted: int
    people: Sequence[int]
    start: MotoState
    clock: str = _BEGINS
    visits: dict[int, int] = field(default_factory=dict)
    sales: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def fresh(self) -> Iterator[None]:
        """A fresh organization; the ids of visitors are the same in each."""
        self.house.go_back(self.start)
        self.clock, self.visits, self.sales = _BEGINS, {}, []
        with (
            mock.patch.object(times, "now", side_effect=lambda: self.clock),
            mock.patch("secrets.randbelow", side_effect=itertools.count(1_000_000)),
        ):
            yield

    def play(self, history: Sequence[Step]) -> None:
        for kind, gap, *rest in history:
            self.clock = times.later(self.clock, minutes=gap)
            getattr(self, f"_{kind}")(*rest)
            self._attribute()

    def _visit(self, visitor: int, person: int) -> None:
        self._seen(visitor, self.house.visit(self.people[person], headers=self._known(visitor)))

    def _coupon(self, visitor: int, person: int) -> None:
        body = {"code": _CODES[person]}
        self._seen(visitor, self.house.post("/event/coupon-applied", body, key="events", headers=self._known(visitor)))

    def _sale(self, visitor: int | None, coupons: list[int], lines: list[Any], currency: str) -> None:
        tracking_id = None if visitor is None else self.visits.get(visitor)
        if tracking_id is None and not coupons:
            return
        total = sum(line["amount"] * line.get("quantity", 1) for line in lines)
        body = {"source": "shop", "externalId": f"S-{len(self.sales)}", "total": f"{total:.2f}", "currency": currency}
        body |= {} if tracking_id is None else {"trackingId": tracking_id}
        body |= {"items": lines, "couponCodes": [_CODES[number] for number in coupons]}
        assert self.house.post("/event/sale", body, key="events").status == 200
        self.sales.append(currency)

    def _refund(self, number: int, amount: float | None) -> None:
        if number < len(self.sales):
            body = {"source": "shop", "externalId": f"S-{number}", "currency": self.sales[number]}
            body |= {} if amount is None else {"amount": amount, "refundId": self.clock}
            assert self.house.post("/event/refund", body, key="events").status in (200, 409)

    def _edit(self, number: int, lines: list[Any]) -> None:
        if number < len(self.sales):
            total = sum(line["amount"] * line.get("quantity", 1) for line in lines)
            body = {"source": "shop", "externalId": f"S-{number}", "total": f"{total:.2f}", "items": lines}
            body |= {"changedAt": self.clock, "currency": self.sales[number]}
            answer = self.house.post("/event/sale-changed", body, key="events")
            assert answer.status == 200, answer.text

    def _known(self, visitor: int) -> dict[str, str]:
        return {"X-Siren-OID": str(self.visits[visitor])} if visitor in self.visits else {}

    def _seen(self, visitor: int, answer: Any) -> None:
        assert answer.status == 200, answer.text
        self.visits[visitor] = int(answer.headers["X-Siren-OID"])

    def _attribute(self) -> None:
        self.house.publish()
        for message in self.house.arrived():
            assert message.function != "attribute_sale" or self.house.consume(message)

    def earned(self) -> dict[int, Earned]:
        """The earnings of each sale, by its id."""
        found: dict[int, Earned] = {}
        for listed in (it["listed"] for it in self.house.ledger("conversion")):
            if listed["value"]:
                of_sale = found.setdefault(listed["transactionId"], {})
                of_sale[listed["programId"], listed["collaboratorId"]] = listed["value"]
        return found

    def simulated(self, draft: Mapping[str, Any]) -> Sequence[Played]:
        """The sales played with the draft, which the call sums up; nothing is written."""
        assert self.house.get("/programs").status == 200  # notes the day of the key's use, as any call does
        before = self.house.changes()
        answer = self.house.post(f"/programs/{self.drafted}/simulate", {**draft, "from": _BEGINS})
        assert answer.status == 200, answer.text
        with self.house._environment("simulate_program"):
            stored = programs.get("demo", self.drafted)
            assert stored is not None
            whole = _body(draft).settings(stored["listed"])
            drafted = simulation.draft_of(stored, whole, _BEGINS)
            page = simulation.simulate("demo", drafted, Range(newest_first=False))
        assert self.house.changes() == before
        _require_sums(answer.json, page.played)
        return page.played


def _body(draft: Mapping[str, Any]) -> Any:
    return SimulationBody.model_validate(dict(draft))


def _require_sums(answer: Any, played: Sequence[Played]) -> None:
    compared = [sale for sale in played if sale.left is None]
    sums = {side: Counter[tuple[int, str]]() for side in ("before", "after")}
    for sale in compared:
        for side, total in sums.items():
            for part in getattr(sale, side):
                total[part.collaborator_id, sale.currency] += part.value
    for row in answer["collaborators"]:
        key = row["collaboratorId"], row["currency"]
        assert (row["before"], row["after"]) == (sums["before"][key], sums["after"][key])
        assert row["difference"] == row["after"] - row["before"]
    assert len(answer["collaborators"]) == len({*sums["before"], *sums["after"]})
    assert answer["sales"] == len(compared)
    assert answer["left"] == Counter(sale.left for sale in played if sale.left)


@contextlib.contextmanager
def world() -> Iterator[World]:
    with in_process() as house, mock.patch.object(times, "now", return_value=times.later(_BEGINS, days=-1)):
        first = house.new_program(engagementTypes=_BOTH, expirationDays=30, calculation={"transactionPercent": 10})
        rival = house.new_program(engagementTypes=_BOTH, calculation={"transactionPercent": 20})
        pool = house.new_program(
            engagementTypes=_BOTH, incentiveResolverType="weightedPool", calculation={"transactionPercent": 7}
        )
        group = {"name": "G", "sorter": "newestBindingWins", "programs": [first, rival]}
        assert house.post("/program-groups", group).status == 201
        enrolled = ([first, pool], [first, rival], [rival, pool])
        people = [
            house.new_collaborator(*its, aliases=[{"type": "coupon", "code": code}])
            for its, code in zip(enrolled, _CODES, strict=True)
        ]
        house.publish()
        house.arrived()
        yield World(house, first, people, MotoState.now(REGION))


def _parts(sale: Played, side: str) -> Earned:
    return {(part.program_id, part.collaborator_id): part.value for part in getattr(sale, side)}


def test_a_simulation_is_what_a_replay_with_the_draft_pays() -> None:
    tally = Counter[str]()

    @settings(max_examples=25, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
    @given(_histories, _drafts)
    def compare(history: Sequence[Step], draft: Mapping[str, Any]) -> None:
        with w.fresh():
            w.play(history)
            real, played = w.earned(), w.simulated(draft)
        with w.fresh():
            assert w.house.put(f"/programs/{w.drafted}", draft).status == 200
            w.play(history)
            replayed = w.earned()
        for sale in played:
            tally[sale.left or ("changed" if sale.before != sale.after else "same")] += 1
            if sale.left is None:
                assert _parts(sale, "before") == real.get(sale.transaction_id, {})
                assert _parts(sale, "after") == replayed.get(sale.transaction_id, {})

    with world() as w:
        compare()
    assert tally["changed"] >= 10, tally
