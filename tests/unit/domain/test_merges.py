from dataclasses import replace

from tests.unit.builders import BEFORE, LATER, SALE_AT, engagement, opportunity
from tributary.domain.opportunity import MAX_LIVE, Opportunity

USERS = Opportunity(1, "acme", BEFORE, BEFORE, user_id="u-1")


def test_a_merge_keeps_the_engagements_of_both_opportunities():
    mine, theirs = engagement(collaborator_id=88), engagement(collaborator_id=89, score=300)

    merged = replace(USERS, engagements=(mine,)).merged(opportunity(theirs), SALE_AT)

    assert {(held.collaborator_id, held.score) for held in merged.engagements} == {(88, 100), (89, 300)}
    assert (merged.id, merged.user_id, merged.modified_at) == (1, "u-1", SALE_AT)


def test_a_merged_engagement_is_identified_by_its_new_opportunity():
    theirs = engagement(collaborator_id=89)

    (taken,) = USERS.merged(opportunity(theirs), SALE_AT).engagements

    assert taken.id not in (theirs.id, replace(USERS, epoch=1).merged(opportunity(theirs), SALE_AT).engagements[0].id)


def test_one_collaborators_two_engagements_become_one():
    mine = engagement(collaborator_id=88, created_at=LATER, modified_at=LATER, last_seen={"siteVisited": LATER})
    theirs = engagement(
        collaborator_id=88, score=50, last_seen={"siteVisited": BEFORE, "couponUsed": BEFORE}, modified_at=SALE_AT
    )

    (one,) = replace(USERS, engagements=(mine,)).merged(opportunity(theirs), SALE_AT).engagements

    assert (one.id, one.score, one.created_at, one.modified_at) == (mine.id, 150, BEFORE, SALE_AT)
    assert one.last_seen == {"siteVisited": LATER, "couponUsed": BEFORE}


def test_beyond_the_limit_the_engagements_seen_longest_ago_are_dropped():
    mine = tuple(engagement(modified_at=LATER) for _ in range(MAX_LIVE))
    theirs = [engagement(modified_at=BEFORE), *(engagement(modified_at=SALE_AT) for _ in range(3))]

    merged = replace(USERS, engagements=mine).merged(opportunity(*theirs), SALE_AT)

    assert [held.modified_at for held in merged.engagements].count(SALE_AT) == 3
    assert (len(merged.engagements), any(held.modified_at == BEFORE for held in merged.engagements)) == (90, False)
    assert merged.evicted == 4


def test_engagements_that_gave_way_at_either_are_counted_together():
    merged = replace(USERS, evicted=2).merged(opportunity(engagement(), evicted=3), SALE_AT)

    assert merged.evicted == 5


def test_paid_leads_of_both_are_remembered_by_their_latest_date():
    mine = replace(USERS, leads={"1#lead": LATER})
    theirs = opportunity(leads={"1#lead": BEFORE, "2#trial": BEFORE})

    assert mine.merged(theirs, SALE_AT).leads == {"1#lead": LATER, "2#trial": BEFORE}
