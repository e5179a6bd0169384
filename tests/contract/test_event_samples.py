"""The samples in events/ are the contract: what the emitter makes, the schemas allow and the rules let through."""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from moto.events.models import EventPattern

from tests.contract.routes import routes_of_the_template
from tests.template import ROOT, resources
from tributary.domain import events
from tributary.ledger.values import decode_item

EVENTS = ROOT / "events"
MAX_ID = 2**53 - 1

#: Where each event goes. One that is not named here is for rules of others.
REACHES = {
    "SaleTriggered": {"AttributeSaleRule", "IssueObligationRule"},
    "RefundTriggered": {"AttributeSaleRule"},
    "ConversionAwarded": {"IssueObligationRule"},
    "ConversionApproved": {"IssueObligationRule"},
    "ConversionRejected": {"IssueObligationRule"},
    "ConversionReopened": {"IssueObligationRule"},
}


def samples(directory: str) -> list[Any]:
    """Every sample below a directory of events/, each named by its file."""
    found = sorted((EVENTS / directory).glob("*.json"))
    return [pytest.param(path, id=path.stem) for path in found]


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def images(record: Mapping[str, Any]) -> tuple[Any, Any]:
    changed = record["dynamodb"]
    return tuple(decode_item(changed[name]) if name in changed else None for name in ("OldImage", "NewImage"))


def emitted() -> Iterator[events.Event]:
    """What the emitter makes of every record in events/stream."""
    for path in sorted((EVENTS / "stream").glob("*.json")):
        for record in read(path)["Records"]:
            yield from events.events_of(*images(record))


@functools.cache
def rules() -> dict[str, Mapping[str, Any]]:
    return {name: properties["EventPattern"] for name, properties in resources("AWS::Events::Rule").items()}


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    return bool(EventPattern.load(json.dumps(pattern)).matches_event(event))


def reached(event: Mapping[str, Any]) -> set[str]:
    return {name for name, pattern in rules().items() if matches(pattern, event)}


@pytest.mark.parametrize("path", samples("bus"))
def test_each_sample_is_what_the_emitter_makes_of_a_record_of_the_stream(path: Path) -> None:
    sample = read(path)

    made = [event.detail for event in emitted() if event.detail_type == sample["detail-type"]]

    assert sample["detail"] in made
    assert path.name == f"{sample['detail-type']}.v{sample['detail']['metadata']['version']}.json"


@pytest.mark.parametrize("path", samples("bus"))
def test_each_sample_passes_its_schema(path: Path) -> None:
    _validator(EVENTS / "schemas" / path.name).validate(read(path))


def test_everything_that_the_emitter_makes_of_the_records_passes_its_schema() -> None:
    envelope = {name: value for name, value in read(EVENTS / "bus/SaleTriggered.v1.json").items() if name != "detail"}

    for event in emitted():
        validator = _validator(EVENTS / "schemas" / f"{event.detail_type}.v{events.SCHEMA_VERSION}.json")
        validator.validate(envelope | {"detail-type": event.detail_type, "detail": event.detail})


def test_every_detail_type_that_the_emitter_names_has_a_sample_and_a_schema() -> None:
    source = Path(events.__file__).read_text()
    named = set(re.findall(r'"((?:[A-Z][a-z]+){2,})"', source))
    managed = re.findall(r'_managed\("(\w+)"\)', source)
    files = {f"{name}.v{events.SCHEMA_VERSION}.json" for name in named | _both(managed)}

    assert len(files) >= 15
    assert {path.name for path in (EVENTS / "bus").glob("*.json")} == files
    assert {path.name for path in (EVENTS / "schemas").glob("*.json")} == files


def test_every_kind_of_record_that_is_announced_lies_in_a_sample_of_the_stream() -> None:
    records = [record for path in (EVENTS / "stream").glob("*.json") for record in read(path)["Records"]]
    announced = {kind for kind, announce in events._ANNOUNCERS.items() if announce is not events._nothing}

    assert announced <= {images(record)[1]["entity"] for record in records}


@pytest.mark.parametrize("path", samples("schemas"))
def test_each_schema_is_closed_and_bounds_its_ids(path: Path) -> None:
    schema = read(path)
    jsonschema.Draft202012Validator.check_schema(schema)

    for name, part in _members(schema):
        if part.get("type") == "object":
            assert part["additionalProperties"] is False, name
        if name.endswith("Id") and name not in ("externalId", "correlationId", "causationId"):
            assert "integer" in part["type"], name
            assert part["maximum"] == MAX_ID, name


@pytest.mark.parametrize("path", [*samples("bus"), *samples("bus/foreign")])
def test_each_sample_reaches_the_rules_that_it_is_for_and_no_other(path: Path) -> None:
    expected = {"ReceiveEventRule"} if path.parent.name == "foreign" else REACHES.get(read(path)["detail-type"], set())

    assert reached(read(path)) == expected


def test_each_rule_has_a_sample_for_every_detail_type_that_it_names() -> None:
    paths = [*(EVENTS / "bus").glob("*.json"), *(EVENTS / "bus/foreign").glob("*.json")]

    for name, pattern in rules().items():
        reaching = {event["detail-type"] for event in map(read, paths) if matches(pattern, event)}
        assert reaching == set(pattern["detail-type"]), name


def test_an_event_of_another_system_never_reaches_the_rules_for_our_own() -> None:
    ours = {**read(EVENTS / "bus/SaleTriggered.v1.json"), "source": "demo.shop"}

    assert reached(ours) == {"ReceiveEventRule"}


@pytest.mark.parametrize("path", samples("sqs"))
def test_each_message_of_a_queue_is_a_sample_of_the_bus_that_its_rule_lets_through(path: Path) -> None:
    known = [read(sample) for sample in (EVENTS / "bus").rglob("*.json")]
    rule = "".join(word.title() for word in path.stem.split("_")) + "Rule"

    for record in read(path)["Records"]:
        event = json.loads(record["body"])
        assert event in known
        assert rule in reached(event)


def test_there_is_a_sample_for_every_function() -> None:
    functions = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}
    consumers = {path.stem for path in (EVENTS / "sqs").glob("*.json")}
    relay = {"publish_events"} if list((EVENTS / "stream").glob("*.json")) else set()

    assert functions == consumers | relay | {function for _, function in _called()}


@pytest.mark.parametrize("path", samples("api"))
def test_each_call_is_routed_to_a_function_of_the_template(path: Path) -> None:
    event = read(path)

    assert (event["routeKey"], _functions()[event["routeKey"]]) in _called()
    assert event["requestContext"]["routeKey"] == event["routeKey"]
    assert event["requestContext"]["http"]["path"] == event["rawPath"]
    template_path = event["routeKey"].rpartition(" ")[2]
    if template_path != "$default":
        assert template_path.format(**event.get("pathParameters", {})) == event["rawPath"]


def test_there_is_a_sample_for_every_route() -> None:
    routes = {key for key in _functions() if "/wp-json" not in key}

    assert {key for key, _ in _called()} == routes


def _called() -> set[tuple[str, str]]:
    keys = [read(path)["routeKey"] for path in (EVENTS / "api").glob("*.json")]
    return {(key, _functions()[key]) for key in keys}


@functools.cache
def _functions() -> dict[str, str]:
    """Which function's directory each route of the template leads to."""
    return dict(routes_of_the_template())


def _both(managed: list[str]) -> set[str]:
    return {name + what for name in managed for what in ("Created", "Updated")}


def _members(schema: Mapping[str, Any], name: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield name, schema
    for inner, part in schema.get("properties", {}).items():
        yield from _members(part, inner)


def _validator(path: Path) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(read(path))
