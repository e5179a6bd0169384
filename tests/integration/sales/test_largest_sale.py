"""The largest sale, end to end: a thousand items, ninety candidates, three hundred visits."""

import pytest

from local.seed import ORGANIZATION
from tests.stack.house import House
from tests.stack.scenarios.past import MARCH, owed, sold, visited
from tributary.domain import times
from tributary.domain.opportunity import MAX_LIVE, Opportunity
from tributary.domain.program import Program
from tributary.ledger.opportunities import opportunities
from tributary.ledger.programs import collaborators, programs
from tributary.ledger.store import table
from tributary.ledger.store.values import size

#: Of three hundred engagements.
EVICTED = 300 - MAX_LIVE


def crowd(house: House, program: int, count: int) -> list[int]:
    """Copies of the demo collaborator, enrolled in one program."""
    (demo,) = (it for it in house.ledger("collaborator") if it["listed"]["id"] == house.collaborator_id)
    with house._environment("manage_collaborators"):
        for number in range(5000, 5000 + count):
            listed = demo["listed"] | {"id": number, "programs": [program], "aliases": [], "email": None}
            table.put_new(demo | {"pk": collaborators.pk(ORGANIZATION, number), "listed": listed})
    return list(range(5000, 5000 + count))


def brought_by(house: House, program: int, crowd: list[int]) -> int:
    """A visitor brought by all of them, one second apart, written directly."""
    with house._environment("report_visit"):
        rule: Program = programs.now_current(ORGANIZATION).programs[program]
        seen = Opportunity(4711, ORGANIZATION, MARCH, MARCH)
        for place, sharer in enumerate(crowd):
            seen = seen.visited(sharer, [rule], "siteVisited", times.later(MARCH, seconds=place))
        opportunities.save(None, seen, None)
    return seen.id


@pytest.mark.slow
def test_a_thousand_items_with_ninety_candidates_are_attributed_and_explained(house: House):
    program = house.new_program(
        incentiveResolverType="weightedPool", poolRemainder="largest", calculation={"autoApprove": False}
    )
    visitor = brought_by(house, program, crowd(house, program, MAX_LIVE))
    items = [{"amount": 99.99, "name": f"Item {n}", "type": "product" if n % 2 else "donation"} for n in range(1000)]

    sold(house, visitor, *items, occurredAt="2025-03-11T00:00:00Z")
    (transaction,) = house.get("/transactions", key="reader").json
    answer = house.get(f"/transactions/{transaction['id']}/attribution", key="reader")

    assert (len(owed(house)), sum(owed(house).values())) == (MAX_LIVE, 500 * 9999 // 10)
    assert size(house.decision()) < 400_000
    assert (answer.status, len(answer.json["candidates"])) == (200, MAX_LIVE)
    assert len(answer.text.encode()) < 1_000_000


def test_an_opportunity_keeps_the_ninety_latest_of_three_hundred_visits_for_a_sale(house: House):
    program = house.new_program()
    everybody = crowd(house, program, 300)
    visitor = brought_by(house, program, everybody[:297])
    for minute, sharer in enumerate(everybody[297:]):
        assert visited(house, sharer, f"2025-03-10T13:{minute:02}:00.000Z", visitor) == visitor

    (header,) = (it for it in house.ledger("opportunity") if it["listed"]["id"] == visitor)
    sold(house, visitor, {"amount": 100}, occurredAt="2025-03-11T00:00:00Z")

    (transaction,) = house.get("/transactions", key="reader").json
    shown = house.get(f"/transactions/{transaction['id']}/attribution", key="reader").json
    (obligation,) = house.get("/obligations", key="reader").json

    assert (header["evicted"], shown["evicted"]) == (EVICTED, EVICTED)
    assert shown["summary"].endswith(f"{EVICTED} engagements seen longest ago had given way by then.")
    assert house.get(f"/obligations/{obligation['id']}/explanation", key="reader").json["evicted"] == EVICTED
    assert sorted(held["collaborator_id"] for held in header["engagements"]) == everybody[-MAX_LIVE:]
    assert owed(house) == {everybody[-1]: 1000}
    states = [it["listed"]["status"] for it in house.ledger("engagement") if it["listed"]["opportunityId"] == visitor]
    assert (states.count("complete"), states.count("invalid")) == (MAX_LIVE, 3)


def test_engagements_that_gave_way_are_counted_for_one_sale_and_not_for_the_next(house: House):
    visitor = brought_by(house, house.new_program(), crowd(house, house.program_id, MAX_LIVE + 1))
    sold(house, visitor, {"amount": 100}, occurredAt="2025-03-11T00:00:00Z")
    again = visited(house, 5000, "2025-03-12T00:00:00.000Z", visitor)
    sold(house, again, {"amount": 100}, external_id="ORD-2", occurredAt="2025-03-13T00:00:00Z")

    asked = [house.get(f"/transactions/{it['id']}/attribution", key="reader") for it in house.get("/transactions").json]

    assert sorted(it.json["evicted"] for it in asked) == [0, 1]
