"""Deploys the real template to an emulator, as `sam deploy` would: code to a bucket, then one CloudFormation stack.

Two things differ from AWS. The HTTP API has a fixed id, so the README's curl lines are literal. The layers are empty:
the emulator's environment holds the packages, and PYTHONPATH leads to `tributary`."""

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

from local.emulator_process import EmulatorProcess
from local.problem import Problem
from local.template import Template, resources

STACK = "tributary"
API_ID = "5a1e0b11"  # eight hexadecimal digits, the form the emulator recognizes in host names too
BUCKET = "local-artifacts"


def deploy(emulator: EmulatorProcess, template: Template, root: Path) -> dict[str, str]:
    """Return the stack's outputs. CodeUris are relative to `root`."""
    for api in resources(template, "AWS::Serverless::HttpApi").values():
        api["Tags"] = {**api.get("Tags", {}), "ms-custom-id": API_ID}
    _upload_code(emulator, template, root)
    _create(emulator, template)
    return _outputs(emulator)


def _upload_code(emulator: EmulatorProcess, template: Template, root: Path) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    for name, properties in resources(template, "AWS::Serverless::Function").items():
        properties["CodeUri"] = _upload(s3, f"{name}.zip", _sources(root / properties["CodeUri"]))
    for name, properties in resources(template, "AWS::Serverless::LayerVersion").items():
        properties["ContentUri"] = _upload(s3, f"{name}.zip", {"python/empty": b""})


def _sources(directory: Path) -> dict[str, bytes]:
    if not directory.is_dir():
        raise Problem(f"the template names {directory}, which does not exist")
    files = (path for path in sorted(directory.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
    return {str(path.relative_to(directory)): path.read_bytes() for path in files}


def _upload(s3: Any, key: str, files: dict[str, bytes]) -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    s3.put_object(Bucket=BUCKET, Key=key, Body=archive.getvalue())
    return f"s3://{BUCKET}/{key}"


def _create(emulator: EmulatorProcess, template: Template) -> None:
    """By URL, since the template is longer than a request may be."""
    emulator.client("s3").put_object(Bucket=BUCKET, Key="template.json", Body=json.dumps(template).encode())
    emulator.client("cloudformation").create_stack(
        StackName=STACK,
        TemplateURL=f"{emulator.endpoint}/{BUCKET}/template.json",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )


def _outputs(emulator: EmulatorProcess) -> dict[str, str]:
    cloudformation = emulator.client("cloudformation")
    while (stack := _described(cloudformation))["StackStatus"].endswith("IN_PROGRESS"):
        time.sleep(0.05)
    if stack["StackStatus"] != "CREATE_COMPLETE":
        raise Problem(f"the template was not deployed ({stack['StackStatus']}):\n{_failures(cloudformation)}")
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _described(cloudformation: Any) -> dict[str, Any]:
    return cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]


def _failures(cloudformation: Any) -> str:
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
    return "\n".join(f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in failed)
