"""The largest decision fits one item of the table."""

from tests.unit.making import at, engagement, opportunity, program, transaction
from tests.unit.test_values import dynamodb_size
from tributary.domain.attribution import decide
from tributary.domain.ids import cause_id
from tributary.domain.opportunity import MAX_LIVE
from tributary.domain.transaction import Line
from tributary.ledger.attribution import _decision_item

LIMIT = 400 * 1024
TRACE = 600


def test_ninety_programs_that_all_count_a_thousand_lines_fit_one_item():
    program_ids = [cause_id("program", number) for number in range(MAX_LIVE)]
    programs = {it: program(it, resolver="oldestBindingWins", expiration_days=3650) for it in program_ids}
    held = [engagement(it, it, it, created_at=at(seconds=-1), score=10**9) for it in program_ids]
    sale = transaction(*[Line("x", 1)] * 1000)

    decision = decide(sale, opportunity(*held), programs, set(program_ids))
    item = _decision_item(sale, opportunity(*held), decision, programs, at())

    assert len(decision.awards) == MAX_LIVE
    assert dynamodb_size(item) + TRACE < LIMIT
