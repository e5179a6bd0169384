"""The mermaid pictures name functions, events, rooms, item types and states that exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.docs.pages import pictures
from tests.contract.samples import detail_types
from tests.template import ROOT
from tributary.domain import events
from tributary.domain.conversion import REVIEWS, obligation_wanted
from tributary.ledger.payouts import fulfillment_moves, payouts

DESIGN = ROOT / "docs/design.md"
LEDGER = ROOT / "shared/tributary/ledger"


def picture(kind: str) -> str:
    """The one picture of docs/design.md that holds a text."""
    (found,) = [text for text in pictures(DESIGN) if kind in text]
    return found


def rooms() -> dict[str, set[str]]:
    """Item types of each room in the picture."""
    boxes = re.findall(r'(\w+)\["<b>(\w+)</b><br/>([^"]+)"\]', picture("<b>earnings</b>"))
    assert all(name == title for name, title, _ in boxes)
    return {name: set(types.split(" · ")) for name, _, types in boxes}


def transitions(block: str) -> Iterator[tuple[str, str, str]]:
    """Source, target and label of each arrow, with the states' shown names."""
    text = picture(f"state {block} {{")
    shown = {name: title for title, name in re.findall(r'state "(\w+)" as (\w+)', text)}
    for source, target, label in re.findall(r"(\S+) --> (\S+) : (.+)", text):
        yield shown.get(source, source), shown.get(target, target), label


def imports(room: str) -> set[str]:
    """The other rooms that a room's modules import."""
    sources = "".join(path.read_text() for path in (LEDGER / room).glob("*.py"))
    named = re.findall(r"^from tributary\.ledger\.(\w+)|^from tributary\.ledger import (.+)$", sources, re.MULTILINE)
    return {name.strip() for pair in named for names in pair for name in names.split(",") if name.strip()} - {room}


@pytest.mark.parametrize("page", [DESIGN, ROOT / "README.md"], ids=lambda page: page.name)
def test_functions_and_events_on_the_way_of_a_sale_exist(page: Path) -> None:
    (way,) = [text for text in pictures(page) if "report_sale" in text]
    functions = set(re.findall(r"(?<!\.)\b[a-z]+(?:_[a-z]+)+\b", way))
    named = set(re.findall(r"ecommerce\.\w+|\b(?:[A-Z][a-z]+){2,}\b", way))

    assert functions <= {path.parent.name for path in ROOT.glob("functions/*/app.py")}
    assert named <= detail_types()
    assert functions >= {"report_sale", "publish_events", "attribute_sale", "issue_obligation"}


def test_the_picture_has_every_room_of_the_ledger_and_every_item_type_once() -> None:
    types = [name for room in rooms().values() for name in room]

    assert rooms().keys() == {path.parent.name for path in LEDGER.glob("*/__init__.py")}
    assert sorted(types) == sorted(events._ANNOUNCERS)


def test_each_item_type_is_in_the_code_of_its_room() -> None:
    for room, types in rooms().items():
        source = "".join(path.read_text() for path in (LEDGER / room).glob("*.py"))
        assert not [name for name in types if f'"{name}"' not in source], room


def test_each_arrow_between_rooms_is_an_import() -> None:
    arrows = re.findall(r"^ +(\w+) --> (\w+)$", picture("<b>earnings</b>"), re.MULTILINE)

    assert arrows
    assert not [(room, used) for room, used in arrows if used not in imports(room)]


def test_reviews_in_the_life_of_a_conversion_are_those_of_the_code() -> None:
    drawn = {
        (re.split(r"\W", label)[0], source, target)
        for source, target, label in transitions("Conversion")
        if source != "[*]"
    }
    allowed = {(review, source, target) for review, (target, sources) in REVIEWS.items() for source in sources}

    assert drawn == allowed


def test_moves_of_a_fulfillment_are_those_of_the_code() -> None:
    drawn = {it for it in transitions("Fulfillment") if it[2] in fulfillment_moves.ACTIONS}
    made = {(source, target) for source, target, label in transitions("Fulfillment")} - {it[:2] for it in drawn}

    assert drawn == {
        (source, target, action)
        for action, (target, sources) in fulfillment_moves.ACTIONS.items()
        for source in sources
        if action != "delete"
    }
    assert fulfillment_moves.ACTIONS["delete"] == fulfillment_moves.ACTIONS["fail"]
    assert made == {("[*]", "processing"), ("processing", "pending")}


def test_states_of_a_payout_are_those_of_the_code() -> None:
    drawn = list(transitions("Payout"))

    assert {target for _, target, _ in drawn} == set(payouts.STATUSES)
    assert {source for source, _, _ in drawn} == {"[*]", *payouts.LIVE}


def test_an_obligation_leaves_a_payout_for_each_state_of_its_conversion() -> None:
    drawn = list(transitions("Obligation"))
    released = {target for _, target, label in drawn if label == "released"}

    assert released == {obligation_wanted(status, 1, "USD").status for status in ("pending", "approved", "rejected")}
    assert {source for source, _, label in drawn if label.startswith("claimed")} == {"pending"}


def test_each_state_of_an_obligation_matches_its_conversion() -> None:
    followed = [(target, label.split()[1]) for _, target, label in transitions("Obligation") if "conversion" in label]

    assert {status for _, status in followed} == {"pending", "approved", "rejected"}
    assert not [it for it in followed if obligation_wanted(it[1], 1, "USD").status != it[0]]
    assert obligation_wanted("approved", 1, "USD", settled=True).status == "complete"
