"""Events that other systems may put on the bus and that no HTTP call has: their schemas match the code."""

import pytest

from openapi import bodies
from tests.contract.samples import EVENTS, against_the_schema, changed, read

SCHEMA = read(EVENTS / "schemas/foreign/MessageSent.json")
SAMPLE = read(EVENTS / "bus/foreign/MessageSent.json")


def test_the_sample_of_a_message_passes_its_schema() -> None:
    assert against_the_schema(SAMPLE, SCHEMA) == []


def test_every_foreign_event_without_a_call_has_a_schema() -> None:
    told = {path.stem: read(path) for path in (EVENTS / "bus/foreign").glob("*.json")}
    # The bodies of shops are theirs: nothing of them is documented here.
    samples = {name for name, sample in told.items() if not sample["source"].startswith("aws.partner/")} - {
        "SaleTriggered",
        "SaleChanged",
        "RefundTriggered",
        "RefundWithdrawn",
    }

    assert {path.stem for path in (EVENTS / "schemas/foreign").glob("*.json")} == samples == {"MessageSent"}


def test_the_schema_of_a_message_is_the_codes_body_and_its_organization() -> None:
    taken = bodies.schemas({"requests.messages.MessageReport"}, set(), "noticia")["MessageReport"]

    detail = changed(SCHEMA["properties"]["detail"], "properties", "organization", to=...)
    shown = changed(detail, "required", to=[*detail["required"], "sentAt"])  # else the event's time
    shown["required"].remove("organization")
    assert shown == bodies.inlined(taken)


@pytest.mark.parametrize("member", ["organization", "profile", "campaign"])
def test_a_message_without_a_required_member_violates_the_schema(member: str) -> None:
    assert against_the_schema(changed(SAMPLE, "detail", member, to=...), SCHEMA) != []


def test_no_other_source_can_speak_for_tributary() -> None:
    assert against_the_schema(changed(SAMPLE, "source", to="tributary"), SCHEMA) != []
