"""GET /statistics: rows, checks and scopes, and the running hour."""

from typing import Any

import pytest

from tests.integration.organization.statistics import hours
from tests.integration.organization.statistics.hours import BEGIN, asked, schedule
from tests.stack.exchange import Item
from tests.stack.house import House, in_process
from tests.stack.scenarios.past import line, sold
from tributary.ledger.statistics import closing, rows


def shown(row: Item) -> tuple[str, str, list[Any]]:
    return row["from"], row["status"], row["sales"]


def test_the_running_hour_is_read_as_it_is_and_what_no_closing_has_seen_is_open() -> None:
    with hours.clock() as clock, in_process() as house:
        sold(house, house.new_visit(), line(100))
        clock.passes(hours=3)
        sold(house, house.new_visit(), line(50), external_id="ORD-2")
        one, two = ([{"currency": "USD", "count": 1, "value": value}] for value in (10000, 5000))
        names = [f"{name}:00:00.000Z" for name in ("2026-03-31T21", "2026-03-31T22", "2026-03-31T23", "2026-04-01T00")]

        found = asked(house, by="hour", **{"from": BEGIN})
        assert [shown(it) for it in found] == list(
            zip(names, ("open", "open", "running", "running"), ([], [], [], two), strict=True)
        )
        assert [it["status"] for it in asked(house, by="month", **{"from": BEGIN})] == ["open", "running"]

        hours.close(house, schedule(house, clock(), organization="demo", **{"from": "2026-03-31", "to": clock()}))
        found = asked(house, by="hour", **{"from": BEGIN})
        assert [shown(it) for it in found] == list(
            zip(names, ("closed", "closed", "closed", "running"), (one, [], [], two), strict=True)
        )
        assert [it["status"] for it in asked(house, by="month", **{"from": BEGIN})] == ["open", "running"]
        assert [it["status"] for it in asked(house, by="day", **{"from": BEGIN})] == ["closed", "running"]


def test_an_answer_says_that_the_running_hour_has_more_than_it_reads(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold(house, house.new_visit(), line(100))
    assert house.get("/statistics").json["more"] is False
    monkeypatch.setattr(rows, "MOST_LIVE", 1)
    monkeypatch.setattr(closing, "_CHUNK", 1)

    assert house.get("/statistics").json["more"] is True


def test_rows_are_whole_spans_none_of_the_future(house: House) -> None:
    def spans(**query: str) -> list[str]:
        return [row["from"][:13] for row in asked(house, **query)]

    assert spans(by="day", **{"from": "2026-02-27T23:30:00Z", "to": "2026-03-01T00:00:00Z"}) == [
        "2026-02-27T00",
        "2026-02-28T00",
    ]
    assert spans(by="month", **{"from": "2025-12-31", "to": "2026-02-01T00:00:01Z"}) == [
        "2025-12-01T00",
        "2026-01-01T00",
        "2026-02-01T00",
    ]
    assert spans(by="hour", **{"from": "2026-03-01T01:30:00+02:00", "to": "2026-03-01T00:00:00Z"}) == ["2026-02-28T23"]
    assert spans(by="day", **{"from": "2999-01-01", "to": "2999-02-01"}) == []
    assert spans(by="day", **{"from": "2026-02-01", "to": "2026-01-01"}) == []


@pytest.mark.parametrize(("by", "count"), [("hour", 24), ("", 30), ("day", 30), ("month", 12)])
def test_without_a_beginning_the_last_spans_are_shown(house: House, by: str, count: int) -> None:
    assert len(asked(house, by=by)) == count


@pytest.mark.parametrize(
    ("query", "failures"),
    [
        ({"by": "week", "from": "soon", "to": "2026-13-01"}, {"by": "ENUM", "from": "FORMAT", "to": "FORMAT"}),
        ({"currency": "USD", "by[]": "day"}, {"currency": "UNKNOWN", "by[]": "UNKNOWN"}),
        ({"by": "hour", "from": "2026-01-01", "to": "2026-02-01T00:00:01Z"}, {"from": "MAX"}),
        ({"by": "day", "from": "2025-01-01", "to": "2026-01-02T00:00:01Z"}, {"from": "MAX"}),
        ({"by": "month", "from": "0001-01-01"}, {"from": "MAX"}),
        ({"by": "hour", "from": "0001-01-01"}, {"from": "MAX"}),
    ],
)
def test_a_question_that_fails_a_check_names_each(house: House, query: dict[str, str], failures: Item) -> None:
    answer = house.get("/statistics", **query)

    assert (answer.status, answer.failures) == (422, failures)


def test_the_longest_spans_are_answered(house: House) -> None:
    for by, start, end, count in (
        ("hour", "2026-01-01", "2026-02-01", 744),
        ("day", "2024-01-01", "2025-01-01", 366),
        ("month", "2015-01-01", "2025-01-01", 120),
    ):
        assert len(asked(house, by=by, **{"from": start, "to": end})) == count


def test_a_key_reads_the_figures_of_its_scopes(house: House) -> None:
    every = {"conversions": "approvedConversions", "obligations": "issued", "payouts": "paid"}
    for scope, figure in every.items():
        key = house.new_key("ledger:transactions:read", f"ledger:{scope}:read")
        row = house.get("/statistics", key=key).json["rows"][0]
        assert {figure, "sales", "refunded"} <= row.keys()
        assert not row.keys() & ({*every.values()} - {figure})
    assert house.get("/statistics", key=house.new_key("ledger:payouts:read")).status == 403
    assert house.get("/statistics", key=house.new_key("ledger:transactions:read", source="shopify")).status == 403


def test_statistics_are_of_the_keys_organization_only(house: House) -> None:
    sold(house, house.new_visit(), line(100))
    other = house.new_key("admin", organization="other")

    assert hours.totals(house.get("/statistics", key=other).json["rows"]) == {}
