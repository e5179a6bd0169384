"""The samples in events/ and their checks. Each check returns the errors, so that a test can show that it finds
them.
"""

import copy
import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
from moto.events.models import EventPattern

from tests.contract.api.routes import Routes, routes_of_the_template
from tests.template import ROOT, resources
from tributary.domain import (
    distribution_events,
    earned_events,
    events,
    organization_events,
    payout_events,
    shop_events,
)
from tributary.ledger.store.values import decode_item

EVENTS = ROOT / "events"
MAX_ID = 2**53 - 1

Event = Mapping[str, Any]
Rules = Mapping[str, Mapping[str, Any]]
Faults = list[str]

#: Rules that each event reaches. Events without an entry are for other systems' rules.
REACHES = {
    "SaleTriggered": {"AttributeSaleRule", "IssueObligationRule", "ShareRevenueRule"},
    "SaleChanged": {"AttributeSaleRule", "ShareRevenueRule"},
    "RefundTriggered": {"AttributeSaleRule", "ShareRevenueRule"},
    "RefundWithdrawn": {"AttributeSaleRule", "ShareRevenueRule"},
    "TransactionAmended": {"AttributeSaleRule", "IssueObligationRule", "ShareRevenueRule"},
    "TransactionCancelled": {"AttributeSaleRule", "ShareRevenueRule"},
    "TransactionDeleted": {"ShareRevenueRule"},
    "LeadTriggered": {"AttributeSaleRule", "IssueObligationRule"},
    "ReferralTold": {"AttributeSaleRule"},
    "ConversionAwarded": {"IssueObligationRule"},
    "ConversionApproved": {"IssueObligationRule"},
    "ConversionRevalued": {"IssueObligationRule"},
    "ConversionRejected": {"IssueObligationRule"},
    "ConversionReopened": {"IssueObligationRule"},
    "ConversionDeleted": {"IssueObligationRule"},
    "OpportunitySettled": {"SettleEngagementsRule"},
    "OpportunityInvalidated": {"SettleEngagementsRule"},
    "FulfillmentCreated": {"SettlePayoutsRule"},
    "FulfillmentHandedOver": {"SettlePayoutsRule"},
    "FulfillmentStatusChanged": {"SettlePayoutsRule"},
    "PayoutFailed": {"SettlePayoutsRule"},
    "PayoutCancelled": {"SettlePayoutsRule"},
    "ecommerce.order_placed": {"FollowOrderRule", "ScheduleRemindersRule"},
    "ecommerce.order_cancelled": {"FollowOrderRule", "ScheduleRemindersRule"},
    "ecommerce.order_fulfilled": {"FollowOrderRule"},
    "ecommerce.order_refunded": {"FollowOrderRule", "ScheduleRemindersRule"},
    "ProductRestocked": {"AnnounceRestockRule"},
}
OTHER_SYSTEMS_IDS = (
    "externalId", "correlationId", "causationId", "orderId", "jobId", "refundId", "providerProductId",
    "providerVariantId", "productId", "variantId", "checkoutId", "metricId",
)  # fmt: skip
#: Titles of objects to which organizations add their own members.
OPEN = ("with the organization's own properties",)


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def read_all(directory: str) -> dict[str, Any]:
    """Every sample of a directory of events/, by the name of its file."""
    return {path.stem: read(path) for path in sorted((EVENTS / directory).glob("*.json"))}


def changed(whole: Any, *path: Any, to: Any) -> Any:
    """A copy of a sample, schema or rule with another value at a path; without the member, if it is `...`."""
    whole = copy.deepcopy(whole)
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    if to is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = to
    return whole


def schema_of(detail_type: str) -> Any:
    return read(EVENTS / "schemas" / f"{detail_type}.v{events.SCHEMA_VERSION}.json")


def images(record: Mapping[str, Any]) -> tuple[Any, Any]:
    changed = record["dynamodb"]
    return tuple(decode_item(changed[name]) if name in changed else None for name in ("OldImage", "NewImage"))


def records() -> list[Any]:
    return [record for sample in read_all("stream").values() for record in sample["Records"]]


def emitted(changes: Iterable[Mapping[str, Any]] | None = None) -> Iterator[events.Event]:
    """The emitter's events for the records in events/stream, or for others."""
    for record in records() if changes is None else changes:
        yield from events.events_of(*images(record))


def on_the_bus(event: events.Event) -> Event:
    """An event of the emitter in the bus's envelope."""
    return {**read(EVENTS / "bus/SaleTriggered.v1.json"), "detail-type": event.detail_type, "detail": event.detail}


def detail_types() -> set[str]:
    """Every detail type that the emitter's sources name."""
    modules = (events, distribution_events, earned_events, organization_events, payout_events, shop_events)
    source = "".join(Path(module.__file__).read_text() for module in modules)
    managed = re.findall(r'_managed\("(\w+)"\)', source)
    both = {name + what for name in managed for what in ("Created", "Updated")}
    return both | set(re.findall(r'"((?:[A-Z][a-z]+){2,}|ecommerce\.\w+)"', source))


@functools.cache
def rules() -> Rules:
    """Rules for events; a schedule has no pattern."""
    found = resources("AWS::Events::Rule").items()
    return {name: properties["EventPattern"] for name, properties in found if "EventPattern" in properties}


def reached(event: Event, patterns: Rules) -> set[str]:
    return {name for name, pattern in patterns.items() if _matches(event, pattern)}


def _matches(event: Event, pattern: Mapping[str, Any]) -> bool:
    return bool(_matcher(json.dumps(pattern)).matches_event(event))


# errors of a sample of the bus


def unlike_the_emitter(name: str, sample: Event, made: Iterable[events.Event]) -> Faults:
    named = f"{sample['detail-type']}.v{sample['detail']['metadata']['version']}"
    of_the_type = [event.detail for event in made if event.detail_type == sample["detail-type"]]
    faults = [] if sample["detail"] in of_the_type else [f"{name}: no record of the stream makes this"]
    return faults if name == named else [*faults, f"{name}: it is a {named}"]


def against_the_schema(event: Event, schema: Mapping[str, Any]) -> Faults:
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(event)]


def astray(event: Event, expected: set[str], patterns: Rules) -> Faults:
    """The rules that match it although they should not, or the other way round."""
    return sorted(reached(event, patterns) ^ expected)


# errors of a schema


def open_parts(schema: Mapping[str, Any]) -> Faults:
    """Objects that accept any member, and ids too large for a client's integers."""
    jsonschema.Draft202012Validator.check_schema(schema)
    parts = list(_members(schema))
    open_objects = [name for name, part in parts if _open(part)]
    ids = [(name, part) for name, part in parts if name.endswith("Id") and name not in OTHER_SYSTEMS_IDS]
    return open_objects + [name for name, part in ids if "integer" not in part["type"] or part.get("maximum") != MAX_ID]


# errors of the rules


def unsampled_types(patterns: Rules, known: Iterable[Event]) -> Faults:
    """Detail types that a rule names without a sample, or lets through without naming."""
    known = list(known)
    return [
        f"{name}: {detail_type}"
        for name, pattern in patterns.items()
        for detail_type in {event["detail-type"] for event in known if _matches(event, pattern)}
        ^ set(pattern["detail-type"])
    ]


# errors of messages and calls


def unlike_the_bus(function: str, message: Mapping[str, Any], known: Iterable[Event], patterns: Rules) -> Faults:
    """Errors of a queue's message, which is an event of the bus that the consumer's rule lets through."""
    event = json.loads(message["body"])
    rule = "".join(word.title() for word in function.split("_")) + "Rule"
    faults = [] if event in known else [f"{function}: this is no sample of the bus"]
    return faults if rule in reached(event, patterns) else [*faults, f"{rule} does not let it through"]


def misrouted(call: Mapping[str, Any], routes: Routes) -> Faults:
    """Errors of a call, which names one route of the template throughout."""
    key, http = call["routeKey"], call["requestContext"]["http"]
    faults = [] if key in dict(routes) else [f"{key} is no route"]
    if call["requestContext"]["routeKey"] != key or http["path"] != call["rawPath"]:
        faults.append(f"{key} contradicts itself")
    method, _, path = key.rpartition(" ")
    if method and (http["method"], path.format(**call.get("pathParameters", {}))) != (method, call["rawPath"]):
        faults.append(f"{key} is not called by {http['method']} {call['rawPath']}")
    return faults


def uncalled(routes: Routes, calls: Iterable[Mapping[str, Any]]) -> Faults:
    """Routes without a sample."""
    called = {call["routeKey"] for call in calls}
    return sorted(key for key, _ in routes if key not in called)


def unsampled_functions(functions: Iterable[str], routes: Routes) -> Faults:
    """Functions without a sample of their input."""
    called = {dict(routes).get(call["routeKey"]) for call in read_all("api").values()}
    return sorted(
        set(functions)
        - called
        - set(read_all("sqs"))
        - set(read_all("schedule"))
        - ({"publish_events"} if records() else set())
    )


@functools.cache
def template_routes() -> Routes:
    return routes_of_the_template()


def _open(part: Mapping[str, Any]) -> bool:
    return part.get("type") == "object" and part["additionalProperties"] and part.get("title") not in OPEN


@functools.cache
def _matcher(pattern: str) -> EventPattern:
    return EventPattern.load(pattern)


def _members(schema: Mapping[str, Any], name: str = "body") -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield name, schema
    for inner, part in schema.get("properties", {}).items():
        yield from _members(part, inner)
