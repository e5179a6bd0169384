"""Repeated parts of the template have one shape, so that reading one of them is enough."""

import json
from typing import Any

import pytest

from tests.template import Template, raw_template

RESOURCES = raw_template()["Resources"]
TIMEOUT = raw_template()["Globals"]["Function"]["Timeout"]
PARTS = ("", "Role", "Rule", "Queue", "DeadLetters", "QueuePolicy", "DeadLettersAlarm", "AgeAlarm")
#: Their queues get messages from schedules and functions, not from a rule.
OF_SCHEDULES = ("ReleaseReminder", "SendWebhook")
#: Its attempts wait for receivers most of their time, so there may be more of them at once.
WAITING = "SendWebhook"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}],
}
ALARM = {
    "Period": 300,
    "EvaluationPeriods": 1,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
    "AlarmActions": {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]},
}


#: Fires for want of a metric: a filter writes none for hours without a line.
SILENCE = ALARM | {
    "Period": 3600,
    "EvaluationPeriods": {"Ref": "AlarmSilenceHours"},
    "Threshold": 1,
    "ComparisonOperator": "LessThanThreshold",
    "TreatMissingData": "breaching",
}


def functions_on(event: str) -> list[str]:
    """Functions that a kind of event invokes."""
    found = [(name, it["Properties"]) for name, it in RESOURCES.items() if it["Type"] == "AWS::Serverless::Function"]
    return [name for name, it in found if {on["Type"] for on in it["Events"].values()} == {event}]


CONSUMERS = functions_on("SQS")
REQUESTS = functions_on("HttpApi")
#: The settings of a function of the API, in their order; all others are defaults.
ORDER = ["Description", "CodeUri", "Role", "Timeout", "MemorySize", "Environment", "Events"]


def parts_of(consumer: str) -> list[str]:
    without = {"Rule"} if consumer in OF_SCHEDULES else set()
    return [consumer + part for part in PARTS if part not in without]


def part(consumer: str, name: str) -> Any:
    """A part's properties, with the same name for every consumer."""
    return json.loads(json.dumps(RESOURCES[consumer + name]["Properties"]).replace(consumer, "Consumer"))


def statements(function: str) -> list[Template]:
    [policy] = RESOURCES[f"{function}Role"]["Properties"].get("Policies") or [{"PolicyDocument": {"Statement": []}}]
    return list(policy["PolicyDocument"]["Statement"])


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_all_parts_of_a_consumer_are_side_by_side(consumer: str) -> None:
    names = list(RESOURCES)
    start = names.index(consumer)

    assert names[start : start + len(parts_of(consumer))] == parts_of(consumer)


@pytest.mark.parametrize("consumer", CONSUMERS)
@pytest.mark.parametrize("name", ["DeadLetters", "QueuePolicy", "DeadLettersAlarm", "AgeAlarm"])
def test_every_consumer_has_the_same_dead_letters_queue_policy_and_alarms(consumer: str, name: str) -> None:
    ours, usual = part(consumer, name), part("AttributeSale", name)
    if consumer in OF_SCHEDULES and name == "QueuePolicy":
        usual["PolicyDocument"]["Statement"].pop(0)  # the right of a rule

    assert ours == usual


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_every_queue_of_a_consumer_differs_by_its_visibility_only(consumer: str) -> None:
    timeout = RESOURCES[consumer]["Properties"].get("Timeout", TIMEOUT)

    assert part(consumer, "Queue") == part("AttributeSale", "Queue") | {"VisibilityTimeout": 6 * timeout}


@pytest.mark.parametrize("consumer", [it for it in CONSUMERS if it not in OF_SCHEDULES])
def test_every_rule_hands_over_to_its_consumers_queue_with_the_same_retries(consumer: str) -> None:
    assert part(consumer, "Rule")["Targets"] == part("AttributeSale", "Rule")["Targets"]


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_every_consumer_reads_its_queue_the_same_way(consumer: str) -> None:
    ours, usual = part(consumer, ""), part("AttributeSale", "")
    for each in (ours, usual):
        assert each["Events"]["Events"]["Properties"].pop("BatchSize") in range(1, 11)

    if consumer == WAITING:
        scaling = ours["Events"]["Events"]["Properties"]["ScalingConfig"]
        assert scaling == {"MaximumConcurrency": {"Ref": "WebhookConcurrency"}}
        ours["Events"]["Events"]["Properties"]["ScalingConfig"] = {"MaximumConcurrency": {"Ref": "ConsumerConcurrency"}}
    assert ours["Events"] == usual["Events"]
    assert ours["LoggingConfig"] == usual["LoggingConfig"]
    assert usual["Environment"]["Variables"].items() <= ours["Environment"]["Variables"].items()


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_every_consumer_may_read_its_queue_and_send_to_its_dead_letters(consumer: str) -> None:
    by_queue = {
        it["Resource"]["Fn::GetAtt"][0]: it["Action"] for it in statements(consumer) if "Fn::GetAtt" in it["Resource"]
    }
    read = {"sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}

    assert set(by_queue[f"{consumer}Queue"]) - {"sqs:SendMessage"} == read
    assert by_queue[f"{consumer}DeadLetters"] == ["sqs:SendMessage"]


def test_only_a_function_that_knows_its_own_queue_may_send_to_it() -> None:
    """An event source grants no right to send; a function that continues its own work needs it."""
    may_send = [
        name
        for name in CONSUMERS
        for it in statements(name)
        if it["Resource"] == {"Fn::GetAtt": [f"{name}Queue", "Arn"]} and "sqs:SendMessage" in it["Action"]
    ]
    variables = {name: RESOURCES[name]["Properties"]["Environment"]["Variables"] for name in CONSUMERS}

    assert may_send == [name for name, it in variables.items() if {"Ref": f"{name}Queue"} in it.values()]


@pytest.mark.parametrize("function", [*CONSUMERS, *REQUESTS, "PublishEvents"])
def test_every_function_trusts_lambda_in_the_same_words_and_has_one_policy_of_its_own_at_most(function: str) -> None:
    role = RESOURCES[f"{function}Role"]["Properties"]

    assert role["AssumeRolePolicyDocument"] == TRUST
    assert [it["PolicyName"] for it in role.get("Policies", [])] == ["own"] * ("Policies" in role)
    assert statements(function) or function == "AnswerUnrouted"


@pytest.mark.parametrize("function", REQUESTS)
def test_a_function_of_the_api_repeats_no_defaults(function: str) -> None:
    properties = RESOURCES[function]["Properties"]

    assert RESOURCES[function]["Metadata"] == {"SkipBuild": True}
    assert list(properties) == [it for it in ORDER if it in properties]
    assert RESOURCES[f"{function}Role"]["Properties"]["ManagedPolicyArns"][0] == {"Ref": "RequestPolicy"}
    assert list(RESOURCES)[list(RESOURCES).index(function) + 1] == f"{function}Role"


def test_every_alarm_has_the_same_settings_except_metric_and_threshold() -> None:
    alarms = {name: it["Properties"] for name, it in RESOURCES.items() if it["Type"] == "AWS::CloudWatch::Alarm"}

    assert alarms.pop("SilenceAlarm").items() > SILENCE.items()
    assert alarms
    assert not [name for name, it in alarms.items() if not ALARM.items() <= it.items()]


def test_every_stage_has_the_throttle_of_the_parameters() -> None:
    throttle = {"ThrottlingRateLimit": {"Ref": "ApiRate"}, "ThrottlingBurstLimit": {"Ref": "ApiBurst"}}

    assert [RESOURCES[it]["Properties"]["DefaultRouteSettings"] for it in ("Api", "WordPressStage")] == [throttle] * 2


def test_every_stage_writes_the_same_access_log() -> None:
    api, stage = (RESOURCES[name]["Properties"] for name in ("Api", "WordPressStage"))

    assert stage["AccessLogSettings"] == api["AccessLogSettings"]
    assert (stage["StageName"], stage["AutoDeploy"], stage["ApiId"]) == ("wp-json", True, {"Ref": "Api"})
