import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.builders import BEFORE, LATER, catalogue, engagement, everybody, opportunity, program, transaction
from tributary.domain import resolver
from tributary.domain.attribution import decide
from tributary.domain.opportunity import Engagement
from tributary.domain.program import RESOLVERS, SORTERS
from tributary.domain.transaction import Line

EARLY = engagement(number=1, created_at=BEFORE, modified_at=BEFORE, score=100)
BUSY = engagement(number=2, created_at=LATER, modified_at=LATER, score=300)
LAST_SEEN = engagement(number=3, created_at=BEFORE, modified_at="2025-03-03T09:00:00.000Z", score=200)


@pytest.mark.parametrize(
    ("name", "winner"),
    [("newestBindingWins", LAST_SEEN), ("oldestBindingWins", EARLY), ("topScoreWins", BUSY)],
)
def test_each_single_winner_resolver_gives_the_winner_the_whole_reward(name: str, winner: object):
    for rivals in itertools.permutations([EARLY, BUSY, LAST_SEEN]):
        assert resolver.winners(program(resolver=name), rivals) == [(winner, 1)]


@pytest.mark.parametrize("name", ["newestBindingWins", "oldestBindingWins", "topScoreWins"])
def test_a_tie_goes_to_the_earlier_engagement(name: str):
    first = engagement(number=9, created_at=BEFORE, modified_at=LATER)
    second = engagement(number=4, created_at=LATER, modified_at=LATER)

    assert resolver.winners(program(resolver=name), [second, first]) == [(first, 1)]


@pytest.mark.parametrize("name", ["newestBindingWins", "oldestBindingWins", "topScoreWins"])
def test_a_tie_at_the_same_time_goes_to_the_lower_id(name: str):
    lower, higher = engagement(number=4), engagement(number=9)

    assert resolver.winners(program(resolver=name), [higher, lower]) == [(lower, 1)]


@pytest.mark.parametrize(("name", "weights"), [("sharedPool", [1, 1]), ("weightedPool", [100, 300])])
def test_a_pool_is_shared_by_engagements_with_a_score(name: str, weights: list[int]):
    without = engagement(score=0)

    shared = resolver.winners(program(resolver=name), [BUSY, without, EARLY])

    assert shared == [(EARLY, weights[0]), (BUSY, weights[1])]
    assert resolver.winners(program(resolver=name), [without]) == []


@pytest.mark.parametrize(("sorter", "kept"), [("newestBindingWins", LAST_SEEN), ("oldestBindingWins", EARLY)])
def test_a_group_is_sorted_by_the_time_of_its_visits(sorter: str, kept: object):
    assert resolver.preferred(sorter, [BUSY, LAST_SEEN, EARLY]) == kept


moments = st.sampled_from([BEFORE, LATER, "2025-03-03T09:00:00.000Z"])


@st.composite
def some_engagement(draw: st.DrawFn) -> Engagement:
    created, modified = sorted([draw(moments), draw(moments)])
    return engagement(
        number=draw(st.integers(1, 10**6)),
        program_id=draw(st.integers(1, 4)),
        score=draw(st.integers(0, 500)),
        created_at=created,
        modified_at=modified,
    )


rivals = st.lists(some_engagement(), unique_by=lambda held: held.id, min_size=1, max_size=12)


@given(rivals=rivals, names=st.tuples(*[st.sampled_from(RESOLVERS)] * 4), data=st.data())
def test_the_order_of_candidates_and_programs_does_not_matter(rivals: list, names: tuple, data: st.DataObject):
    programs = [program(number=n, resolver=names[n - 1], group_id=n % 2 or None) for n in range(1, 5)]
    sorters = {1: data.draw(st.sampled_from(SORTERS))}
    lines, present = transaction(Line("Book", 9999)), everybody(rivals)

    decided = decide(lines, opportunity(*rivals), catalogue(*programs, sorters=sorters), present)
    shuffled = data.draw(st.permutations(rivals)), data.draw(st.permutations(programs))
    again = decide(lines, opportunity(*shuffled[0]), catalogue(*shuffled[1], sorters=sorters), present)

    assert decided == again
    assert len(decided.candidates) == len(rivals)
    assert all(sum(award.value for award in decided.awards if award.program == each) <= 1000 for each in programs)
