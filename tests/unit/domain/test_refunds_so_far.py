"""Refunds told as the sum so far: the greatest counts, in any order and repetition, beside other refunds."""

import random
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.builders import transaction
from tributary.domain.balance import balance_of, restated
from tributary.domain.given_back import GivenBack
from tributary.domain.refund import RefundedItem, RefundRequest, demand
from tributary.domain.transaction import Line, Transaction

SALE = transaction(Line("Lamp", 6000, attributes={"externalId": "L"}), Line("Bulb", 1000, 4))


def so_far(amount: int) -> RefundRequest:
    return RefundRequest(Decimal(amount), minor=True, so_far=True)


def after(sale: Transaction, *requests: RefundRequest) -> Transaction:
    for request in requests:
        sale = restated(replace(sale, given=sale.given + demand(sale, request, capped=True)))
    return sale


SUMS = st.builds(so_far, st.integers(1, 12_000))
OTHERS = st.one_of(
    st.builds(lambda amount: RefundRequest(Decimal(amount), minor=True), st.integers(1, 4000)),
    st.builds(
        lambda amount, name: RefundRequest(None, (RefundedItem(Decimal(amount), external_id=name),), minor=True),
        st.integers(1, 4000),
        st.sampled_from(["L", "unknown"]),
    ),
    st.just(RefundRequest()),
)


def test_the_greatest_sum_so_far_is_what_went_back():
    assert after(SALE, so_far(500), so_far(1200), so_far(800)).refunded == 1200


def test_a_sum_beyond_the_sale_refunds_it():
    ended = after(SALE, so_far(10_000_000))

    assert (ended.refunded, ended.status) == (10_000, "refunded")


def test_other_refunds_come_on_top():
    assert after(SALE, so_far(500), RefundRequest(Decimal(300), minor=True), so_far(700)).refunded == 1000


def test_a_withdrawn_refund_leaves_the_sum_so_far():
    given_back = GivenBack(so_far=5) + GivenBack(loose=3)

    assert (given_back - GivenBack(loose=3)).of_no_item == 5
    assert given_back - GivenBack(so_far=5) == given_back


@settings(max_examples=500)
@given(sums=st.lists(SUMS, max_size=6), others=st.lists(OTHERS, max_size=4), chance=st.randoms(use_true_random=False))
def test_order_and_repetition_of_sums_do_not_matter(
    sums: list[RefundRequest], others: list[RefundRequest], chance: random.Random
):
    again = chance.sample(sums, chance.randint(0, len(sums)))

    first, second = (
        after(SALE, *chance.sample([*sums, *others, *told], len(sums) + len(others) + len(told)))
        for told in ([], again)
    )

    assert (first.given, first.refunded, first.status) == (second.given, second.refunded, second.status)


@settings(max_examples=500)
@given(sums=st.lists(SUMS, min_size=1, max_size=6), others=st.lists(OTHERS, max_size=4))
def test_the_sums_are_worth_one_refund_of_the_greatest(sums: list[RefundRequest], others: list[RefundRequest]):
    greatest = max(request.amount or Decimal(0) for request in sums)

    told, once = after(SALE, *others, *sums), after(SALE, *others, RefundRequest(greatest, minor=True))

    assert balance_of(told) == balance_of(once)
    assert (told.refunded, told.status) == (once.refunded, once.status)
