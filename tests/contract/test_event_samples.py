"""The samples in events/ are the contract: emitted by the code, allowed by the schemas, let through by the rules."""

from pathlib import Path
from typing import Any

import pytest

from tests.contract.samples import (
    EVENTS,
    REACHES,
    against_the_schema,
    astray,
    changed,
    detail_types,
    emitted,
    images,
    misrouted,
    on_the_bus,
    open_parts,
    reached,
    read,
    records,
    rules,
    schema_of,
    template_routes,
    uncalled,
    unlike_the_bus,
    unlike_the_emitter,
    unsampled_functions,
    unsampled_types,
)
from tests.template import ROOT
from tributary.domain import events


def samples(directory: str) -> list[Any]:
    """Every sample below a directory of events/, each named by its file."""
    found = sorted((EVENTS / directory).glob("*.json"))
    return [pytest.param(path, id=path.stem) for path in found]


@pytest.mark.parametrize("path", samples("bus"))
def test_each_sample_is_the_emitters_event_for_a_record_of_the_stream(path: Path) -> None:
    assert unlike_the_emitter(path.stem, read(path), emitted()) == []


@pytest.mark.parametrize("path", samples("bus"))
def test_each_sample_passes_its_schema(path: Path) -> None:
    assert against_the_schema(read(path), read(EVENTS / "schemas" / path.name)) == []


def test_every_event_of_the_emitter_passes_its_schema() -> None:
    for event in emitted():
        assert against_the_schema(on_the_bus(event), schema_of(event.detail_type)) == [], event


def test_events_announced_again_from_the_table_alone_pass_their_schemas() -> None:
    for record in records():
        for event in events.events_of(None, images(record)[1]):
            assert against_the_schema(on_the_bus(event), schema_of(event.detail_type)) == [], event


def test_every_detail_type_that_the_emitter_names_has_a_sample_and_a_schema() -> None:
    files = {f"{name}.v{events.SCHEMA_VERSION}.json" for name in detail_types()}

    assert len(files) >= 21
    assert {path.name for path in (EVENTS / "bus").glob("*.json")} == files
    assert {path.name for path in (EVENTS / "schemas").glob("*.json")} == files


def test_every_announced_kind_of_record_has_a_sample_of_the_stream() -> None:
    announced = {kind for kind, announce in events._ANNOUNCERS.items() if announce is not events._nothing}

    assert announced <= {images(record)[1]["entity"] for record in records()}


@pytest.mark.parametrize("path", samples("bus/customers"))
def test_each_sample_of_a_known_buyers_order_also_reaches_customer_totals(path: Path) -> None:
    sample = read(path)

    assert unlike_the_emitter(path.stem, sample, emitted()) == []
    assert astray(sample, REACHES.get(sample["detail-type"], set()) | {"UpdateCustomerRule"}, rules()) == []


@pytest.mark.parametrize("path", samples("bus/webhooks"))
def test_each_sample_of_an_organization_with_webhooks_also_reaches_these(path: Path) -> None:
    sample, plain = read(path), read(EVENTS / "bus" / path.name)

    assert sample == changed(plain, "detail", "metadata", "webhooks", to=True)
    assert against_the_schema(sample, schema_of(sample["detail-type"])) == []
    assert astray(sample, REACHES.get(sample["detail-type"], set()) | {"FanOutWebhooksRule"}, rules()) == []
    assert astray({**sample, "replay-name": "again"}, REACHES.get(sample["detail-type"], set()), rules()) == []


@pytest.mark.parametrize("path", samples("bus/history"))
def test_each_sample_of_history_is_marked_and_reaches_the_same_rules_as_news(path: Path) -> None:
    sample = read(path)

    assert unlike_the_emitter(path.stem, sample, emitted()) == []
    assert against_the_schema(sample, schema_of(sample["detail-type"])) == []
    assert sample["detail"]["data"]["automations"] is False
    news = changed(sample, "detail", "data", "automations", to=...)
    assert reached(sample, rules()) == reached(news, rules())


@pytest.mark.parametrize("entity", ["program", "collaborator", "conversion"])
def test_a_deletion_is_announced_by_events_that_pass_their_schemas(entity: str) -> None:
    before = next(new for _, new in map(images, records()) if new["entity"] == entity)
    after = changed(changed(before, "listed", "status", to="deleted"), "version", to=before["version"] + 1)

    made = [*events.events_of(before, after), *events.events_of(None, after)]

    assert len(made) >= 2
    assert [against_the_schema(on_the_bus(it), schema_of(it.detail_type)) for it in made] == [[]] * len(made)


@pytest.mark.parametrize("path", samples("schemas"))
def test_each_schema_is_closed_and_bounds_its_ids(path: Path) -> None:
    assert open_parts(read(path)) == []


@pytest.mark.parametrize("path", [*samples("bus"), *samples("bus/foreign")])
def test_each_sample_reaches_its_rules_and_no_other(path: Path) -> None:
    expected = {"ReceiveEventRule"} if path.parent.name == "foreign" else REACHES.get(read(path)["detail-type"], set())

    assert astray(read(path), expected, rules()) == []


def test_each_rule_has_a_sample_for_every_detail_type_that_it_names() -> None:
    assert unsampled_types(rules(), map(read, (EVENTS / "bus").rglob("*.json"))) == []


def test_an_event_of_another_system_never_reaches_the_rules_for_our_own() -> None:
    ours = {**read(EVENTS / "bus/SaleTriggered.v1.json"), "source": "demo.shop"}

    assert reached(ours, rules()) == {"ReceiveEventRule"}


@pytest.mark.parametrize("source", ["tributary", "demo.shop"])
def test_an_event_unknown_to_the_rules_reaches_none(source: str) -> None:
    unheard_of = {**read(EVENTS / "bus/SaleTriggered.v1.json"), "detail-type": "NeverHeardOf", "source": source}

    assert astray(unheard_of, set(), rules()) == []


@pytest.mark.parametrize("path", samples("sqs"))
def test_each_message_of_a_queue_is_a_sample_of_the_bus_allowed_by_its_rule(path: Path) -> None:
    known = [read(sample) for sample in (EVENTS / "bus").rglob("*.json")]

    for message in read(path)["Records"]:
        assert unlike_the_bus(path.stem, message, known, rules()) == []


def test_there_is_a_sample_for_every_function() -> None:
    functions = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}

    assert unsampled_functions(functions, template_routes()) == []


@pytest.mark.parametrize("path", samples("api"))
def test_each_call_is_routed_to_a_function_of_the_template(path: Path) -> None:
    assert misrouted(read(path), template_routes()) == []


def test_there_is_a_sample_for_every_route() -> None:
    assert uncalled(template_routes(), map(read, (EVENTS / "api").glob("*.json"))) == []
