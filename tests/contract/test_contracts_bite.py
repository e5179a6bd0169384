"""Each check of the contract of events fails when one thing is changed in memory, and passes otherwise."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from unittest import mock

import pytest

from tests.contract.samples import (
    OTHER_SYSTEMS_IDS,
    REACHES,
    against_the_schema,
    astray,
    changed,
    detail_types,
    emitted,
    on_the_bus,
    open_parts,
    read_all,
    records,
    rules,
    schema_of,
    unlike_the_bus,
    unlike_the_emitter,
    unsampled_types,
)
from tributary.domain import events

BUS = read_all("bus")
FOREIGN = read_all("bus/foreign")
#: Orders of a known buyer, with a rule of their own.
OF_CUSTOMERS = read_all("bus/customers")
#: Events of an organization with webhooks.
OF_WEBHOOKS = read_all("bus/webhooks")
TYPES = sorted(detail_types())
#: Schemas that reject unknown members.
CLOSED = [name for name in TYPES if not name.startswith(("ecommerce.order_", "ecommerce.checkout_"))]
QUEUES = read_all("sqs")
RULES = rules()
#: Another value of the same type, and one of another type.
WRONG_VALUES = ("", 1.5, {})


# samples of the bus


@pytest.mark.parametrize("name", BUS)
def test_a_sample_with_any_member_changed_differs_from_the_emitters(name: str) -> None:
    made = list(emitted())
    assert unlike_the_emitter(name, BUS[name], made) == []

    for part in ("metadata", "data"):
        for member in BUS[name]["detail"][part]:
            other = changed(BUS[name], "detail", part, member, to="another")
            assert unlike_the_emitter(name, other, made), member


@pytest.mark.parametrize("name", BUS)
def test_a_sample_under_another_name_is_detected(name: str) -> None:
    assert unlike_the_emitter(name.replace(".v1", ".v2"), BUS[name], emitted()) == [
        f"{name.replace('.v1', '.v2')}: it is a {name}"
    ]


def test_a_changed_record_of_the_stream_leaves_its_samples_without_source() -> None:
    changes = records()
    detail = BUS["SaleTriggered.v1"]["detail"]
    recorded = next(
        place for place, change in enumerate(changes) if detail in [event.detail for event in emitted([change])]
    )
    image = ("dynamodb", "NewImage", "reported", "M", "total")

    sold_for_less = [
        *changes[:recorded],
        changed(changes[recorded], *image, to={"N": "4998"}),
        *changes[recorded + 1 :],
    ]

    assert unlike_the_emitter("SaleTriggered.v1", BUS["SaleTriggered.v1"], emitted(sold_for_less))


# schemas


@pytest.mark.parametrize("detail_type", TYPES)
def test_an_event_with_a_missing_member_or_one_of_another_type_violates_its_schema(detail_type: str) -> None:
    sample, schema = BUS[f"{detail_type}.v1"], schema_of(detail_type)
    assert against_the_schema(sample, schema) == []

    for part in ("metadata", "data"):
        for member in sample["detail"][part]:
            assert against_the_schema(changed(sample, "detail", part, member, to=...), schema), member
            for wrong in WRONG_VALUES:
                other = changed(sample, "detail", part, member, to=wrong)
                assert against_the_schema(other, schema) or _any_text(schema, part, member, wrong), (member, wrong)


@pytest.mark.parametrize("detail_type", CLOSED)
def test_an_event_with_an_extra_member_violates_its_schema(detail_type: str) -> None:
    for path in ((), ("detail",), ("detail", "metadata"), ("detail", "data")):
        assert against_the_schema(
            changed(BUS[f"{detail_type}.v1"], *path, "email", to="dana@example.com"), schema_of(detail_type)
        )


@pytest.mark.parametrize("detail_type", TYPES)
def test_an_event_violates_the_schema_of_every_other_type(detail_type: str) -> None:
    event = BUS[f"{detail_type}.v1"]

    assert [other for other in TYPES if against_the_schema(event, schema_of(other)) == []] == [detail_type]


@pytest.mark.parametrize("detail_type", CLOSED)
def test_a_schema_without_a_member_refuses_the_emitters_event(detail_type: str) -> None:
    schema = schema_of(detail_type)
    made = [on_the_bus(event) for event in emitted() if event.detail_type == detail_type]
    properties = ("properties", "detail", "properties", "data", "properties")

    for member in BUS[f"{detail_type}.v1"]["detail"]["data"]:
        forgetful = changed(schema, *properties, member, to=...)
        assert all(against_the_schema(event, forgetful) for event in made), member


@pytest.mark.parametrize("detail_type", CLOSED)
def test_a_schema_that_is_open_or_leaves_an_id_unbounded_is_detected(detail_type: str) -> None:
    schema = schema_of(detail_type)
    detail = ("properties", "detail", "properties", "data")
    assert open_parts(schema) == []

    assert open_parts(changed(schema, *detail, "additionalProperties", to=True)) == ["data"]
    for member in BUS[f"{detail_type}.v1"]["detail"]["data"]:
        if not member.endswith("Id") or member in OTHER_SYSTEMS_IDS:
            continue
        assert open_parts(changed(schema, *detail, "properties", member, "maximum", to=2**53)) == [member]
        assert open_parts(changed(schema, *detail, "properties", member, "type", to="string")) == [member]


def test_a_conversion_of_both_a_sale_and_a_lead_or_of_neither_violates_its_schema() -> None:
    awarded, schema = BUS["ConversionAwarded.v1"], schema_of("ConversionAwarded")
    both = changed(awarded, "detail", "data", "leadId", to=1)
    neither = changed(awarded, "detail", "data", "transactionId", to=None)

    assert against_the_schema(both, schema)
    assert against_the_schema(neither, schema)


# rules


def _sample_for(rule: str, detail_type: str) -> tuple[Any, set[str]]:
    """A sample for the rule, and all the rules that it reaches."""
    if rule == "ReceiveEventRule":
        return FOREIGN[detail_type], {rule}
    if rule == "UpdateCustomerRule":
        return OF_CUSTOMERS[f"{detail_type}.v1"], REACHES.get(detail_type, set()) | {rule}
    if rule == "FanOutWebhooksRule":
        return OF_WEBHOOKS[f"{detail_type}.v1"], REACHES.get(detail_type, set()) | {rule}
    return BUS[f"{detail_type}.v1"], REACHES[detail_type]


@pytest.mark.parametrize(("rule", "detail_type"), [(name, it) for name in RULES for it in RULES[name]["detail-type"]])
def test_a_rule_that_omits_or_misspells_a_detail_type_is_detected(rule: str, detail_type: str) -> None:
    known = [*BUS.values(), *FOREIGN.values(), *OF_CUSTOMERS.values(), *OF_WEBHOOKS.values()]
    named = [name for name in RULES[rule]["detail-type"] if name != detail_type]
    sample, expected = _sample_for(rule, detail_type)
    assert astray(sample, expected, RULES) == []
    assert unsampled_types(RULES, known) == []

    assert astray(sample, expected, changed(RULES, rule, "detail-type", to=named or ["Nothing"])) == [rule]
    misspelt = changed(RULES, rule, "detail-type", to=[*named, detail_type.swapcase()])
    assert astray(sample, expected, misspelt) == [rule]
    assert unsampled_types(misspelt, known) == [f"{rule}: {detail_type.swapcase()}"]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_accepts_everything_from_its_source_is_detected(rule: str) -> None:
    source = "demo.shop" if rule == "ReceiveEventRule" else "tributary"
    sold = {"UpdateCustomerRule": OF_CUSTOMERS, "FanOutWebhooksRule": OF_WEBHOOKS}.get(rule, BUS)
    unheard_of = {**sold["SaleTriggered.v1"], "detail-type": "NeverHeardOf", "source": source}
    assert astray(unheard_of, set(), RULES) == []

    assert astray(unheard_of, set(), changed(RULES, rule, "detail-type", to=...)) == [rule]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_for_another_source_is_detected(rule: str) -> None:
    detail_type = RULES[rule]["detail-type"][0]
    sample, expected = _sample_for(rule, detail_type)

    misled = changed(RULES, rule, "source", to=["another"])

    assert astray(sample, expected, misled) == [rule]


def test_a_rule_for_foreign_events_that_accepts_our_own_is_detected() -> None:
    ours = BUS["SaleTriggered.v1"]

    greedy = changed(RULES, "ReceiveEventRule", "source", to=...)

    assert astray(ours, REACHES["SaleTriggered"], greedy) == ["ReceiveEventRule"]


# messages


@pytest.mark.parametrize("function", QUEUES)
def test_a_message_without_a_rule_or_a_sample_is_detected(function: str) -> None:
    known = [*BUS.values(), *FOREIGN.values(), *OF_CUSTOMERS.values(), *OF_WEBHOOKS.values()]
    for message in QUEUES[function]["Records"]:
        event = json.loads(message["body"])
        assert unlike_the_bus(function, message, known, RULES) == []

        assert unlike_the_bus(function, {"body": json.dumps(event | {"id": "another"})}, known, RULES)
        assert unlike_the_bus(function, {"body": json.dumps(BUS["ProgramGroupUpdated.v1"])}, known, RULES)
        deaf = changed(RULES, _rule(function), "detail-type", to=["Nothing"])
        assert unlike_the_bus(function, message, known, deaf) == [f"{_rule(function)} does not let it through"]


def test_a_new_detail_type_of_the_emitter_lacks_a_sample() -> None:
    def risen(old: Any, new: Any) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
        yield "MoonRisen", 1, {}

    with mock.patch.dict(events._ANNOUNCERS, {"transaction": risen}):
        made = list(emitted())

    assert "MoonRisen" in {event.detail_type for event in made} - detail_types()
    with pytest.raises(FileNotFoundError):
        schema_of("MoonRisen")


def _rule(function: str) -> str:
    return "".join(word.title() for word in function.split("_")) + "Rule"


def _any_text(schema: Mapping[str, Any], part: str, member: str, value: Any) -> bool:
    """True if the member may be any text, such as the ids that other systems assign."""
    allowed = schema["properties"]["detail"]["properties"][part]["properties"][member]
    return value == "" and "string" in allowed.get("type", ()) and not {"pattern", "minLength"} & allowed.keys()
