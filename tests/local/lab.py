"""Functions, tables and queues made for one test on the session's emulator. Functions write notes to a file."""

import io
import json
import textwrap
import time
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from local.emulator_process import EmulatorProcess

Found = TypeVar("Found")

ROLE = "arn:aws:iam::000000000000:role/any"
NOTE = """
import json, os, time

def note(what):
    with open(os.environ["NOTES"], "a") as file:
        file.write(json.dumps(what) + "\\n")
"""


def eventually(probe: Callable[[], Found], seconds: float = 20) -> Found:
    """Poll the probe until it finds something; return the result."""
    deadline = time.monotonic() + seconds
    while not (found := probe()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert found, f"not within {seconds} s"
    return found


class Lab:
    """Names and clients of one test. `patience` limits, in seconds, the wait for functions and queues."""

    def __init__(self, emulator: EmulatorProcess, directory: Path, patience: float = 20) -> None:
        self.emulator = emulator
        self.patience = patience
        self.name = f"lab-{uuid.uuid4().hex[:8]}"
        self._notes = directory / "notes"

    def eventually(self, probe: Callable[[], Found]) -> Found:
        return eventually(probe, self.patience)

    def client(self, service: str) -> Any:
        return self.emulator.client(service)

    def notes(self) -> list[Any]:
        """The notes of the functions of this lab, in order."""
        return [json.loads(line) for line in self._notes.read_text().splitlines()] if self._notes.exists() else []

    def function(self, code: str, *, role: str = ROLE, **variables: str) -> str:
        self.client("lambda").create_function(
            FunctionName=self.name,
            Runtime="python3.13",
            Role=role,
            Handler="app.handler",
            Code={"ZipFile": zipped(NOTE + textwrap.dedent(code))},
            Timeout=20,
            Environment={"Variables": {"NOTES": str(self._notes), **variables}},
        )
        return self.name

    def invoke(self, event: object) -> Any:
        answer = self.client("lambda").invoke(FunctionName=self.name, Payload=json.dumps(event))
        return json.loads(answer["Payload"].read())

    def table(self) -> str:
        """Return the ARN of its stream."""
        created = self.client("dynamodb").create_table(
            TableName=self.name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        return str(created["TableDescription"]["LatestStreamArn"])

    def put(self, *keys: str) -> None:
        for key in keys:
            self.client("dynamodb").put_item(TableName=self.name, Item={"pk": {"S": key}})

    def queue(self, suffix: str = "", **attributes: str) -> str:
        """Return its ARN."""
        self.client("sqs").create_queue(QueueName=self.name + suffix, Attributes=attributes)
        return f"arn:aws:sqs:us-east-1:000000000000:{self.name}{suffix}"

    def url(self, queue_arn: str) -> str:
        return str(self.client("sqs").get_queue_url(QueueName=queue_arn.rpartition(":")[2])["QueueUrl"])

    def messages(self, queue_arn: str) -> list[dict[str, Any]]:
        received = self.client("sqs").receive_message(
            QueueUrl=self.url(queue_arn), MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        )
        return list(received.get("Messages", []))

    def count(self, queue_arn: str, attribute: str) -> int:
        """One of the queue's numeric attributes."""
        asked = self.client("sqs").get_queue_attributes(QueueUrl=self.url(queue_arn), AttributeNames=[attribute])
        return int(asked["Attributes"][attribute])

    def mapping(self, source_arn: str, **settings: Any) -> str:
        """Return its id."""
        created = self.client("lambda").create_event_source_mapping(
            EventSourceArn=source_arn,
            FunctionName=self.name,
            FunctionResponseTypes=["ReportBatchItemFailures"],
            **settings,
        )
        return str(created["UUID"])

    def deploy(self, resources: dict[str, Any]) -> dict[str, str]:
        """Deploys and asserts success, whether refused at once or later; returns the physical ids of the resources."""
        cloudformation = self.client("cloudformation")
        template = {"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}
        try:
            cloudformation.create_stack(StackName=self.name, TemplateBody=json.dumps(template))
        except ClientError as refusal:
            raise AssertionError(refusal) from refusal
        status = eventually(self._settled)
        assert status == "CREATE_COMPLETE", cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        found = cloudformation.describe_stack_resources(StackName=self.name)["StackResources"]
        return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in found}

    def _settled(self) -> str:
        status = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"][0]["StackStatus"]
        return "" if status.endswith("IN_PROGRESS") else status


def zipped(code: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("app.py", code)
    return archive.getvalue()
