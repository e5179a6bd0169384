"""Sales, refunds, cancellations, profiles and redeliveries in any order and repetition yield the same customer."""

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from local.seed import ORGANIZATION
from tests.stack.house import House, in_process
from tests.stack.scenarios.buyers import MAIL, MONDAY, TUESDAY, WEDNESDAY, partly_refunded, read, sold, upsert
from tributary.ledger.orders import customer_totals
from tributary.ledger.sales import closing, transactions

STEPS = ("sale 1", "sale 2", "part 1", "part 2", "refund 1", "cancel 2", "upsert", "state", "some", "again")


@settings(max_examples=15, deadline=None, derandomize=True)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=14), chance=st.randoms(use_true_random=False))
def test_any_order_and_repetition_yields_the_same_totals(steps: list[str], chance: random.Random) -> None:
    closing = []
    for walked in (steps, chance.sample(steps, len(steps))):
        with in_process() as house, house._environment("report_sale"):
            ada = upsert(MAIL)
            seen: list[Any] = []
            for step in ["sale 1", "sale 2", *walked]:
                _walk(house, ada, step, chance, seen)
            house.deliver(lambda messages: chance.sample(messages * 2, len(messages) * 2))
            assert all(house.consume(message) for message in seen)
            house.deliver()
            assert house.changes_of_repeats() == 0
            shown = read(ada)
            closing.append((shown["totals"], shown["firstName"]))
    assert closing[0] == closing[1] == _expected(set(steps))


def _walk(house: House, ada: int, step: str, chance: random.Random, seen: list[Any]) -> None:
    what, _, name = step.partition(" ")
    if what == "sale":
        sold(ada, name, 1000 * int(name), (MONDAY, WEDNESDAY)[int(name) - 1])
    elif what == "part":
        partly_refunded(f"part-{name}", 300, name)
    elif what == "refund":
        closing.refund(ORGANIZATION, "shop", name)
    elif what == "cancel":
        item = transactions.find(ORGANIZATION, "shop", name)
        assert item is not None
        if item["listed"]["status"] == "complete":
            closing.end(ORGANIZATION, item["listed"]["id"], "cancelled")
    elif what == "upsert":
        upsert(MAIL, chance.choice([MONDAY, TUESDAY]), firstName="Old")
        upsert(MAIL, WEDNESDAY, firstName="Ada")
    elif what == "state":
        customer_totals.override_totals(ORGANIZATION, ada, "USD", {"ordersCount": 7}, TUESDAY)
    else:
        house.publish()
        seen += house.arrived() if what == "some" else []
        for message in chance.sample(seen, len(seen) // 2):
            assert house.consume(message)


def _expected(steps: set[str]) -> tuple[list[dict[str, Any]], str | None]:
    back = 1000 if "refund 1" in steps else 300 * ("part 1" in steps)
    back += 2000 if "cancel 2" in steps else 300 * ("part 2" in steps)
    orders = 8 if "state" in steps else 2
    row = {"currency": "USD", "ordersCount": orders, "totalSpent": 3000, "refundedTotal": back, "netSpent": 3000 - back}
    return [{**row, "aov": 3000 // orders, "ltv": 3000}], "Ada" if "upsert" in steps else None
