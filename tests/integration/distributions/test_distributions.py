"""The way from sales and scores to what a distributor's collaborators are owed, through the real functions."""

import pytest

from local.seed import ORGANIZATION
from tests.stack.house import House
from tests.stack.scenarios.paid import balances, generate, payouts, require_agreement
from tests.stack.scenarios.past import line
from tests.stack.scenarios.pools import (
    EARLIER,
    LAST,
    OPEN,
    allocated,
    before,
    close,
    distribution,
    entries,
    months,
    named,
    new_distributor,
    score,
    scored,
    sell,
    tenth,
)
from tributary.domain import times
from tributary.ledger.distributions import distributors

IN_LAST, MONTH = tenth(LAST), named(LAST)


@pytest.fixture
def authors(house: House) -> list[int]:
    return [house.new_collaborator() for _ in range(3)]


def sold_month(house: House, authors: list[int], **settings: object) -> int:
    """A month in which 300.00 were sold and two authors scored, not closed yet."""
    number = new_distributor(house, *authors, since=LAST.start, **settings)
    sell(house, "ORD-1", 100, IN_LAST)
    sell(house, "ORD-2", 200, IN_LAST)
    house.deliver()
    scored(house, number, {authors[0]: 1, authors[1]: 2}, IN_LAST)
    return number


def test_a_month_of_sales_is_shared_by_score_and_owed(house: House, authors: list[int]):
    anna, ben, _ = authors
    number = sold_month(house, authors)

    close(house)

    closed = distribution(house, MONTH)
    assert (closed["status"], closed["distributorId"], closed["currency"]) == ("complete", number, "USD")
    assert (closed["sales"], closed["grossRevenue"], closed["revenue"]) == (2, 30000, 30000)
    assert (closed["revenuePercentage"], closed["pool"], closed["allocated"]) == ("10", 3000, 3000)
    assert (closed["periodStart"], closed["periodEnd"]) == (LAST.start, LAST.end)
    assert [(it["collaboratorId"], it["score"], it["value"]) for it in closed["allocations"]] == [
        (anna, 1, 1000),
        (ben, 2, 2000),
    ]
    assert balances(house) == {anna: 1000, ben: 2000}
    owed = house.get(f"/obligations/{closed['allocations'][0]['obligationId']}").json
    assert (owed["awardType"], owed["status"], owed["value"]) == ("distribution", "pending", 1000)


def test_a_repeated_night_changes_nothing(house: House, authors: list[int]):
    sold_month(house, authors)
    night = close(house)
    before = house.changes()

    for message in night:
        assert house.consume(message)
    close(house)

    assert house.changes() == before
    assert house.changes_of_repeats() == 0


def test_the_open_month_is_not_closed(house: House, authors: list[int]):
    number = new_distributor(house, *authors, since=LAST.start)
    sell(house, "ORD-1", 100, OPEN.start)
    house.deliver()
    assert score(house, number, authors[0], 5, OPEN.start).status == 201

    close(house)

    assert months(house) == [MONTH]
    assert distribution(house, MONTH)["allocated"] == 0
    assert entries(house) == [(named(OPEN), 10000, 10000)]


def test_each_missed_month_is_closed_once_and_by_its_own_sales(house: House, authors: list[int]):
    number = new_distributor(house, *authors, since=before(EARLIER).start)
    for name, month, points in [("ORD-1", before(EARLIER), 1), ("ORD-2", EARLIER, 3)]:
        sell(house, name, 100, tenth(month))
        scored(house, number, {authors[0]: points}, tenth(month))
    house.deliver()

    close(house)

    first, second, third = [named(it) for it in (before(EARLIER), EARLIER, LAST)]
    assert months(house) == [first, second, third]
    assert allocated(house, first) == allocated(house, second) == {authors[0]: 1000}
    assert allocated(house, third) == {}


@pytest.mark.parametrize("late", [False, True], ids=["before the close", "after the close"])
@pytest.mark.parametrize(
    ("refund", "left"),
    [({"refundId": "R-1", "amount": 40}, 26000), ({}, 20000)],
    ids=["a part", "the whole"],
)
def test_a_refund_lowers_the_shares_before_and_after_the_close(house, authors, refund, left, late):
    sold_month(house, authors)
    if late:
        close(house)

    house.refund("ORD-1", **refund)
    house.deliver()
    close(house)

    assert distribution(house, MONTH)["revenue"] == left
    assert allocated(house, MONTH) == {authors[0]: left // 30, authors[1]: left * 2 // 30}
    assert balances(house) == allocated(house, MONTH)
    assert house.changes_of_repeats() == 0


def test_a_sale_reported_late_raises_the_shares_of_its_own_month(house: House, authors: list[int]):
    sold_month(house, authors)
    close(house)

    sell(house, "ORD-3", 30, IN_LAST)
    house.deliver()

    assert distribution(house, MONTH)["revenue"] == 33000
    assert balances(house) == {authors[0]: 1100, authors[1]: 2200}


def test_everything_given_back_leaves_nothing_owed(house: House, authors: list[int]):
    sold_month(house, authors)
    close(house)

    for name in ("ORD-1", "ORD-2"):
        house.refund(name)
    house.deliver()

    assert distribution(house, MONTH)["allocated"] == 0
    assert house.owed() == [("rejected", 0), ("rejected", 0)]


def test_a_refund_after_the_payout_is_kept_back_and_its_withdrawal_brings_it_back(house: House, authors: list[int]):
    anna, ben, _ = authors
    sold_month(house, authors)
    close(house)
    generate(house)
    assert sorted(it["value"] for it in payouts(house)) == [1000, 2000]

    house.refund("ORD-2", refundId="R-1", amount=150)
    house.deliver()
    assert balances(house) == {anna: 500, ben: 1000}
    require_agreement(house)

    house.post("/event/refund-withdrawn", {"source": "shopify", "externalId": "ORD-2", "refundId": "R-1"})
    house.deliver()
    assert balances(house) == {anna: 1000, ben: 2000}
    assert len([it for it in house.owed() if it[0] == "pending"]) == 4
    assert house.changes_of_repeats() == 0


def test_without_clawback_what_was_paid_stays(house: House, authors: list[int]):
    sold_month(house, authors, clawback="none")
    close(house)
    generate(house)

    house.refund("ORD-2")
    house.deliver()

    assert allocated(house, MONTH) == {authors[0]: 333, authors[1]: 666}
    assert balances(house) == {authors[0]: 1000, authors[1]: 2000}


@pytest.mark.parametrize("clawback", ["carryForward", "none"])
@pytest.mark.parametrize(("back", "left"), [(150, 15000), (200, 10000)])
def test_a_failed_payout_releases_at_the_share_of_now(house, authors, clawback, back, left):
    sold_month(house, authors, clawback=clawback)
    close(house)
    generate(house)
    house.refund("ORD-2", refundId="R-1", amount=back)
    house.deliver()

    rows = [{"payoutId": it["id"], "status": "failed"} for it in payouts(house)]
    assert house.post("/payouts/results", {"rows": rows}).json["affected"] == 2
    house.deliver()

    assert balances(house) == {authors[0]: left // 30, authors[1]: left * 2 // 30}
    require_agreement(house)
    assert house.changes_of_repeats() == 0


def test_a_share_that_changes_while_its_payout_is_released_is_released_at_its_new_value(house, authors):
    sold_month(house, authors, clawback="none")
    close(house)
    generate(house)
    rows = [{"payoutId": it["id"], "status": "failed"} for it in payouts(house)]
    house.post("/payouts/results", {"rows": rows})
    house.publish()
    released = house.arrived()

    def refund() -> None:
        house.refund("ORD-2", refundId="R-1", amount=150)
        house.deliver()

    with house.meanwhile("TransactWriteItems", refund):
        for message in released:
            assert house.consume(message)
    house.deliver()

    assert balances(house) == {authors[0]: 500, authors[1]: 1000}
    assert house.changes_of_repeats() == 0


def test_a_sale_that_is_entered_while_its_month_is_closed_is_in_it(house: House, authors: list[int]):
    sold_month(house, authors)

    def late() -> None:
        sell(house, "ORD-3", 30, IN_LAST)
        house.deliver()

    with house.meanwhile("UpdateItem", late):
        close(house)

    assert distribution(house, MONTH)["revenue"] == 33000
    assert balances(house) == {authors[0]: 1100, authors[1]: 2200}
    assert house.changes_of_repeats() == 0


def test_a_month_is_closed_by_the_settings_of_its_end(house: House, authors: list[int]):
    number = sold_month(house, authors)
    later = {"revenuePercentage": 50, "resolver": "sharedPool", "transactionCompilers": []}
    assert house.put(f"/distributors/{number}", later).status == 200

    close(house)

    assert allocated(house, MONTH) == {authors[0]: 1000, authors[1]: 2000}


def test_a_change_within_the_month_holds_for_all_of_it(house: House, authors: list[int]):
    number = new_distributor(house, *authors, since=LAST.start, transactionCompilers=[])
    items = [line(100), line(50, type="shipping")]
    sell(house, "ORD-1", 150, IN_LAST, items=items)
    house.deliver()
    scored(house, number, {authors[0]: 1}, IN_LAST)
    with house._environment("manage_distributors"):
        stored = distributors.get(ORGANIZATION, number)
        assert stored is not None
        changed = {"transactionCompilers": ["includeLineItems", "includeShipping"]}
        distributors.change(stored, changed, times.later(IN_LAST, days=10))

    close(house)

    assert distribution(house, MONTH)["revenue"] == 15000
    assert balances(house) == {authors[0]: 1500}
    assert house.changes_of_repeats() == 0


def test_an_inactive_distributor_closes_once_it_is_active_again(house: House, authors: list[int]):
    number = sold_month(house, authors)
    house.put(f"/distributors/{number}", {"status": "inactive"})
    close(house)
    assert months(house) == []

    house.put(f"/distributors/{number}", {"status": "active"})
    close(house)

    assert allocated(house, MONTH) == {authors[0]: 1000, authors[1]: 2000}


def test_a_deleted_distributor_closes_no_more_but_its_months_follow_their_sales(house: House, authors: list[int]):
    number = sold_month(house, authors)
    close(house)
    for status in (200, 204):
        assert house.delete(f"/distributors/{number}").status == status

    sell(house, "ORD-3", 500)
    house.refund("ORD-2")
    house.deliver()
    close(house)

    assert months(house) == [MONTH]
    assert balances(house) == {authors[0]: 333, authors[1]: 666}
    assert entries(house) == [(MONTH, 10000, 10000), (MONTH, 20000, 0)]


def test_a_collaborator_who_is_not_active_at_the_close_earns_nothing(house: House, authors: list[int]):
    sold_month(house, authors)
    house.put(f"/collaborators/{authors[1]}", {"status": "inactive"})

    close(house)

    assert [(it["value"], it["obligationId"] is None) for it in distribution(house, MONTH)["allocations"]] == [
        (3000, False),
        (0, True),
    ]
    assert balances(house) == {authors[0]: 3000}


def test_a_sale_in_another_currency_is_in_no_pool(house: House, authors: list[int]):
    new_distributor(house, *authors, since=LAST.start)
    sell(house, "ORD-1", 100, IN_LAST, currency="EUR")
    house.deliver()

    assert house.ledger("pool-entry") == []


def test_a_sale_of_before_the_distributor_is_in_no_pool_even_once_refunded(house: House, authors: list[int]):
    new_distributor(house, *authors, since=times.later(IN_LAST, days=10))
    sell(house, "ORD-1", 100, IN_LAST)
    house.refund("ORD-1", refundId="R-1", amount=10)
    house.deliver()

    assert house.ledger("pool-entry") == []


def test_an_obligation_of_a_distribution_and_its_adjustment_explain_themselves(house: House, authors: list[int]):
    sold_month(house, authors)
    close(house)
    generate(house)
    house.refund("ORD-2", refundId="R-1", amount=150)
    house.deliver()
    owed = distribution(house, MONTH)["allocations"][0]["obligationId"]

    told = house.get(f"/obligations/{owed}/explanation").json
    (adjusting,) = [it["listed"]["id"] for it in house.ledger("obligation") if it["listed"].get("adjusts") == owed]
    adjusted = house.get(f"/obligations/{adjusting}/explanation").json

    assert (told["candidate"], told["adjusted"], told["review"]) == (None, -500, False)
    assert told["explanation"].splitlines()[:3] == [
        f"Distribution {distribution(house, MONTH)['id']} of {LAST.name} to {OPEN.name}: 2 sales, revenue 150.00 USD, "
        "before refunds 300.00 USD",
        "Pool: 10 % of it = 15.00 USD (half up)",
        "Share: 1 of 3 by a score of 1 = 5.00 USD",
    ]
    assert f"Adjustment of obligation {owed}: -5.00 USD" in adjusted["explanation"]
    assert adjusted["adjusts"] == owed


def test_an_obligation_of_a_distribution_cannot_be_revalued_by_hand(house: House, authors: list[int]):
    sold_month(house, authors)
    close(house)
    owed = distribution(house, MONTH)["allocations"][0]["obligationId"]

    refused = house.put(f"/obligations/{owed}", {"value": 5})

    assert (refused.status, refused.error["context"]) == (409, {"reason": "follows_distribution"})


def test_a_rejection_by_hand_stays_until_it_is_taken_back_at_the_share_of_then(house: House, authors: list[int]):
    sold_month(house, authors)
    close(house)
    owed = distribution(house, MONTH)["allocations"][0]["obligationId"]
    house.post("/obligations/bulk", {"action": "reject", "ids": [owed]})
    house.refund("ORD-2")
    house.deliver()
    assert house.get(f"/obligations/{owed}").json["status"] == "rejected"

    house.post("/obligations/bulk", {"action": "markPending", "ids": [owed]})

    told = house.get(f"/obligations/{owed}").json
    assert (told["status"], told["value"]) == ("pending", 333)


def test_a_payment_elsewhere_taken_back_reverses_its_adjustments(house: House, authors: list[int]):
    sold_month(house, authors)
    close(house)
    owed = distribution(house, MONTH)["allocations"][0]["obligationId"]
    house.post("/obligations/bulk", {"action": "markComplete", "ids": [owed]})
    house.refund("ORD-2")
    house.deliver()
    assert balances(house) == {authors[0]: 333, authors[1]: 666}

    house.post("/obligations/bulk", {"action": "markPending", "ids": [owed]})

    assert balances(house) == {authors[0]: 333, authors[1]: 666}
