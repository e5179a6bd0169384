"""EventBridge: refused entries, dead letters, and resources that CloudFormation must accept."""

import json
from typing import Any

import pytest

from tests.local.lab import Lab

GOOD = {"Source": "shop", "DetailType": "SaleTriggered", "Detail": "{}"}


def put_events(lab: Lab, *entries: dict[str, str], bus: str = "default") -> dict[str, Any]:
    return dict(lab.client("events").put_events(Entries=[{**entry, "EventBusName": bus} for entry in entries]))


@pytest.mark.shows("put_events")
def test_put_events_refuses_bad_entries_singly_and_accepts_the_others(lab: Lab) -> None:
    entries = [GOOD, {**GOOD, "Detail": "{"}, {**GOOD, "Detail": "[]"}, {**GOOD, "Source": ""}, GOOD]

    answer = put_events(lab, *entries)

    codes = [entry.get("ErrorCode") for entry in answer["Entries"]]
    assert codes == [None, "MalformedDetail", "MalformedDetail", "InvalidArgument", None]
    assert answer["FailedEntryCount"] == 3
    assert all("EventId" in answer["Entries"][position] for position in (0, 4))


@pytest.mark.shows("rule_dead_letters")
def test_an_event_for_a_deleted_queue_goes_to_the_rules_dead_letter_queue(lab: Lab) -> None:
    events, dead = lab.client("events"), lab.queue("-dead")
    missing = dead.replace("-dead", "-missing")
    events.put_rule(Name=lab.name, EventPattern=json.dumps({"source": [lab.name]}))
    events.put_targets(Rule=lab.name, Targets=[{"Id": "queue", "Arn": missing, "DeadLetterConfig": {"Arn": dead}}])

    put_events(lab, {**GOOD, "Source": lab.name, "Detail": '{"total": 1}'})

    (message,) = lab.eventually(lambda: lab.messages(dead))
    assert json.loads(message["Body"])["detail"] == {"total": 1}
    assert message["MessageAttributes"]["TARGET_ARN"]["StringValue"] == missing
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "RESOURCE_NOT_FOUND"


@pytest.mark.shows("event_resources")
def test_archive_and_bus_policy_are_created_by_a_template(lab: Lab) -> None:
    bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": lab.name}}
    archive_properties = {"SourceArn": {"Fn::GetAtt": ["Bus", "Arn"]}, "RetentionDays": 3}
    statement = {"Effect": "Deny", "Principal": "*", "Action": "events:PutEvents", "Resource": "*"}
    policy_properties = {"EventBusName": {"Ref": "Bus"}, "StatementId": "mine", "Statement": statement}

    created = lab.deploy(
        {
            "Bus": bus,
            "Archive": {"Type": "AWS::Events::Archive", "Properties": archive_properties},
            "Policy": {"Type": "AWS::Events::EventBusPolicy", "Properties": policy_properties},
        }
    )
    put_events(lab, GOOD, bus=lab.name)

    events = lab.client("events")
    assert events.describe_archive(ArchiveName=created["Archive"])["EventCount"] == 1
    assert json.loads(events.describe_event_bus(Name=lab.name)["Policy"])["Statement"][0]["Effect"] == "Deny"
