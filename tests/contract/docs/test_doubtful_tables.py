"""Each dialect's page says what a blank, a null, an unknown member, a time without an offset and a repeat mean."""

from collections.abc import Iterator

import pytest

from tests.contract.docs.doubtful_reports import REPORTS, ROWS, Doubtful, Rule
from tests.contract.docs.doubtful_tables import MARK, PAGES, doubtful_tables
from tests.contract.docs.doubtful_trials import outcome
from tests.documents import place
from tests.stack.house import forget_clients
from tributary.api.http.dialect import BASES

pytestmark = pytest.mark.xdist_group("doubtful")


@pytest.fixture(autouse=True)
def _clients() -> Iterator[None]:
    forget_clients()
    yield
    forget_clients()


@pytest.mark.parametrize("dialect", BASES)
def test_each_dialects_page_has_the_rules_that_its_answers_follow(dialect: str) -> None:
    written = place(PAGES[dialect].read_text(), MARK)

    assert written == doubtful_tables(dialect)[MARK], "python -m tests.contract.docs writes it anew"


@pytest.mark.parametrize("dialect", BASES)
def test_each_dialects_page_answers_every_question(dialect: str) -> None:
    assert [row for row in ROWS if row not in {case.row for case in REPORTS[dialect].doubtful}] == []


@pytest.mark.parametrize(
    ("rule", "members"),
    [
        (Rule.ABSENT, {"items[0].name": "Other"}),
        (Rule.IGNORED, {"total": 59.99}),
        (Rule.REFUSED, {"giftNote": "for Ada"}),
        (Rule.UTC, {"externalId": "2026-04-25T14:32:00"}),
        (Rule.REPEATED, {"total": 59.99}),
        (Rule.DISCLOSED, {"giftNote": "for Ada"}),
    ],
)
def test_a_rule_that_an_answer_does_not_follow_is_not_written(rule: Rule, members: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        outcome("siren", Doubtful("any", rule, members))
