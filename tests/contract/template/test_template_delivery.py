"""Accepted events cannot be lost: dead-letter paths, queues and the alarms that watch them."""

import json

from tests.contract.template.metrics import METRICS
from tests.template import expanded_template, resources, target

QUEUES = resources("AWS::SQS::Queue")
SOURCES = resources("AWS::Lambda::EventSourceMapping")
RULES = resources("AWS::Events::Rule")
ALARMS = resources("AWS::CloudWatch::Alarm")
DEAD_LETTERS = {target(it["RedrivePolicy"]["deadLetterTargetArn"]) for it in QUEUES.values() if "RedrivePolicy" in it}
CONSUMED = {target(it["EventSourceArn"]): target(it["FunctionName"]) for it in SOURCES.values()}


def test_every_rule_has_a_queue_and_a_dead_letter_queue():
    for rule in RULES.values():
        for leg in rule["Targets"]:
            assert target(leg["Arn"]) in QUEUES
            assert target(leg["DeadLetterConfig"]["Arn"]) in DEAD_LETTERS


def test_every_queue_of_a_rule_lets_that_rule_send():
    allowed = {
        (target(statement["Condition"]["ArnEquals"]["aws:SourceArn"]), target(queue))
        for policy in resources("AWS::SQS::QueuePolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        for queue in statement["Resource"]
        if statement["Principal"] == {"Service": "events.amazonaws.com"}
    }
    needed = {
        (name, target(arn))
        for name, rule in RULES.items()
        for leg in rule["Targets"]
        for arn in (leg["Arn"], leg["DeadLetterConfig"]["Arn"])
    }
    assert allowed == needed


def test_every_event_source_has_a_dead_letter_path():
    for source in SOURCES.values():
        queue = QUEUES.get(target(source["EventSourceArn"]))
        given_up = (
            queue["RedrivePolicy"]["deadLetterTargetArn"]
            if queue
            else source["DestinationConfig"]["OnFailure"]["Destination"]
        )
        assert target(given_up) in expanded_template()["Resources"]


def test_every_event_source_reports_single_failures_so_the_rest_of_a_batch_is_not_repeated():
    assert not [name for name, it in SOURCES.items() if it["FunctionResponseTypes"] != ["ReportBatchItemFailures"]]


def test_every_queue_is_consumed_or_holds_dead_letters():
    named_by_functions = json.dumps([it["Environment"] for it in resources("AWS::Lambda::Function").values()])
    assert not [
        name for name in QUEUES.keys() - CONSUMED.keys() - DEAD_LETTERS if f'"{name}"' not in named_by_functions
    ]


def test_every_queue_is_encrypted_and_retains_messages_for_two_weeks():
    assert not [name for name, it in QUEUES.items() if not it.get("SqsManagedSseEnabled")]
    assert not [name for name, it in QUEUES.items() if it["MessageRetentionPeriod"] != 14 * 24 * 3600]


def test_a_message_stays_hidden_for_six_times_as_long_as_its_function_may_run():
    functions = resources("AWS::Lambda::Function")
    for queue, function in CONSUMED.items():
        if queue in QUEUES:
            assert QUEUES[queue]["VisibilityTimeout"] >= 6 * functions[function]["Timeout"]


def test_messages_that_may_take_all_of_their_functions_time_come_one_at_a_time():
    """Concerns functions with longer timeouts, so that no other message waits or fails with one of them."""
    functions = resources("AWS::Lambda::Function")
    usual = min(functions[function]["Timeout"] for queue, function in CONSUMED.items() if queue in QUEUES)
    for source in SOURCES.values():
        if target(source["EventSourceArn"]) in QUEUES and functions[target(source["FunctionName"])]["Timeout"] > usual:
            assert source["BatchSize"] == 1


def test_every_alarm_watches_an_existing_resource_with_that_metric():
    for alarm in ALARMS.values():
        if alarm.get("Dimensions"):
            [dimension] = alarm["Dimensions"]
            kind = METRICS[alarm["Namespace"], alarm["MetricName"], dimension["Name"]]
            assert target(dimension["Value"]) in resources(kind)


def test_alarms_without_a_resource_watch_the_account_or_what_the_logs_count():
    whole = {name: (it["Namespace"], it["MetricName"]) for name, it in ALARMS.items() if not it.get("Dimensions")}
    filters = [each for it in resources("AWS::Logs::MetricFilter").values() for each in it["MetricTransformations"]]
    counted = [(it["MetricNamespace"], it["MetricName"]) for it in filters]

    assert whole.pop("ThrottlesAlarm") == ("AWS/Lambda", "Throttles")
    assert whole.keys() == {"DisprovedAlarm", "RefusalsAlarm", "SilenceAlarm", "SwitchedOffAlarm"}
    assert not [it for it in whole.values() if it not in counted]


def test_silence_raises_an_alarm_only_if_its_hours_are_given():
    template = expanded_template()

    assert template["Resources"]["SilenceAlarm"]["Condition"] == "HasSilence"
    assert template["Conditions"]["HasSilence"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmSilenceHours"}, 0]}]}
    assert template["Parameters"]["AlarmSilenceHours"]["MaxValue"] * 3600 <= 24 * 3600  # CloudWatch's longest


def test_a_message_in_a_queue_without_consumer_raises_an_alarm():
    watched = {
        target(it["Dimensions"][0]["Value"])
        for it in ALARMS.values()
        if it["MetricName"] == "ApproximateNumberOfMessagesVisible"
    }
    assert watched == QUEUES.keys() - CONSUMED.keys()


def test_a_message_that_waits_too_long_in_a_consumed_queue_raises_an_alarm():
    watched = {
        target(it["Dimensions"][0]["Value"])
        for it in ALARMS.values()
        if it["MetricName"] == "ApproximateAgeOfOldestMessage"
    }
    assert watched == QUEUES.keys() & CONSUMED.keys()


def test_every_consumer_knows_its_dead_letter_queue_and_its_receive_limit():
    for queue, function in CONSUMED.items():
        if queue in QUEUES:
            redrive = QUEUES[queue]["RedrivePolicy"]
            variables = resources("AWS::Lambda::Function")[function]["Environment"]["Variables"]
            assert variables["DEAD_LETTER_QUEUE_URL"] == {"Ref": target(redrive["deadLetterTargetArn"])}
            assert variables["MAX_RECEIVES"] == redrive["maxReceiveCount"]
