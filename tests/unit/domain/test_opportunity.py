import itertools
from dataclasses import replace

from tests.unit.builders import SALE_AT, at, opportunity, program
from tributary.domain.opportunity import MAX_LIVE, Opportunity


def visited(before: Opportunity, now: str = SALE_AT, collaborator: int = 88, *program_ids: int) -> Opportunity:
    return before.visited(collaborator, [program(it) for it in program_ids or (1,)], "siteVisited", now)


def scores(held: Opportunity) -> list[int]:
    return [engagement.score for engagement in held.engagements]


def test_a_visit_starts_an_engagement_in_each_program_with_its_points():
    programs = [program(1), program(2, triggers={"siteVisited": 5})]

    after = opportunity().visited(88, programs, "siteVisited", at(minutes=1))

    begun = [(it.program_id, it.collaborator_id, it.score, it.created_at) for it in after.engagements]
    assert sorted(begun) == [(1, 88, 100, at(minutes=1)), (2, 88, 5, at(minutes=1))]
    assert after.modified_at == at(minutes=1)


def test_the_same_trigger_within_a_minute_is_a_retry_and_changes_nothing():
    once = visited(opportunity())

    assert visited(once, at(seconds=59.999)) is once
    assert visited(once, at(seconds=-5)) is once


def test_a_minute_later_it_refreshes_the_engagement():
    once = visited(opportunity())

    ((refreshed),) = visited(once, at(seconds=60)).engagements

    assert (refreshed.score, refreshed.created_at, refreshed.modified_at) == (200, SALE_AT, at(seconds=60))
    assert refreshed.id == once.engagements[0].id


def test_a_retry_is_counted_from_the_last_trigger_that_counted():
    thrice = visited(visited(visited(opportunity()), at(seconds=50)), at(seconds=70))

    assert scores(thrice) == [200]


def test_two_collaborators_and_two_triggers_are_no_retries_of_each_other():
    both = visited(visited(opportunity()), at(seconds=1), 89)
    coupon = program(1, triggers={"siteVisited": 100, "couponUsed": 7})

    with_coupon = both.visited(88, [coupon], "couponUsed", at(seconds=2))

    assert scores(both) == [100, 100]
    assert sorted(scores(with_coupon)) == [100, 107]


def test_in_another_epoch_the_same_claim_is_another_engagement():
    ids = {visited(opportunity(epoch=epoch)).engagements[0].id for epoch in range(3)}

    assert len(ids) == 3


def test_an_engagement_has_the_same_id_at_any_start_time():
    assert visited(opportunity()).engagements[0].id == visited(opportunity(), at(days=9)).engagements[0].id


def test_beyond_the_live_limit_the_engagements_seen_longest_ago_are_dropped():
    held = opportunity()
    for number in range(MAX_LIVE):
        held = visited(held, at(seconds=number), number + 1)
    held = visited(held, at(hours=1), 1)  # the first one comes back

    after = visited(held, at(hours=2), 1000)

    kept = {engagement.collaborator_id for engagement in after.engagements}
    assert len(after.engagements) == MAX_LIVE
    assert {1, 1000} <= kept
    assert 2 not in kept
    assert (held.evicted, after.evicted) == (0, 1)


def test_a_visit_of_the_past_that_finds_no_room_is_counted_though_the_engagements_stay():
    full = opportunity()
    for number in range(MAX_LIVE):
        full = visited(full, at(seconds=number), number + 1)

    after = full.reported(1000, [program(1)], "siteVisited", at(days=-9))

    assert after == replace(full, evicted=1)


def test_an_invalid_opportunity_is_not_usable():
    assert opportunity().usable
    assert not opportunity(status="invalid").usable


def test_triggers_counted_once_add_up_in_any_order():
    messages = program(1, triggers={"messageSent": 10})
    for order in itertools.permutations([at(days=-3), at(seconds=1), at(seconds=2)]):
        held = opportunity()
        for moment in order:
            held = held.reported(88, [messages], "messageSent", moment)

        (one,) = held.engagements
        assert (one.score, one.created_at, one.modified_at) == (30, at(days=-3), at(seconds=2))
        assert held.modified_at == at(seconds=2)


def test_a_message_continues_the_engagement_of_a_visit():
    both = program(1, triggers={"siteVisited": 100, "messageSent": 10})
    seen = opportunity().visited(88, [both], "siteVisited", SALE_AT)

    ((one),) = seen.reported(88, [both], "messageSent", at(days=-1)).engagements

    assert (one.id, one.score, one.created_at, one.modified_at) == (seen.engagements[0].id, 110, at(days=-1), SALE_AT)
    assert one.last_seen == {"siteVisited": SALE_AT, "messageSent": at(days=-1)}
