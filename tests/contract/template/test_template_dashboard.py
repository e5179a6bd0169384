"""Metrics of the dashboard: each belongs to a resource of the template."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.template.metrics import METRICS
from tests.stack.house import in_process
from tests.template import ROOT, expanded_template, resources, target
from tributary.ledger.payouts import proofs
from tributary.workflows.webhooks import sending

QUEUES = resources("AWS::SQS::Queue")
FILTERS = resources("AWS::Logs::MetricFilter")
DEAD_LETTERS = {target(it["RedrivePolicy"]["deadLetterTargetArn"]) for it in QUEUES.values() if "RedrivePolicy" in it}
#: Lambda's name of a function is its Ref, an API's id too; a queue's name is an attribute.
REFERENCE = re.compile(r"\$\{(\w+)(\.QueueName)?\}")
STACK = "${AWS::StackName}"
SEARCH = re.compile(r"SEARCH\('\{AWS/SQS,QueueName\} MetricName=\"(\w+)\" (.+)', 'Maximum', 300\)")


def metrics() -> Iterator[list[Any]]:
    (dashboard,) = resources("AWS::CloudWatch::Dashboard").values()
    for widget in json.loads(dashboard["DashboardBody"]["Fn::Sub"])["widgets"]:
        yield from widget["properties"]["metrics"]


def shown() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Namespace, metric and dimension of every metric on the dashboard."""
    for first, *rest in metrics():
        if isinstance(first, dict):
            metric, terms = SEARCH.fullmatch(first["expression"]).groups()
            yield from (("AWS/SQS", metric, ("QueueName", f"${{{it}.QueueName}}")) for it in queues_found(terms))
        else:
            metric, *others = rest
            yield first, metric, tuple(part for part in others if isinstance(part, str))


def queues_found(terms: str) -> list[str]:
    """The queues whose generated name has every term, and none that follows a NOT."""
    without = re.findall(r"NOT (\S+)", terms)
    wanted = re.sub(r"NOT \S+", "", terms).split()
    assert wanted[0] == STACK
    names = {f"{STACK}-{name}-1A2B3C4D5E6F": name for name in QUEUES}
    return [
        queue
        for name, queue in names.items()
        if all(term in name for term in wanted) and not any(term in name for term in without)
    ]


def counted() -> dict[tuple[str, str], dict[str, Any]]:
    """Metrics of the metric filters: namespace and name, with the filter."""
    found = {}
    for one in FILTERS.values():
        (transformation,) = one["MetricTransformations"]
        found[transformation["MetricNamespace"]["Fn::Sub"], transformation["MetricName"]] = one
    return found


def test_every_metric_belongs_to_a_resource_of_the_template() -> None:
    for namespace, metric, dimension in shown():
        if not namespace.startswith("AWS/"):
            assert (namespace, metric) in counted()
            continue
        name, value = dimension
        (resource, attribute) = REFERENCE.fullmatch(value).groups()
        kind = METRICS[namespace, metric, name]
        assert expanded_template()["Resources"][resource]["Type"] == kind
        assert (attribute is not None) == (kind == "AWS::SQS::Queue")


def test_it_shows_all_that_is_counted_every_queue_and_the_relay() -> None:
    metrics = list(shown())
    waiting = [REFERENCE.fullmatch(it[2][1])[1] for it in metrics if it[1] == "ApproximateAgeOfOldestMessage"]
    dead = [REFERENCE.fullmatch(it[2][1])[1] for it in metrics if it[1] == "ApproximateNumberOfMessagesVisible"]

    assert {(namespace, metric) for namespace, metric, _ in metrics if not namespace.startswith("AWS/")} == set(
        counted()
    )
    assert {metric for _, metric in counted()} == {
        "Sales",
        "Refunds",
        "Awards",
        "Obligations",
        "Refusals",
        "Disproved",
        "SwitchedOff",
    }
    assert sorted(dead) == sorted(DEAD_LETTERS | {"UnpublishableRecords"})
    assert sorted(waiting) == sorted(QUEUES.keys() - set(dead))
    assert ("AWS/Lambda", "IteratorAge", ("FunctionName", "${PublishEvents}")) in metrics


def test_counted_fields_are_in_the_relays_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"), in_process() as house:
        house.sale()
        house.deliver()
        house.refund()
        house.deliver()
    announced = [record.announced for record in caplog.records if record.message == "published"]

    of_relay = [it for it in FILTERS.values() if target(it["LogGroupName"]) == "PublishEventsLogs"]
    assert len(of_relay) == len(FILTERS) - 3
    for one in of_relay:
        (transformation,) = one["MetricTransformations"]
        (detail_type,) = re.fullmatch(r"\{ \$\.announced\.(\w+) = \* \}", one["FilterPattern"]).groups()
        assert transformation["MetricValue"] == f"$.announced.{detail_type}"
        assert sum(names.get(detail_type, 0) for names in announced) == 1
        assert (ROOT / "events/bus" / f"{detail_type}.v1.json").exists()


def test_disproofs_and_switched_off_webhooks_are_counted_by_the_line_of_the_code() -> None:
    counted_lines = [it["FilterPattern"] for it in FILTERS.values() if target(it["LogGroupName"]) == "ConsumerLogs"]

    lines = [re.fullmatch(r'\{ \$\.message = "(.+)" \}', it)[1] for it in counted_lines]
    assert sorted(lines) == sorted([proofs.SAID_SO, sending.SAID_SO])


def test_refusals_are_counted_by_their_status_in_the_access_log() -> None:
    (refusals,) = [it for it in FILTERS.values() if target(it["LogGroupName"]) == "ApiLogs"]
    written = json.loads(resources("AWS::ApiGatewayV2::Stage")["WordPressStage"]["AccessLogSettings"]["Format"])

    assert re.findall(r"\$\.(\w+) = ", refusals["FilterPattern"]) == ["status"] * 3
    assert re.findall(r'"(\d+)"', refusals["FilterPattern"]) == ["401", "403", "429"]
    assert written["status"] == "$context.status"  # text, so the pattern compares text
