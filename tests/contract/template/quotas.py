"""AWS's quotas for a stack, counted in the template as CloudFormation sees it."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from tests.contract.template.sizes import NAME, length, of_kind, of_layers, resolved, stack_names, statement
from tests.template import Template, target


class Quota(NamedTuple):
    """A limit of AWS, and the largest use of it in the template. `source` states where the limit was read."""

    name: str
    used: float
    limit: float
    source: str

    @property
    def share(self) -> float:
        return self.used / self.limit


def quotas(template: Template) -> list[Quota]:
    return [*_of_the_stack(template), *_of_the_api(template), *_of_functions(template), *_of_the_rest(template)]


def _of_the_stack(template: Template) -> Iterator[Quota]:
    cfn_lint = "cfn-lint's data"
    yield Quota("resources of a stack", len(template["Resources"]), 500, cfn_lint)
    yield Quota("outputs of a stack", len(template["Outputs"]), 200, cfn_lint)
    yield Quota("parameters of a stack", len(template["Parameters"]), 200, cfn_lint)
    yield Quota("bytes of a template in S3", len(json.dumps(template)), 1_000_000, cfn_lint)
    names = [it["Properties"]["Name"] for it in template["Resources"].values() if "ScheduleGroup" in it["Type"]]
    longest = max(len(str(resolved(name)).replace(NAME, stack)) for name in names for stack in stack_names())
    yield Quota("characters of a schedule group's name", longest, 64, "botocore's shapes")


def _of_the_api(template: Template) -> Iterator[Quota]:
    page = "HTTP API quotas"
    (api,) = of_kind(template, "AWS::ApiGatewayV2::Api").values()
    stages = of_kind(template, "AWS::ApiGatewayV2::Stage").values()
    # SAM writes an integration for each route.
    routes = sum(len(operations) for operations in api["Body"]["paths"].values())
    yield Quota("routes of an API", routes, 300, f"{page}; can be raised")
    yield Quota("integrations of an API", routes, 300, page)
    yield Quota("stages of an API", len(stages), 10, f"{page}; can be raised")
    formats = [len(it["AccessLogSettings"]["Format"]) for it in stages]
    yield Quota("bytes of an access log's format", max(formats), 3 * 1024, page)


def _of_functions(template: Template) -> Iterator[Quota]:
    page = "Lambda quotas"
    functions = of_kind(template, "AWS::Lambda::Function").values()
    policies = Counter[str]()
    for name, it in of_kind(template, "AWS::Lambda::Permission").items():
        policies[str(target(it["FunctionName"]))] += length(statement(name, it))
    yield Quota("bytes of a function's resource policy", max(policies.values()), 20 * 1024, page)
    environments = [length(it["Environment"]["Variables"]) for it in functions]
    yield Quota("bytes of a function's environment", max(environments), 4 * 1024, page)
    yield Quota("layers of a function", max(len(it["Layers"]) for it in functions), 5, page)
    yield Quota("bytes of a function with its layers", of_layers(), 250 * 1024**2, page)
    page, roles = "IAM quotas", of_kind(template, "AWS::IAM::Role").values()
    own = [sum(length(it["PolicyDocument"]) for it in role.get("Policies", [])) for role in roles]
    yield Quota("characters of a role's own policies", max(own), 10_240, page)
    trusted = [length(role["AssumeRolePolicyDocument"]) for role in roles]
    yield Quota("characters of a role's trust", max(trusted), 2_048, f"{page}; can be raised")
    attached = [len(role.get("ManagedPolicyArns", [])) for role in roles]
    yield Quota("managed policies of a role", max(attached), 10, f"{page}; can be raised")
    managed = [length(it["PolicyDocument"]) for it in of_kind(template, "AWS::IAM::ManagedPolicy").values()]
    yield Quota("characters of a managed policy", max(managed), 6_144, page)


def _of_the_rest(template: Template) -> Iterator[Quota]:
    page, rules = "EventBridge quotas", of_kind(template, "AWS::Events::Rule").values()
    buses = Counter(str(target(it.get("EventBusName"))) for it in rules)
    yield Quota("rules of a bus", max(buses.values()), 100, f"{page}: 300, and 100 in two regions; can be raised")
    yield Quota("targets of a rule", max(len(it["Targets"]) for it in rules), 5, page)
    patterns = [length(it["EventPattern"]) for it in rules if "EventPattern" in it]
    yield Quota("characters of an event pattern", max(patterns), 2_048, f"{page}; can be raised")
    of_bus = [length(it["Statement"]) for it in of_kind(template, "AWS::Events::EventBusPolicy").values()]
    yield Quota("characters of a bus's policy", sum(of_bus), 10_240, f"{page}; can be raised")
    page, policies = "SQS policy quotas", of_kind(template, "AWS::SQS::QueuePolicy").values()
    yield Quota("bytes of a queue's policy", max(length(it["PolicyDocument"]) for it in policies), 8_192, page)
    statements = max(len(it["PolicyDocument"]["Statement"]) for it in policies)
    yield Quota("statements of a queue's policy", statements, 20, page)
    page, tables = "DynamoDB quotas", of_kind(template, "AWS::DynamoDB::Table").values()
    indexes = [it.get("GlobalSecondaryIndexes", []) for it in tables]
    yield Quota("indexes of a table", max(map(len, indexes)), 20, f"{page}; can be raised")
    projected = [sum(len(it["Projection"].get("NonKeyAttributes", [])) for it in each) for each in indexes]
    yield Quota("projected attributes of a table's indexes", max(projected), 100, page)
    filters = Counter(str(target(it["LogGroupName"])) for it in of_kind(template, "AWS::Logs::MetricFilter").values())
    yield Quota("metric filters of a log group", max(filters.values()), 100, "CloudWatch Logs quotas")
    metrics = [_shown(it["DashboardBody"]) for it in of_kind(template, "AWS::CloudWatch::Dashboard").values()]
    yield Quota("metrics of a dashboard's widget", max(map(max, metrics)), 500, "CloudWatch quotas")


def _shown(body: Any) -> list[int]:
    """Number of metrics per widget. A search counts for a hundred, its default limit."""
    widgets = json.loads(body["Fn::Sub"])["widgets"]
    each = ([100 if isinstance(it[0], dict) else 1 for it in one["properties"]["metrics"]] for one in widgets)
    return [sum(widget) for widget in each]


def over(found: Iterable[Quota], share: float = 0.9) -> list[str]:
    """The names of quotas that are used up to a share."""
    return [it.name for it in found if it.share >= share]
