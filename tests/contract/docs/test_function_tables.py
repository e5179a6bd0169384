"""docs/functions.md and docs/operate.md match the template."""

import re

import pytest

from tests.contract.docs.function_notes import NOTES
from tests.contract.docs.function_tables import FUNCTIONS, OPERATE, function_tables, operating_tables
from tests.contract.samples import detail_types
from tests.documents import place
from tests.template import ROOT


@pytest.mark.parametrize("name", function_tables())
def test_functions_in_the_docs_are_those_of_the_template(name: str) -> None:
    assert place(FUNCTIONS.read_text(), name) == function_tables()[name], "python -m tests.contract.docs writes it anew"


@pytest.mark.parametrize("name", operating_tables())
def test_parameters_and_alarms_in_the_docs_are_those_of_the_template(name: str) -> None:
    assert place(OPERATE.read_text(), name) == operating_tables()[name], "python -m tests.contract.docs writes it anew"


def test_every_function_is_in_exactly_one_table() -> None:
    names = re.findall(r"^\| `(\w+)` ", FUNCTIONS.read_text(), re.MULTILINE)

    assert sorted(names) == sorted(NOTES) == sorted(path.parent.name for path in ROOT.glob("functions/*/app.py"))


def test_events_in_the_notes_exist() -> None:
    named = {
        event for note in NOTES.values() for event in re.findall(r"ecommerce\.\w+|(?:[A-Z][a-z]+){2,}", note.events)
    }

    assert named <= detail_types()
