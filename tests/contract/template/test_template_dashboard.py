"""The dashboard shows what there is: each of its metrics is one of a resource of the template."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.template.metrics import METRICS
from tests.stack.house import in_process
from tests.template import ROOT, expanded_template, resources, target

QUEUES = resources("AWS::SQS::Queue")
FILTERS = resources("AWS::Logs::MetricFilter")
DEAD_LETTERS = {target(it["RedrivePolicy"]["deadLetterTargetArn"]) for it in QUEUES.values() if "RedrivePolicy" in it}
#: Lambda's name of a function is its Ref, an API's id too; a queue's name is an attribute.
REFERENCE = re.compile(r"\$\{(\w+)(\.QueueName)?\}")


def shown() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Namespace, metric and dimension of all that the dashboard shows."""
    (dashboard,) = resources("AWS::CloudWatch::Dashboard").values()
    for widget in json.loads(dashboard["DashboardBody"]["Fn::Sub"])["widgets"]:
        for namespace, metric, *rest in widget["properties"]["metrics"]:
            yield namespace, metric, tuple(part for part in rest if isinstance(part, str))


def counted() -> dict[tuple[str, str], dict[str, Any]]:
    """What the metric filters count: namespace and name, with the filter."""
    found = {}
    for one in FILTERS.values():
        (transformation,) = one["MetricTransformations"]
        found[transformation["MetricNamespace"]["Fn::Sub"], transformation["MetricName"]] = one
    return found


def test_every_metric_is_one_of_a_resource_of_the_template() -> None:
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
    waiting = {REFERENCE.fullmatch(it[2][1])[1] for it in metrics if it[1] == "ApproximateAgeOfOldestMessage"}
    set_aside = {REFERENCE.fullmatch(it[2][1])[1] for it in metrics if it[1] == "ApproximateNumberOfMessagesVisible"}

    assert {(namespace, metric) for namespace, metric, _ in metrics if not namespace.startswith("AWS/")} == set(
        counted()
    )
    assert {metric for _, metric in counted()} == {"Sales", "Refunds", "Awards", "Obligations"}
    assert set_aside == DEAD_LETTERS | {"UnpublishableRecords"}
    assert waiting == set(QUEUES) - set_aside
    assert ("AWS/Lambda", "IteratorAge", ("FunctionName", "${PublishEvents}")) in metrics


def test_what_is_counted_stands_in_the_relays_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"), in_process() as house:
        house.sale()
        house.deliver()
        house.refund()
        house.deliver()
    announced = [record.announced for record in caplog.records if record.message == "published"]

    for one in FILTERS.values():
        (transformation,) = one["MetricTransformations"]
        (detail_type,) = re.fullmatch(r"\{ \$\.announced\.(\w+) = \* \}", one["FilterPattern"]).groups()
        assert transformation["MetricValue"] == f"$.announced.{detail_type}"
        assert target(one["LogGroupName"]) == "PublishEventsLogs"
        assert sum(names.get(detail_type, 0) for names in announced) == 1
        assert (ROOT / "events/bus" / f"{detail_type}.v1.json").exists()
