"""Under AUTH=true a policy may restrict the source and type of events, and the owners of what a key encrypts.

A batch of messages needs the permission of one."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local import aws
from local.emulator_process import EmulatorProcess
from tests.local.lab import Lab

TRUST = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}


@pytest.fixture(scope="module")
def emulator(left_out: str | None) -> Iterator[EmulatorProcess]:
    """An emulator with authorization, in place of the one that allows everything."""
    started = EmulatorProcess.start(auth=True, left_out=[left_out] if left_out else [])
    yield started
    started.stop()


@pytest.mark.shows("put_events_conditions")
def test_a_role_may_put_only_the_events_of_its_policy(lab: Lab) -> None:
    named = {"events:source": "shop", "events:detail-type": ["SaleTriggered", "RefundTriggered"]}
    statement = {"Effect": "Allow", "Action": "events:PutEvents", "Resource": "*"}
    role = role_that_may(lab, {**statement, "Condition": {"StringEquals": named}})

    assert put(lab, role, ("shop", "SaleTriggered")) == "taken"
    assert put(lab, role, ("bank", "SaleTriggered")) == "AccessDeniedException"
    assert put(lab, role, ("shop", "SaleDeleted")) == "AccessDeniedException"


@pytest.mark.shows("encryption_conditions")
def test_a_role_may_encrypt_only_for_the_owners_of_its_policy(lab: Lab) -> None:
    key = lab.client("kms").create_key()["KeyMetadata"]["KeyId"]
    statement = {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*"}
    owners = {"StringLike": {"kms:EncryptionContext:owner": "webhook#*"}}
    role = role_that_may(lab, {**statement, "Condition": owners})

    assert encrypted(lab, role, key, {"owner": "webhook#7"}) == "taken"
    assert encrypted(lab, role, key, {"owner": "collaborator#7"}) == "AccessDeniedException"
    assert encrypted(lab, role, key, {}) == "AccessDeniedException"


@pytest.mark.shows("batch_permissions")
def test_a_role_that_may_send_a_message_may_send_a_batch(lab: Lab) -> None:
    queue = lab.client("sqs").create_queue(QueueName=lab.name)["QueueUrl"]
    role = role_that_may(lab, {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"})
    batch = {"QueueUrl": queue, "Entries": [{"Id": "1", "MessageBody": "{}"}]}

    sqs = client_of(lab, role, "sqs")

    assert outcome(lambda: sqs.send_message_batch(**batch)) == "taken"
    assert outcome(lambda: sqs.purge_queue(QueueUrl=queue)).startswith("AccessDenied")


def role_that_may(lab: Lab, statement: dict[str, object]) -> str:
    iam = lab.client("iam")
    role = iam.create_role(RoleName=lab.name, AssumeRolePolicyDocument=document(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=lab.name, PolicyName="own", PolicyDocument=document(statement))
    return str(role)


def document(statement: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def put(lab: Lab, role: str, *events: tuple[str, str]) -> str:
    """Put events; return `taken` or the refusal's code."""
    entries = [{"Source": source, "DetailType": detail_type, "Detail": "{}"} for source, detail_type in events]
    return outcome(lambda: client_of(lab, role, "events").put_events(Entries=entries))


def encrypted(lab: Lab, role: str, key: str, context: dict[str, str]) -> str:
    asked = {"KeyId": key, "Plaintext": b"secret", "EncryptionContext": context}
    return outcome(lambda: client_of(lab, role, "kms").encrypt(**asked))


def client_of(lab: Lab, role: str, service: str) -> Any:
    assumed = lab.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.client(
        service,
        endpoint_url=lab.emulator.endpoint,
        region_name=aws.REGION,
        aws_access_key_id=assumed["AccessKeyId"],
        aws_secret_access_key=assumed["SecretAccessKey"],
        aws_session_token=assumed["SessionToken"],
    )


def outcome(call: Callable[[], object]) -> str:
    """`taken`, or the code of the refusal."""
    try:
        call()
    except ClientError as refusal:
        return str(refusal.response["Error"]["Code"])
    return "taken"
