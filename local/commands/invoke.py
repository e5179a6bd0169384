"""`invoke`: one function, in this process, against the running stack, with the environment that it was deployed with.

What `sam local invoke` does in a container. A debugger can stop in it.
"""

import importlib.util
import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local import aws, deployment, state_file, template
from local.paths import FUNCTIONS, TEMPLATE
from local.ports import named_port
from local.problem import Problem

Handler = Callable[[Any, "Context"], Any]


@dataclass
class Context:
    """Invocation context of a handler, with Lambda's attribute names."""

    function_name: str
    invoked_function_arn: str
    memory_limit_in_mb: int
    timeout: int
    function_version: str = "$LATEST"
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    started: float = field(default_factory=time.monotonic)

    def get_remaining_time_in_millis(self) -> int:
        return max(0, round((self.started + self.timeout - time.monotonic()) * 1000))


def invoke(function: str, event_file: str) -> None:
    """Print the answer, and the function's logs on standard error; exceptions of the handler are raised. PORT=… names
    one of several stacks."""
    event = _event(Path(event_file))
    configuration = _configuration(function, state_file.read(named_port())["endpoint"])
    with redirect_stdout(sys.stderr):
        answer = _handler(function)(event, _context(configuration))
    print(json.dumps(answer, indent=2))


def _event(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise Problem(f"{path} is not an event: {error}") from error


def _configuration(function: str, endpoint: str) -> dict[str, Any]:
    """The deployed function's configuration, whose variables become this process's."""
    logical_id = template.function_at(template.load(TEMPLATE), function)
    if logical_id is None:
        raise Problem(f"the template has no function in functions/{function}")
    found = aws.client("cloudformation", endpoint).describe_stack_resource(
        StackName=deployment.STACK, LogicalResourceId=logical_id
    )
    name = found["StackResourceDetail"]["PhysicalResourceId"]
    configuration = aws.client("lambda", endpoint).get_function_configuration(FunctionName=name)
    os.environ.update(_environment(configuration, endpoint))
    return configuration


def _environment(configuration: dict[str, Any], endpoint: str) -> dict[str, str]:
    return {
        **configuration.get("Environment", {}).get("Variables", {}),
        **aws.ROOT_CREDENTIALS,
        "AWS_DEFAULT_REGION": aws.REGION,
        "AWS_REGION": aws.REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_LAMBDA_FUNCTION_NAME": configuration["FunctionName"],
    }


def _handler(function: str) -> Handler:
    directory = FUNCTIONS / function
    sys.path.insert(0, str(directory))
    spec = importlib.util.spec_from_file_location("app", directory / "app.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


def _context(configuration: dict[str, Any]) -> Context:
    return Context(
        function_name=configuration["FunctionName"],
        invoked_function_arn=configuration["FunctionArn"],
        memory_limit_in_mb=configuration["MemorySize"],
        timeout=configuration["Timeout"],
    )
