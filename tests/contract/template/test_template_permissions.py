"""Least privilege: each function may do only its own work."""

import collections
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.template import Template, expanded_template, raw_template, resources, target
from tributary.api.lists.resource import Resource
from tributary.api.routes import ROUTES
from tributary.api.siren import resources as siren
from tributary.ledger.store import audit
from tributary.ledger.webhooks import subscriptions

ROLES = resources("AWS::IAM::Role")
FUNCTIONS = resources("AWS::Lambda::Function")
#: The roles that schedules send their message with, and for each their group and the functions that make and get them.
OF_SCHEDULES = {
    "ReminderRole": ("Reminders", "ScheduleReminders", "ReleaseReminder"),
    "RetryRole": ("Retries", "SendWebhook", "SendWebhook"),
}
EACH_OF_SCHEDULES = pytest.mark.parametrize(
    ("role", "group", "makes", "gets"), [(role, *others) for role, others in OF_SCHEDULES.items()]
)
SOURCES = resources("AWS::Lambda::EventSourceMapping")
POLICIES = resources("AWS::IAM::ManagedPolicy")
WRITES = {"dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}
#: X-Ray has no resources to name.
TRACING = {"Effect": "Allow", "Action": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "Resource": "*"}
_SCHEDULES_OF = r"arn:\$\{AWS::Partition\}:scheduler:\$\{AWS::Region\}:\$\{AWS::AccountId\}:schedule/\$\{(\w+)\}/"


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def policies(role: Template) -> Iterator[Template]:
    """A role's own policies, and those that it shares."""
    yield from role.get("Policies", [])
    yield from (POLICIES[target(arn)] for arn in role.get("ManagedPolicyArns", []))


def statements() -> Iterator[tuple[str, Template]]:
    """Each role with each of its statements, tracing apart."""
    for name, role in ROLES.items():
        for policy in policies(role):
            of_policy = listed(policy["PolicyDocument"]["Statement"])
            yield from ((name, statement) for statement in of_policy if statement != TRACING)


def test_every_function_has_a_role_that_no_other_uses():
    uses = collections.Counter(target(it["Role"]) for it in FUNCTIONS.values())
    assert uses == dict.fromkeys(ROLES.keys() - OF_SCHEDULES.keys(), 1)


def test_only_lambda_and_this_stacks_schedules_may_assume_a_role():
    for name, role in ROLES.items():
        [statement] = role["AssumeRolePolicyDocument"]["Statement"]
        service = "scheduler" if name in OF_SCHEDULES else "lambda"
        assert statement["Principal"] == {"Service": f"{service}.amazonaws.com"}
    for name, (group, _, _) in OF_SCHEDULES.items():
        [trust] = ROLES[name]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Condition"] == {
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
            "ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": [group, "Arn"]}},
        }


@EACH_OF_SCHEDULES
def test_a_schedule_may_only_send_to_its_functions_queue_and_dead_letter_queue(role, group, makes, gets):
    [queue] = [target(it["EventSourceArn"]) for it in SOURCES.values() if target(it["FunctionName"]) == gets]
    dead_letters = target(resources("AWS::SQS::Queue")[queue]["RedrivePolicy"]["deadLetterTargetArn"])
    [may] = [it for name, it in statements() if name == role]
    variables = FUNCTIONS[makes]["Environment"]["Variables"]

    assert may["Action"] == ["sqs:SendMessage"]
    assert [target(arn) for arn in may["Resource"]] == [queue, dead_letters]
    assert target(variables["SCHEDULED_QUEUE_ARN"]) == queue
    assert target(variables["SCHEDULED_DEAD_LETTERS_ARN"]) == dead_letters
    assert target(variables["SCHEDULE_ROLE_ARN"]) == role
    assert target(variables["SCHEDULE_GROUP"]) == group


@EACH_OF_SCHEDULES
def test_a_function_makes_schedules_in_its_group_and_passes_only_their_role(role, group, makes, gets):
    made = {name: it for name, it in statements() if "scheduler:CreateSchedule" in it["Action"]}
    passed = {name: it for name, it in statements() if "iam:PassRole" in it["Action"]}
    maker = target(FUNCTIONS[makes]["Role"])

    assert made.keys() == passed.keys() == {target(FUNCTIONS[it]["Role"]) for _, it, _ in OF_SCHEDULES.values()}
    assert owner(made[maker]["Resource"]) == group
    assert target(passed[maker]["Resource"]) == role
    assert passed[maker]["Condition"] == {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}


def test_every_shared_policy_is_the_stacks_own_and_used():
    shared = [target(arn) for role in ROLES.values() for arn in role.get("ManagedPolicyArns", [])]
    assert set(shared) == POLICIES.keys()
    assert not [name for name, it in POLICIES.items() if it.keys() & {"Roles", "Users", "Groups"}]


def test_every_function_may_trace_and_no_other_permission_is_for_every_resource():
    tracing = [
        name
        for name, role in ROLES.items()
        for policy in policies(role)
        if TRACING in listed(policy["PolicyDocument"]["Statement"])
    ]
    assert sorted(tracing) == sorted(ROLES.keys() - OF_SCHEDULES.keys())
    assert not [(name, it) for name, it in statements() if it["Resource"] == "*"]


def test_every_permission_names_its_actions():
    assert not [
        (name, it["Action"]) for name, it in statements() if any("*" in action for action in listed(it["Action"]))
    ]
    assert not [name for name, it in statements() if "NotAction" in it or "NotResource" in it]


def test_every_permission_names_a_resource_of_this_stack():
    known = expanded_template()["Resources"]
    assert not [
        (name, it) for name, it in statements() if any(owner(arn) not in known for arn in listed(it["Resource"]))
    ]


def owner(arn: Any) -> str | None:
    """The resource that an ARN begins with, or its group of schedules.

    A star may follow it, as for the keys of a bucket, but not precede it."""
    match arn:
        case {"Fn::Sub": str(text)} if begins := re.match(rf"\$\{{(\w+)\.Arn\}}/|{_SCHEDULES_OF}", text):
            return begins[1] or begins[2]
        case _:
            return target(arn)


def test_only_functions_with_idempotent_posts_store_answers():
    """No GetItem is needed: a failed claim returns the stored item."""
    keeping = {
        target(FUNCTIONS[name]["Role"])
        for name, it in raw_template()["Resources"].items()
        if it["Type"] == "AWS::Serverless::Function" and it["Properties"]["CodeUri"].split("/")[1] in of_posts()
    }
    actions = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
    may = [(name, it["Action"]) for name, it in statements() if target(it["Resource"]) == "IdempotencyTable"]
    assert sorted(may) == sorted((role, actions) for role in keeping)


def of_posts() -> set[str]:
    return {route.function for route in ROUTES if route.method == "POST" and not route.secret}


def test_every_function_writes_to_the_log_group_that_it_is_given_and_to_no_other():
    for function in FUNCTIONS.values():
        writes = [
            it for name, it in statements() if name == target(function["Role"]) and "logs:PutLogEvents" in it["Action"]
        ]
        assert [target(it["Resource"]) for it in writes] == [target(function["LoggingConfig"]["LogGroup"])]


def test_events_are_put_under_the_stacks_own_source_only():
    """A request has a source per entry, and ForAllValues is true of none."""
    own = {"events:source": "tributary"}
    condition = {"ForAllValues:StringEquals": own, "Null": {"events:source": "false"}}
    puts = [it for _, it in statements() if "events:PutEvents" in it["Action"]]
    assert puts
    assert all(it["Condition"] == condition for it in puts)


def test_the_bus_accepts_the_stacks_own_events_from_the_relay_only():
    [policy] = resources("AWS::Events::EventBusPolicy").values()
    may_put = [name for name, it in statements() if "events:PutEvents" in it["Action"]]
    statement = policy["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Deny", "events:PutEvents")
    assert statement["Condition"]["ForAnyValue:StringEquals"] == {"events:source": "tributary"}
    assert statement["Condition"].keys() == {"ForAnyValue:StringEquals", "ArnNotEquals"}
    assert [target(statement["Condition"]["ArnNotEquals"]["aws:PrincipalArn"])] == may_put


@pytest.mark.parametrize(
    ("role", "partitions"),
    [("SendWebhookRole", {"demo#webhooks"}), ("ManageWebhooksRole", {"demo#webhooks", "demo#audit#7"})],
)
def test_functions_of_webhooks_write_to_their_own_partitions_of_the_ledger(role: str, partitions: set[str]) -> None:
    key = audit._item("demo", {"id": 7}, "2026-11-30T12:00:00.000Z")["pk"]
    written = {subscriptions.key("demo", 1)[0], subscriptions.count_key("demo")[0], key}
    writes = [
        it
        for name, it in statements()
        if name == role and target(it["Resource"]) == "Table" and set(it["Action"]) & WRITES
    ]

    may = [it["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"] for it in writes]
    others = {"api-key#*", "*#api-keys"}
    allowed = [pattern for patterns in may for pattern in patterns if pattern not in others]
    assert {it for it in written if any(fnmatchcase(it, pattern) for pattern in allowed)} == partitions
    assert not any(fnmatchcase("demo#sale#1", pattern) for pattern in allowed)


def test_conditions_on_keys_of_several_values_say_which_of_them() -> None:
    """`events:source` and `dynamodb:LeadingKeys` have a value for each entry or item of a request."""
    several = ("events:source", "events:detail-type", "dynamodb:LeadingKeys", "dynamodb:Attributes")
    conditions = [it.get("Condition", {}) for _, it in statements()]
    conditions += [it["Statement"]["Condition"] for it in resources("AWS::Events::EventBusPolicy").values()]
    tested = [(operator, key) for it in conditions for operator, keys in it.items() for key in keys if key in several]

    assert tested
    assert not [it for it in tested if not it[0].startswith(("ForAllValues:", "ForAnyValue:", "Null"))]


def test_what_is_sealed_is_opened_by_functions_of_its_owners_only() -> None:
    """The key is one, so the encryption context tells bank data, webhooks and connections apart."""
    conditions = {}
    for role, statement in statements():
        if any(action.startswith("kms:") for action in listed(statement["Action"])):
            owners = listed(statement["Condition"]["StringLike"]["kms:EncryptionContext:owner"])
            conditions[role] = sorted({owner.partition("#")[0] for owner in owners})

    assert set(map(tuple, conditions.values())) == {("collaborator", "payer"), ("connection",), ("webhook",)}
    assert "MakePaymentFilesRole" in conditions


def test_queues_and_bucket_refuse_requests_without_tls() -> None:
    """A queue has one policy, so a second one would replace the first."""
    denied: collections.Counter[str] = collections.Counter()
    for policy in [*resources("AWS::SQS::QueuePolicy").values(), *resources("AWS::S3::BucketPolicy").values()]:
        named = [str(target(it)) for it in policy.get("Queues", [policy.get("Bucket")])]
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}:
                assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
                assert statement["Action"] in ("sqs:*", "s3:*")
                assert {owner_of(it) for it in listed(statement["Resource"])} == set(named)
                denied.update(named)

    assert denied == dict.fromkeys(resources("AWS::SQS::Queue").keys() | resources("AWS::S3::Bucket").keys(), 1)


def owner_of(arn: Any) -> str:
    """The resource of an ARN, or of what is below it."""
    return str(target(arn) or re.match(r"\$\{(\w+)\.Arn\}", arn["Fn::Sub"])[1])  # type: ignore[index]


def test_a_list_with_a_filter_by_parent_may_query_the_index_of_parents():
    lists = {it.path.strip("/"): it.function for it in ROUTES if (it.method, it.dialect) == ("GET", "siren")}
    filtered = {name.lower() for name, it in vars(siren).items() if isinstance(it, Resource) and it.parents}
    may = {name for name, it in statements() if {"Fn::Sub": "${Table.Arn}/index/parents"} in listed(it["Resource"])}
    roles = {it["CodeUri"].split("/")[1]: target(it["Role"]) for it in functions()}

    assert {"transactions", "obligations"} <= filtered
    assert not [name for name in filtered if roles[lists[name.replace("_", "-")]] not in may]


def functions() -> list[Template]:
    """Functions as the template writes them."""
    return [
        it["Properties"] for it in raw_template()["Resources"].values() if it["Type"] == "AWS::Serverless::Function"
    ]


def test_issue_obligation_reads_by_query_and_only_open_rises_by_key():
    [may] = [
        it["Action"] for name, it in statements() if name == "IssueObligationRole" and target(it["Resource"]) == "Table"
    ]
    assert may == ["dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]
