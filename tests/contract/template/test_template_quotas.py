"""The template stays below nine tenths of every quota of AWS that it could reach, and each check is seen to fail."""

import copy
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from tests.contract.template.quotas import Quota, over, quotas
from tests.contract.template.ranges import Range, ranges
from tests.contract.template.sizes import of_kind, stack_names
from tests.template import ROOT, Template, expanded_template

TEMPLATE = expanded_template()
QUOTAS = {it.name: it for it in quotas(TEMPLATE)}
RANGES = {it.name: it for it in ranges(TEMPLATE)}


@pytest.mark.parametrize("quota", QUOTAS.values(), ids=QUOTAS)
def test_every_quota_has_a_tenth_left(quota: Quota) -> None:
    assert quota.used > 0, "nothing is counted, so the quota would never be reached"
    assert over([quota]) == [], f"{quota.used} of {quota.limit}; {quota.source}"


@pytest.mark.parametrize("settings", RANGES.values(), ids=RANGES)
def test_every_setting_is_in_its_range(settings: Range) -> None:
    assert settings.settings
    assert settings.outside == [], f"from {settings.least} to {settings.most}; {settings.source}"


def test_docs_name_every_quota_with_its_limit() -> None:
    rows = [line.split("|")[1:3] for line in (ROOT / "docs/scaling.md").read_text().splitlines() if "|" in line]
    documented = {name.strip(): limit.strip() for name, limit in rows}

    assert {name: documented.get(name) for name in QUOTAS} == {name: f"{it.limit:,}" for name, it in QUOTAS.items()}


def test_docs_name_the_longest_name_of_a_stack() -> None:
    suffix = len("-reminders")

    assert f"at most {64 - suffix} characters" in (ROOT / "docs/scaling.md").read_text()
    assert max(map(len, stack_names())) <= 64 - suffix


# each check is seen to fail


def first(template: Template, kind: str) -> Template:
    return next(iter(of_kind(template, kind).values()))


def many(template: Template, kind: str, count: int, **changes: Any) -> None:
    """More resources like the first of a kind."""
    for number in range(count):
        made = copy.deepcopy(first(template, kind)) | changes
        template["Resources"][f"More{kind.replace(':', '')}{number}"] = {"Type": kind, "Properties": made}


def set_first(kind: str, *path: Any, to: Any) -> Callable[[Template], None]:
    """Another value in the first resource of a kind."""

    def change(template: Template) -> None:
        inner: Any = first(template, kind)
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = to

    return change


def widget_of_every_queue(template: Template) -> None:
    body = first(template, "AWS::CloudWatch::Dashboard")["DashboardBody"]
    search = '[{"expression": "SEARCH()"}]'
    body["Fn::Sub"] = f'{{"widgets": [{{"properties": {{"metrics": [{", ".join([search] * 5)}]}}}}]}}'


def one_function_behind_every_route(template: Template) -> None:
    permissions = of_kind(template, "AWS::Lambda::Permission")
    for it in permissions.values():
        it["FunctionName"] = {"Ref": "ReportSale"}


def every_route_five_times(template: Template) -> None:
    paths = first(template, "AWS::ApiGatewayV2::Api")["Body"]["paths"]
    for path, operations in list(paths.items()):
        for number in range(4):
            paths[f"/{number}{path}"] = operations


def more(section: str) -> Callable[[Template], None]:
    return lambda template: template[section].update({f"More{number}": {"Value": "any"} for number in range(200)})


LONG = "x" * 10_000
STATEMENTS = [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}] * 200
BROKEN: dict[str, Callable[[Template], None]] = {
    "resources of a stack": lambda template: many(template, "AWS::Lambda::Permission", 200),
    "outputs of a stack": more("Outputs"),
    "parameters of a stack": more("Parameters"),
    "bytes of a template in S3": lambda template: template.update(Metadata=LONG * 100),
    "characters of a schedule group's name": set_first(
        "AWS::Scheduler::ScheduleGroup",
        "Name",
        to={"Fn::Sub": "${AWS::StackName}-reminders-of-what-is-bought-again-and-again"},
    ),
    "routes of an API": every_route_five_times,
    "integrations of an API": every_route_five_times,
    "stages of an API": lambda template: many(template, "AWS::ApiGatewayV2::Stage", 8),
    "bytes of an access log's format": set_first("AWS::ApiGatewayV2::Stage", "AccessLogSettings", "Format", to=LONG),
    "bytes of a function's resource policy": one_function_behind_every_route,
    "bytes of a function's environment": set_first("AWS::Lambda::Function", "Environment", "Variables", "A", to=LONG),
    "layers of a function": set_first("AWS::Lambda::Function", "Layers", to=["any"] * 5),
    "characters of a role's own policies": set_first("AWS::IAM::Role", "Policies", 0, "PolicyDocument", "Id", to=LONG),
    "characters of a role's trust": set_first("AWS::IAM::Role", "AssumeRolePolicyDocument", "Id", to=LONG),
    "managed policies of a role": set_first("AWS::IAM::Role", "ManagedPolicyArns", to=["any"] * 9),
    "characters of a managed policy": set_first(
        "AWS::IAM::ManagedPolicy", "PolicyDocument", "Statement", to=STATEMENTS
    ),
    "rules of a bus": lambda template: many(template, "AWS::Events::Rule", 90),
    "targets of a rule": set_first("AWS::Events::Rule", "Targets", to=[{}] * 5),
    "characters of an event pattern": set_first("AWS::Events::Rule", "EventPattern", "detail-type", to=[LONG]),
    "characters of a bus's policy": set_first("AWS::Events::EventBusPolicy", "Statement", "Sid", to=LONG),
    "bytes of a queue's policy": set_first("AWS::SQS::QueuePolicy", "PolicyDocument", "Id", to=LONG),
    "statements of a queue's policy": set_first("AWS::SQS::QueuePolicy", "PolicyDocument", "Statement", to=STATEMENTS),
    "indexes of a table": set_first(
        "AWS::DynamoDB::Table", "GlobalSecondaryIndexes", to=[{"Projection": {"ProjectionType": "KEYS_ONLY"}}] * 18
    ),
    "projected attributes of a table's indexes": set_first(
        "AWS::DynamoDB::Table", "GlobalSecondaryIndexes", to=[{"Projection": {"NonKeyAttributes": ["any"] * 90}}]
    ),
    "metric filters of a log group": lambda template: many(template, "AWS::Logs::MetricFilter", 90),
    "metrics of a dashboard's widget": widget_of_every_queue,
}
OUTSIDE: dict[str, Callable[[Template], None]] = {
    "seconds of a function": set_first("AWS::Lambda::Function", "Timeout", to=901),
    "seconds of a function of the HTTP API": set_first("AWS::Lambda::Function", "Timeout", to=31),
    "megabytes of a function": set_first("AWS::Lambda::Function", "MemorySize", to=64),
    "retention of a queue": set_first("AWS::SQS::Queue", "MessageRetentionPeriod", to=1_209_601),
    "period of an alarm": set_first("AWS::CloudWatch::Alarm", "Period", to=90),
    "retries of a rule": set_first("AWS::Events::Rule", "Targets", 0, "RetryPolicy", "MaximumRetryAttempts", to=186),
    "age of an event for a rule": set_first(
        "AWS::Events::Rule", "Targets", 0, "RetryPolicy", "MaximumEventAgeInSeconds", to=59
    ),
    "concurrent executions of a mapping": lambda template: template["Parameters"]["ConsumerConcurrency"].update(
        MinValue=1
    ),
}


@pytest.fixture
def template() -> Template:
    return expanded_template()


@pytest.mark.parametrize("name", [name for name in QUOTAS if name != "bytes of a function with its layers"])
def test_a_template_that_outgrows_a_quota_is_seen(name: str, template: Template) -> None:
    BROKEN[name](template)

    assert name in over(quotas(template))


def test_a_package_that_outgrows_lambda_is_seen(template: Template) -> None:
    with mock.patch("tests.contract.template.quotas.of_layers", return_value=240 * 1024**2):
        assert over(quotas(template)) == ["bytes of a function with its layers"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_setting_outside_of_its_range_is_seen(name: str, template: Template) -> None:
    OUTSIDE[name](template)

    assert {it.name: it.outside for it in ranges(template)}[name]


@pytest.mark.parametrize(
    ("name", "resource", "setting", "value"),
    [
        ("visibility of a queue per second of its function", "AttributeSaleQueue", "VisibilityTimeout", 100),
        ("visibility of a queue", "SetQuintilesQueue", "VisibilityTimeout", 43_201),
        ("receives before a dead letter", "AttributeSaleQueue", "RedrivePolicy", {"maxReceiveCount": 0}),
        ("batch from a queue without a window", "AttributeSaleEvents", "BatchSize", 11),
        ("batch from a stream", "PublishEventsChanges", "BatchSize", 10_001),
        ("batches of a shard at once", "PublishEventsChanges", "ParallelizationFactor", 11),
        ("age of a record", "PublishEventsChanges", "MaximumRecordAgeInSeconds", 30),
        ("retries of a batch, -1 for any", "PublishEventsChanges", "MaximumRetryAttempts", -2),
    ],
)
def test_a_setting_of_a_queue_or_a_mapping_outside_of_its_range_is_seen(
    name: str, resource: str, setting: str, value: Any, template: Template
) -> None:
    template["Resources"][resource]["Properties"][setting] = value

    assert {it.name: it.outside for it in ranges(template)}[name]
