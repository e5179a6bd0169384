"""Closings of hours: what counts where, repeats, two at once, late writers and hours of more than one message."""

from collections.abc import Iterator

import pytest

from tests.integration.organization.statistics import hours
from tests.integration.organization.statistics.hours import BEGIN, Clock, asked, kept, schedule, tick, totals
from tests.stack.exchange import Item, Message
from tests.stack.house import House, in_process
from tests.stack.scenarios.paid import generate, payouts
from tests.stack.scenarios.past import line, sold
from tributary.ledger.statistics import closing

HOUR = BEGIN[:13]


@pytest.fixture
def clock() -> Iterator[Clock]:
    with hours.clock() as made:
        yield made


@pytest.fixture
def house(clock: Clock) -> Iterator[House]:
    with in_process() as house:
        yield house


def sell(house: House, number: int = 1, **settings: object) -> None:
    affiliate = house.new_collaborator(house.new_program(**settings))
    sold(house, house.new_visit(affiliate), line(100), external_id=f"ORD-{number}")


def by_hour(house: House) -> dict[str, Item]:
    """The sums of each hour that is not empty."""
    rows = {row["from"][11:13]: totals([row]) for row in asked(house, by="hour", **{"from": BEGIN})}
    return {hour: sums for hour, sums in rows.items() if sums}


def test_a_later_change_counts_in_its_own_hour_and_leaves_the_earlier_one_as_it_is(house: House, clock: Clock) -> None:
    sell(house)
    clock.passes(hours=1)
    house.refund("ORD-1", refundId="R-1", amount=40)
    house.deliver()
    clock.passes(hours=1)
    generate(house)
    ids = [it["id"] for it in payouts(house)]
    house.post("/payouts/bulk", {"action": "markPaid", "ids": ids})
    house.deliver()
    clock.passes(hours=1)
    house.post("/payouts/bulk", {"action": "markUnpaid", "ids": ids})
    ids = [it["id"] for it in house.get("/transactions").json]
    house.post("/transactions/bulk", {"action": "delete", "ids": ids})
    house.deliver()

    expected = {
        "21": {("sales", "USD"): [1, 10000], ("approvedConversions", "USD"): [1, 1000], ("issued", "USD"): [1, 1000]},
        "22": {
            ("refunded", "USD"): [1, 4000],
            ("approvedConversions", "USD"): [0, -400],
            ("reversed", "USD"): [1, 400],
        },
        "23": {("paid", "USD"): [1, 600]},
        "00": {("paid", "USD"): [-1, -600], ("sales", "USD"): [-1, -10000], ("refunded", "USD"): [-1, -4000]},
    }
    for number in range(5):  # open, as far as it is read from the lists, then closed once and again
        found = by_hour(house)
        assert {hour: expected[hour] for hour in found} == found
        clock.passes(hours=1)
        hours.close(house, schedule(house, clock(), organization="demo", **{"from": BEGIN, "to": clock()}))
        assert number == 0 or by_hour(house) == expected


def test_a_refund_within_the_hour_of_its_sale_counts_beside_the_whole_sale(house: House, clock: Clock) -> None:
    sell(house)
    house.refund("ORD-1")
    house.deliver()
    expected = {("sales", "USD"): [1, 10000], ("refunded", "USD"): [1, 10000], ("rejectedConversions", "USD"): [1, 0]}
    expected |= {("issued", "USD"): [1, 1000], ("reversed", "USD"): [1, 1000]}

    assert totals(asked(house, by="hour", **{"from": BEGIN})) == expected
    clock.passes(hours=1)
    tick(house, clock)
    assert totals(asked(house, by="month", **{"from": BEGIN})) == expected


def test_an_hour_that_has_not_settled_stays_open(house: House, clock: Clock) -> None:
    sell(house)
    clock.now = "2026-03-31T22:14:00.000Z"

    hours.close(house, schedule(house, clock()))
    assert f"hour#{HOUR}" not in kept(house)
    hours.close(house, schedule(house, "2026-03-31T22:20:00Z"))
    assert f"hour#{HOUR}" not in kept(house), "its clock is behind that of the schedule"

    clock.now = "2026-03-31T22:20:00.000Z"
    tick(house, clock)
    assert kept(house)[f"hour#{HOUR}"]["sums"]["sales"] == {"USD": [1, 10000]}


def test_the_schedule_asks_for_the_hour_that_settled_and_the_one_a_day_before(house: House) -> None:
    found = schedule(house, "2026-04-02T00:20:00Z")

    assert [it.body.partition('"hour": ')[2] for it in found] == ['"2026-04-01T23"}}', '"2026-03-31T23"}}']


def test_a_closing_is_repeated_without_a_trace(house: House, clock: Clock) -> None:
    sell(house)
    clock.passes(hours=1)
    messages = schedule(house, clock())
    hours.close(house, messages)
    before = kept(house)

    hours.close(house, [*messages, *messages])

    assert kept(house) == before
    assert before["day#2026-03-31"]["sums"] == before["month#2026-03"]["sums"] == before[f"hour#{HOUR}"]["sums"]


def test_of_two_closings_at_once_the_last_begun_holds(house: House, clock: Clock) -> None:
    """A record of the hour becomes visible late, to the second closing only, which is done first."""
    sell(house)
    clock.passes(hours=1)
    first, *_ = schedule(house, clock())

    def second() -> None:
        moment = clock.now
        clock.now = "2026-03-31T21:59:59.000Z"
        sell(house, 2)
        clock.now = moment
        clock.passes(seconds=1)
        hours.close(house, [Message("close_hours", first.body)])

    with house.meanwhile("PutItem", second):
        hours.close(house, [first])

    for span in (f"hour#{HOUR}", "day#2026-03-31", "month#2026-03"):
        assert kept(house)[span]["sums"]["sales"] == {"USD": [2, 20000]}, span


@pytest.mark.parametrize("after", [1, 2])
def test_two_hours_of_one_day_closed_at_once_are_both_in_the_day_and_month(
    house: House, clock: Clock, after: int
) -> None:
    sell(house)
    clock.passes(hours=1)
    sell(house, 2)
    clock.passes(hours=1)
    past = schedule(house, clock(), organization="demo", **{"from": BEGIN, "to": clock()})[:2]

    with house.meanwhile("PutItem", lambda: hours.close(house, past[1:]), after):
        hours.close(house, past[:1])

    assert kept(house)["day#2026-03-31"]["sums"] == kept(house)["month#2026-03"]["sums"]
    assert kept(house)["day#2026-03-31"]["sums"]["sales"] == {"USD": [2, 20000]}


def test_an_hour_of_more_records_than_a_message_reads_goes_on_in_the_next(
    house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        sell(house, number)
    clock.passes(hours=1)
    first, *_ = schedule(house, clock())
    hours.close(house, [first])
    whole = kept(house)
    monkeypatch.setattr(closing, "MOST_RECORDS", 2)
    monkeypatch.setattr(closing, "_CHUNK", 2)
    clock.passes(hours=1)

    parts = [first]
    while left := parts[-1:]:
        assert house.consume(left[0])
        onward = hours.waiting(house)
        assert house.consume(left[0]), "a repeat leads to the same"
        hours.waiting(house)
        if not onward:
            break
        parts += onward

    # Twelve records: two or three a message, as they fall into the shards of their lists by ids drawn at random.
    assert 4 <= len(parts) <= 7
    assert kept(house) == whole


def test_a_closing_reads_each_record_of_the_hour_once(house: House, clock: Clock) -> None:
    """One Query per list and shard, whatever was before or after, and two or three for day and month."""
    sell(house)
    clock.passes(hours=1)
    sell(house, 2)
    clock.passes(hours=1)
    first = schedule(house, "2026-03-31T22:20:00Z")[0]

    with house.requests_made() as made:
        hours.close(house, [first])

    assert made.counts == {"Query": 6 * 4 + 2, "GetItem": 2, "PutItem": 3}


def test_a_sale_and_its_reward_leave_no_movement(house: House) -> None:
    sell(house)

    assert house.ledger("movement") == house.ledger("statistics") == []


def test_changes_that_the_relay_reads_again_move_once(house: House, clock: Clock) -> None:
    since = len(hours.stream())
    sell(house)
    for number in range(2):
        house.refund("ORD-1", refundId=f"R-{number}", amount=20)
        house.deliver()
    before = house.ledger("movement"), house.ledger("vanished")

    house.relay(hours.stream()[since:])

    assert (house.ledger("movement"), house.ledger("vanished")) == before
    assert len(before[0]) == 2 * 3, "of the sale, its conversion and its obligation, each refund"


def test_changes_before_movements_were_kept_count_in_the_hour_of_the_record(house: House, clock: Clock) -> None:
    """The first deployment: of an earlier sale only what it is now is known."""
    sell(house)
    house.refund("ORD-1", refundId="R-1", amount=40)
    house._published = len(hours.stream())
    clock.passes(hours=1)
    tick(house, clock)

    found = kept(house)[f"hour#{HOUR}"]["sums"]
    assert (found["sales"], found["refunded"]) == ({"USD": [1, 10000]}, {"USD": [1, 4000]})


def test_a_change_that_is_republished_after_a_newer_one_counts_once(house: House, clock: Clock) -> None:
    """The relay had given it up, so the newer one kept what it led to."""
    sell(house)
    since = len(hours.stream())
    house.refund("ORD-1", refundId="R-0", amount=20)
    late = hours.stream()[since:]
    house._published = len(hours.stream())
    house.refund("ORD-1", refundId="R-1", amount=20)
    house.deliver()

    house.relay(late)
    house.deliver()
    clock.passes(hours=1)
    tick(house, clock)

    assert totals(asked(house, by="hour", **{"from": BEGIN}))["refunded", "USD"][1] == 4000
