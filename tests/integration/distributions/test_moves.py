"""Moves of amended sales between periods, faults and races of a close, and the requests of it all."""

from typing import Any

import pytest

from tests.stack.exchange import Item, Message
from tests.stack.house import House
from tests.stack.scenarios.affiliate_shop import BASE, PATH, made
from tests.stack.scenarios.pools import (
    EARLIER,
    LAST,
    NIGHT,
    allocated,
    close,
    entries,
    named,
    new_distributor,
    scored,
    sell,
    sent_by_the_night,
    tenth,
)

IN_EARLIER, IN_LAST = tenth(EARLIER), tenth(LAST)


@pytest.fixture
def anna(house: House) -> int:
    person = house.new_collaborator()
    number = new_distributor(house, person, since=EARLIER.start)
    for moment in (IN_EARLIER, IN_LAST):
        scored(house, number, {person: 1}, moment)
    return person


def amended(house: House, sale: Any, **members: Any) -> None:
    assert house.call("PATCH", f"{PATH}/{sale['id']}", members, base=BASE).status == 200
    house.deliver()


def reported(house: House, when: str) -> Item:
    sale = made(house, total=10000, occurred_at=when)
    house.deliver()
    return dict(sale)


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_a_sale_whose_moment_is_amended_moves_to_the_period_of_then(house: House, anna: int, closed: bool):
    sale = reported(house, IN_EARLIER)
    if closed:
        close(house)
        assert (allocated(house, named(EARLIER)), allocated(house, named(LAST))) == ({anna: 1000}, {anna: 0})

    amended(house, sale, occurred_at=IN_LAST)
    close(house)

    assert entries(house) == [(named(LAST), 10000, 10000)]
    assert (allocated(house, named(EARLIER)), allocated(house, named(LAST))) == ({anna: 0}, {anna: 1000})
    assert house.changes_of_repeats() == 0


def test_a_sale_that_moves_there_and_back_is_where_it_was(house: House, anna: int):
    sale = reported(house, IN_EARLIER)
    close(house)

    amended(house, sale, occurred_at=IN_LAST)
    amended(house, sale, occurred_at=IN_EARLIER)

    assert (allocated(house, named(EARLIER)), allocated(house, named(LAST))) == ({anna: 1000}, {anna: 0})
    assert house.changes_of_repeats() == 0


def test_an_event_of_before_the_move_that_comes_late_brings_nothing_back(house: House, anna: int):
    sale = made(house, total=10000, occurred_at=IN_EARLIER)
    house.publish()
    (late,) = [it for it in house.arrived() if it.function == "share_revenue"]
    amended(house, sale, occurred_at=IN_LAST)

    assert house.consume(late)

    assert entries(house) == [(named(LAST), 10000, 10000)]


def test_a_consumer_overtaken_by_a_move_writes_nothing(house: House, anna: int):
    sale = made(house, total=10000, occurred_at=IN_EARLIER)
    house.publish()
    (slow,) = [it for it in house.arrived() if it.function == "share_revenue"]

    with house.meanwhile("TransactWriteItems", lambda: amended(house, sale, occurred_at=IN_LAST)):
        assert house.consume(slow)

    assert entries(house) == [(named(LAST), 10000, 10000)]


def test_a_sale_whose_currency_is_amended_leaves_the_pool_and_may_come_back(house: House, anna: int):
    sale = reported(house, IN_EARLIER)
    close(house)

    amended(house, sale, currency="EUR")
    assert allocated(house, named(EARLIER)) == {anna: 0}
    amended(house, sale, currency="USD")

    assert allocated(house, named(EARLIER)) == {anna: 1000}


def test_a_sale_amended_to_before_the_distributor_leaves_it(house: House, anna: int):
    sale = reported(house, IN_EARLIER)
    close(house)

    amended(house, sale, occurred_at="2026-08-31T12:00:00Z")

    assert (entries(house), allocated(house, named(EARLIER))) == ([], {anna: 0})


# faults


@pytest.mark.parametrize("operation", ["PutItem", "UpdateItem", "TransactWriteItems"])
def test_a_close_that_stops_at_a_write_goes_on_at_its_next_try(house: House, anna: int, operation: str):
    sell(house, "ORD-1", 100, IN_EARLIER)
    house.deliver()

    def stop() -> None:
        raise ConnectionError

    assert house.consume(Message("close_periods", NIGHT))
    for message in sent_by_the_night(house):
        assert house.consume(message)
    (own,) = sent_by_the_night(house)
    with house.meanwhile(operation, stop):
        assert not house.consume(own)
    assert house.consume(own)
    house.deliver()

    assert (allocated(house, named(EARLIER)), allocated(house, named(LAST))) == ({anna: 1000}, {anna: 0})
    assert house.owed() == [("pending", 1000), ("rejected", 0)]
    assert house.changes_of_repeats() == 0


def test_a_sale_entered_just_as_its_period_is_closed_is_in_it(house: House, anna: int):
    sell(house, "ORD-1", 100, IN_EARLIER)
    house.publish()
    (slow,) = [it for it in house.arrived() if it.function == "share_revenue"]

    with house.meanwhile("TransactWriteItems", lambda: close(house)):
        assert house.consume(slow)
    house.deliver()

    assert allocated(house, named(EARLIER)) == {anna: 1000}
    assert house.changes_of_repeats() == 0


def test_shares_of_a_revenue_that_lacks_a_late_sale_are_not_written(house: House, anna: int):
    close(house)
    sell(house, "ORD-1", 100, IN_EARLIER)
    sell(house, "ORD-2", 50, IN_EARLIER)
    house.publish()
    first, second = [it for it in house.arrived() if it.function == "share_revenue"]

    with house.meanwhile("UpdateItem", lambda: house.consume(second)):
        assert house.consume(first)
    house.deliver()

    assert allocated(house, named(EARLIER)) == {anna: 1500}
    assert house.changes_of_repeats() == 0


# requests


def test_a_sale_costs_one_read_without_distributors_and_one_write_for_each(house: House):
    def cost(name: str) -> dict[str, int]:
        sell(house, name, 100)
        house.publish()
        (message,) = [it for it in house.arrived() if it.function == "share_revenue"]
        with house.requests_made() as made_of:
            assert house.consume(message)
        return made_of.counts

    assert cost("ORD-1") == {"BatchGetItem": 1}
    for _ in range(2):
        new_distributor(house)
    assert cost("ORD-2") == {"BatchGetItem": 1, "Query": 1, "PutItem": 2}
    assert cost("ORD-3") == {"BatchGetItem": 1, "PutItem": 2}


@pytest.mark.parametrize("people", [1, 60])
def test_a_close_does_not_cost_more_with_more_sales(house: House, people: int):
    numbers = [house.new_collaborator() for _ in range(people)]
    number = new_distributor(house, *numbers, since=LAST.start)
    scored(house, number, dict.fromkeys(numbers, 1), IN_LAST)
    for sale in range(12):
        sell(house, f"ORD-{sale}", 100, IN_LAST)
    house.deliver()
    assert house.consume(Message("close_periods", NIGHT))
    for message in sent_by_the_night(house):
        assert house.consume(message)
    (own,) = sent_by_the_night(house)

    with house.requests_made() as made_of:
        assert house.consume(own)
    with house.requests_made() as again:
        assert house.consume(own)

    shares = -(-people // 49)
    reads = {"GetItem": 3, "Query": 3, "BatchGetItem": 1 + -(-people // 100)}
    assert made_of.counts == {**reads, "PutItem": 1, "UpdateItem": 3, "TransactWriteItems": shares}
    assert again.writes == 0
