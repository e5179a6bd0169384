"""Nothing that was accepted can be lost: dead-letter paths, queues and the alarms that watch them."""

import json

from tests.contract.template.metrics import METRICS
from tests.template import expanded_template, resources, target

QUEUES = resources("AWS::SQS::Queue")
SOURCES = resources("AWS::Lambda::EventSourceMapping")
RULES = resources("AWS::Events::Rule")
ALARMS = resources("AWS::CloudWatch::Alarm")
DEAD_LETTERS = {target(it["RedrivePolicy"]["deadLetterTargetArn"]) for it in QUEUES.values() if "RedrivePolicy" in it}
CONSUMED = {target(it["EventSourceArn"]): target(it["FunctionName"]) for it in SOURCES.values()}


def test_every_rule_hands_over_to_a_queue_and_what_it_cannot_hand_over_to_another():
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


def test_every_event_source_sets_aside_what_its_function_cannot_handle():
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


def test_every_queue_is_encrypted_and_keeps_its_messages_for_two_weeks():
    assert not [name for name, it in QUEUES.items() if not it.get("SqsManagedSseEnabled")]
    assert not [name for name, it in QUEUES.items() if it["MessageRetentionPeriod"] != 14 * 24 * 3600]


def test_a_message_stays_hidden_for_six_times_as_long_as_its_function_may_run():
    functions = resources("AWS::Lambda::Function")
    for queue, function in CONSUMED.items():
        if queue in QUEUES:
            assert QUEUES[queue]["VisibilityTimeout"] >= 6 * functions[function]["Timeout"]


def test_what_may_take_all_of_its_functions_time_is_tried_alone_so_that_no_other_message_waits_or_fails_with_it():
    """Those that are given more time than the others."""
    functions = resources("AWS::Lambda::Function")
    usual = min(functions[function]["Timeout"] for queue, function in CONSUMED.items() if queue in QUEUES)
    for source in SOURCES.values():
        if target(source["EventSourceArn"]) in QUEUES and functions[target(source["FunctionName"])]["Timeout"] > usual:
            assert source["BatchSize"] == 1


def test_every_alarm_watches_something_that_exists_and_has_that_metric():
    for alarm in ALARMS.values():
        [dimension] = alarm["Dimensions"]
        kind = METRICS[alarm["Namespace"], alarm["MetricName"], dimension["Name"]]
        assert target(dimension["Value"]) in resources(kind)


def test_every_queue_that_nothing_consumes_rings_when_a_message_arrives():
    watched = {
        target(it["Dimensions"][0]["Value"])
        for it in ALARMS.values()
        if it["MetricName"] == "ApproximateNumberOfMessagesVisible"
    }
    assert watched == QUEUES.keys() - CONSUMED.keys()


def test_every_queue_that_is_consumed_rings_when_a_message_waits_too_long():
    watched = {
        target(it["Dimensions"][0]["Value"])
        for it in ALARMS.values()
        if it["MetricName"] == "ApproximateAgeOfOldestMessage"
    }
    assert watched == QUEUES.keys() & CONSUMED.keys()


def test_every_consumer_knows_its_own_dead_letters_and_after_how_many_tries_they_come():
    for queue, function in CONSUMED.items():
        if queue in QUEUES:
            redrive = QUEUES[queue]["RedrivePolicy"]
            variables = resources("AWS::Lambda::Function")[function]["Environment"]["Variables"]
            assert variables["DEAD_LETTER_QUEUE_URL"] == {"Ref": target(redrive["deadLetterTargetArn"])}
            assert variables["MAX_RECEIVES"] == redrive["maxReceiveCount"]
