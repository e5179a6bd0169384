"""Customers: merging of several reports, and order totals."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.builders import transaction
from tributary.domain.customer import Share, Totals, filled, latest, netted, read_spelled, share_of, spelled
from tributary.domain.transaction import Line

MOMENTS = st.sampled_from([f"2026-11-{day:02}T00:00:00.000Z" for day in range(1, 5)])
REPORTS = st.lists(
    st.tuples(st.dictionaries(st.sampled_from("abc"), st.sampled_from(["x", "y", None, 1, True])), MOMENTS), max_size=6
)
AMOUNTS = st.fixed_dictionaries({name: st.integers(0, 9) for name in ("ordersCount", "totalSpent", "refundedTotal")})
SHARES = st.lists(st.builds(Share, st.sampled_from(["USD", "JPY"]), MOMENTS, AMOUNTS), max_size=6)
STATED = st.lists(
    st.tuples(st.dictionaries(st.sampled_from(["ordersCount", "totalSpent"]), st.integers(0, 99)), MOMENTS), max_size=4
)
NONE = Share("USD", "2026-11-01T00:00:00.000Z")


@given(REPORTS, st.randoms(use_true_random=False))
def test_reports_in_any_order_and_repetition_give_the_same_fields(reports, chance):
    again = chance.sample([*reports, *reports], 2 * len(reports))

    assert merged(again) == merged(reports)


def merged(reports):
    held = {}
    for fields, at in reports:
        held = latest(held, fields, at)
    return held


def test_a_later_null_clears_a_field_and_an_earlier_one_does_not():
    held = latest({}, {"name": "Ada"}, "2026-11-02T00:00:00.000Z")

    assert latest(held, {"name": None}, "2026-11-03T00:00:00.000Z")["name"]["value"] is None
    assert latest(held, {"name": None}, "2026-11-01T00:00:00.000Z") == held


def test_a_bound_source_fills_what_is_empty_and_corrects_only_what_it_filled():
    held = latest({}, {"name": "Ada", "phone": None}, "2026-11-01T00:00:00.000Z")
    held = filled(held, {"name": "Eve", "phone": "1", "city": "Rome"}, "2026-11-02T00:00:00.000Z", "shop")
    others = filled(held, {"name": "Eve", "city": "Oslo"}, "2026-11-03T00:00:00.000Z", "till")
    corrected = filled(others, {"city": "Bern"}, "2026-11-04T00:00:00.000Z", "shop")
    earlier = filled(corrected, {"city": "Bonn"}, "2026-11-03T00:00:00.000Z", "shop")

    assert values(held) == values(others) == {"name": "Ada", "phone": None, "city": "Rome"}
    assert values(corrected) == values(earlier) == {"name": "Ada", "phone": None, "city": "Bern"}


@given(REPORTS, REPORTS, st.randoms(use_true_random=False))
def test_reports_of_a_bound_source_and_of_others_give_the_same_fields_in_any_order(free, bound, chance):
    steps = [(None, *it) for it in free] + [("shop", *it) for it in bound]

    def told(order):
        held = {}
        for source, fields, at in order:
            held = latest(held, fields, at) if source is None else filled(held, fields, at, source)
        return held

    assert told(chance.sample([*steps, *steps], 2 * len(steps))) == told(steps)


def values(held):
    return {name: dated["value"] for name, dated in held.items()}


@given(SHARES, STATED, st.randoms(use_true_random=False))
def test_orders_and_statements_in_any_order_give_the_same_totals(shares, statements, chance):
    steps = [("order", share) for share in shares] + [("stated", statement) for statement in statements]

    assert counted(chance.sample(steps, len(steps))) == counted(steps)


def counted(steps):
    totals, known = Totals(), []
    for what, report in steps:
        if what == "order":
            totals, known = totals.changed(None, report), [*known, report]
        else:
            totals = totals.overridden("USD", *report, known)
    return totals.shown()


def test_totals_show_gross_and_net_spending_and_an_average_rounded_half_up():
    totals = Totals({"USD": {"ordersCount": 2, "totalSpent": 1001, "refundedTotal": 300}})

    assert totals.shown() == [
        {
            "currency": "USD", "ordersCount": 2, "totalSpent": 1001, "refundedTotal": 300,
            "netSpent": 701, "aov": 501, "ltv": 1001,
        }
    ]  # fmt: skip


def test_a_stated_total_stands_and_later_orders_add_to_it():
    totals = Totals().overridden("USD", {"ordersCount": 12}, "2026-11-02T00:00:00.000Z", [])
    for day in (1, 2, 3):
        share = Share("USD", f"2026-11-0{day}T00:00:00.000Z", {"ordersCount": 1, "totalSpent": 500})
        totals = totals.changed(None, share)

    (row,) = totals.shown()
    assert (row["ordersCount"], row["totalSpent"]) == (13, 1500)


@pytest.mark.parametrize(
    ("status", "refunded", "expected"), [("complete", 0, 0), ("complete", 300, 300), ("cancelled", 900, 1000)]
)
def test_an_order_counts_as_reported_and_an_ended_one_as_fully_refunded(status, refunded, expected):
    sold = transaction(Line("Tea", 900), status=status)
    sold = replace(sold, refunded=refunded, sale=replace(sold.sale, total=1000, customer_id=7))

    assert share_of(sold, 7).amounts == {"ordersCount": 1, "totalSpent": 1000, "refundedTotal": expected}


def test_an_order_deleted_or_of_another_customer_counts_nothing():
    sold = transaction(Line("Tea", 900))
    sold = replace(sold, sale=replace(sold.sale, customer_id=7))

    assert share_of(replace(sold, status="deleted"), 7).amounts == {}
    assert share_of(sold, 8).amounts == {}


def test_deleting_the_last_order_leaves_no_row():
    share = Share("USD", "2026-11-01T00:00:00.000Z", {"ordersCount": 1, "totalSpent": 5, "refundedTotal": 0})

    assert Totals().changed(None, share).changed(share, NONE).shown() == []


@pytest.mark.parametrize("text", ["7", "prof_", "prof_0", "prof_x", "PROF_7", "prof_-7"])
def test_a_text_that_is_not_a_customers_id_reads_as_none(text):
    assert read_spelled(text) is None


def test_a_customers_id_is_spelled_and_read_back():
    assert read_spelled(spelled(4218)) == 4218


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 1000))
def test_netted_totals_deduct_refunds_and_keep_the_rest(spent: int, refunded: int, orders: int):
    sums = {"USD": {"ordersCount": orders, "totalSpent": spent, "refundedTotal": refunded}}
    for row in Totals(sums).shown():
        net = netted(row)

        assert net["totalSpent"] == net["ltv"] == net["netSpent"] == spent - refunded
        assert abs(2 * net["aov"] * orders - 2 * (spent - refunded) * bool(orders)) <= orders
        assert {**net, **{name: row[name] for name in ("totalSpent", "ltv", "aov")}} == row
