"""A role restricted to one schedule group is refused in another."""

import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local import aws
from local.emulator_process import EmulatorProcess

ACCOUNT = "000000000000"
TARGET = {"Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:any", "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/any"}


@pytest.mark.slow
@pytest.mark.shows("schedule_permissions")
def test_a_role_makes_and_deletes_schedules_in_its_group_only(left_out: str | None) -> None:
    emulator = EmulatorProcess.start(auth=True, left_out=[left_out] if left_out else [])
    try:
        for group in ("own", "other"):
            emulator.client("scheduler").create_schedule_group(Name=group)
        scheduler = _client_of(emulator, f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule/own/*")
        create = {"Name": "it", "ScheduleExpression": "at(2999-01-01T00:00:00)", "Target": TARGET}
        create["FlexibleTimeWindow"] = {"Mode": "OFF"}
        answers = [
            _answer(lambda group=group: scheduler.create_schedule(GroupName=group, **create))
            for group in ("own", "other", "default")
        ]
        answers.append(_answer(lambda: scheduler.delete_schedule(GroupName="own", Name="it")))
    finally:
        emulator.stop()

    assert answers == ["done", "AccessDeniedException", "AccessDeniedException", "done"]


def _client_of(emulator: EmulatorProcess, schedules: str) -> Any:
    """Scheduler's client for a role with full access to these schedules."""
    iam = emulator.client("iam")
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}}
    may = {"Effect": "Allow", "Action": "scheduler:*", "Resource": schedules}
    documents = [json.dumps({"Version": "2012-10-17", "Statement": [it]}) for it in (trust, may)]
    role = iam.create_role(RoleName="schedules", AssumeRolePolicyDocument=documents[0])["Role"]["Arn"]
    iam.put_role_policy(RoleName="schedules", PolicyName="own", PolicyDocument=documents[1])
    keys = emulator.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.client(
        "scheduler",
        endpoint_url=emulator.endpoint,
        region_name=aws.REGION,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        config=Config(proxies={}),
    )


def _answer(call: Any) -> str:
    try:
        call()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "done"
