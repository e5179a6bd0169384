"""The largest sale with the most candidates that the API accepts: its decision fits one DynamoDB item, its conversions
one transaction, its explanation a megabyte."""

import json
from dataclasses import replace

import pytest

from tests.unit.builders import SALE_AT, catalogue, engagement, everybody, opportunity, program, transaction
from tributary.domain.attribution import decide
from tributary.domain.earning_event import EarningEvent
from tributary.domain.explanation import explain
from tributary.domain.money import MAX_MINOR
from tributary.domain.opportunity import MAX_LIVE, Engagement
from tributary.domain.program import COMPILERS, LineItemFilters, Program
from tributary.domain.transaction import Line, Transaction
from tributary.ledger.earnings.conversions import new_items
from tributary.ledger.earnings.decisions import item_of as decision_item
from tributary.ledger.store.values import size

KB = 1000
HEAVY = LineItemFilters(categories=tuple("c" * 255 for _ in range(100)), skus=tuple("s" * 255 for _ in range(100)))
ATTRIBUTES = {"categories": json.dumps(["c" * 255]), "sku": "s" * 255}
LINES = [
    Line("Item", 9_000_000 - place, 1_000_000, "product" if place % 2 else "donation", attributes=ATTRIBUTES)
    for place in range(1000)
]
CANDIDATES = [
    engagement(number=MAX_MINOR - n, collaborator_id=MAX_MINOR - n, program_id=MAX_MINOR, score=10**8 + n)
    for n in range(MAX_LIVE)
]
POOL = replace(
    program(number=MAX_MINOR, resolver="weightedPool", compilers=tuple(COMPILERS), pool_remainder="largest"),
    holding_days=3650,
)


def apart(rule: Program) -> tuple[list[Program], list[Engagement]]:
    """Candidates, each in a program of its own."""
    programs = [replace(rule, id=MAX_MINOR - n) for n in range(MAX_LIVE)]
    return programs, [replace(held, program_id=MAX_MINOR - n) for n, held in enumerate(CANDIDATES)]


@pytest.mark.parametrize(
    ("transaction", "programs", "candidates"),
    [
        (transaction(*LINES), [POOL], CANDIDATES),
        (transaction(*LINES), *apart(POOL)),
        (transaction(*LINES), *apart(replace(POOL, filters=HEAVY))),
        (transaction(*(replace(line, name="🎉" * 255, attributes={}) for line in LINES[:300])), [POOL], CANDIDATES),
        (transaction(*(replace(line, name="\x01" * 255, attributes={}) for line in LINES)), *apart(POOL)),
    ],
    ids=["one pool", "ninety programs", "ninety heavy programs", "long names", "names that JSON makes longer"],
)
def test_the_largest_decision_fits(transaction: Transaction, programs: list[Program], candidates: list[Engagement]):
    found, rules, earning_event = opportunity(*candidates), catalogue(*programs), EarningEvent.of_sale(transaction)

    decision = decide(transaction, found, rules, everybody(candidates))
    record = decision_item(earning_event, MAX_MINOR, found, decision, rules, SALE_AT)
    conversions = new_items(earning_event, "s" * 64, decision.awards, SALE_AT)
    answer = json.dumps(explain(transaction, record), separators=(",", ":"), ensure_ascii=False).encode()

    assert (decision.reason, len(conversions)) == ("awarded", MAX_LIVE)
    assert size(record) < 400 * KB
    assert size(record) + sum(map(size, conversions)) < 4000 * KB
    assert len(answer) < 1000 * KB


def test_a_decision_keeps_its_programs_filters_if_they_fit():
    rule = replace(POOL, filters=LineItemFilters(skus=("B-1",), collaborator_owned=True))
    earning_event, found = EarningEvent.of_sale(transaction()), opportunity(CANDIDATES[0])

    decision = decide(transaction(), found, catalogue(rule), everybody(CANDIDATES))
    record = decision_item(earning_event, 4218, found, decision, catalogue(rule), SALE_AT)

    kept = record["programs"][0]["lineItemFilters"]
    assert (list(kept["withSkus"]), kept["collaboratorOwned"]) == (["B-1"], True)
