"""Settings of the template that AWS refuses outside of a range."""

from typing import NamedTuple

from tests.contract.template.sizes import of_kind
from tests.template import Template, target


class Range(NamedTuple):
    """Settings that AWS refuses outside of a range, both ends included."""

    name: str
    settings: dict[str, float]
    least: float
    most: float
    source: str

    @property
    def outside(self) -> list[str]:
        return [name for name, value in self.settings.items() if not self.least <= value <= self.most]


def ranges(template: Template) -> list[Range]:
    """Settings by resource. A parameter counts with both of its ends."""
    sources = of_kind(template, "AWS::Lambda::EventSourceMapping")
    queues = of_kind(template, "AWS::SQS::Queue")
    functions = of_kind(template, "AWS::Lambda::Function")
    of_queues = {name: it for name, it in sources.items() if target(it["EventSourceArn"]) in queues}
    of_streams = {name: it for name, it in sources.items() if name not in of_queues}
    parameters = [template["Parameters"][name] for name in ("ConsumerConcurrency", "WebhookConcurrency")]
    timeouts = {name: it["Timeout"] for name, it in functions.items()}
    visible = {target(it["EventSourceArn"]): timeouts[str(target(it["FunctionName"]))] for it in of_queues.values()}
    retries = {
        name: leg["RetryPolicy"]
        for name, rule in of_kind(template, "AWS::Events::Rule").items()
        for leg in rule["Targets"]
    }
    redrives = {name: it["RedrivePolicy"]["maxReceiveCount"] for name, it in queues.items() if "RedrivePolicy" in it}
    of_api = {name: timeouts[name] for name in _behind_the_api(template)}
    alarms = {name: it["Period"] for name, it in of_kind(template, "AWS::CloudWatch::Alarm").items()}
    botocore = "botocore's shapes"
    return [
        Range("seconds of a function", timeouts, 1, 900, "Lambda quotas"),
        Range("seconds of a function of the HTTP API", of_api, 1, 30, "HTTP API quotas, integration timeout"),
        Range("megabytes of a function", _each(functions, "MemorySize"), 128, 10_240, "Lambda quotas"),
        Range(
            "visibility of a queue per second of its function",
            {str(name): queues[str(name)]["VisibilityTimeout"] / seconds for name, seconds in visible.items()},
            6, float("inf"), "Lambda, Configuring a queue: at least 1, and 6 advised",
        ),
        Range("visibility of a queue", _each(queues, "VisibilityTimeout"), 0, 43_200, botocore),
        Range("retention of a queue", _each(queues, "MessageRetentionPeriod"), 60, 1_209_600, botocore),
        Range("receives before a dead letter", redrives, 1, 1_000, "SQS, dead-letter queues"),
        Range("batch from a queue without a window", _each(of_queues, "BatchSize"), 1, 10, "Lambda, SQS mappings"),
        Range("batch from a stream", _each(of_streams, "BatchSize"), 1, 10_000, botocore),
        Range(
            "concurrent executions of a mapping",
            {
                "least": min(it["MinValue"] for it in parameters),
                "most": max(it["MaxValue"] for it in parameters),
                **{str(it["Default"]): it["Default"] for it in parameters},
            },
            2, 1_000, botocore,
        ),
        Range("batches of a shard at once", _each(of_streams, "ParallelizationFactor"), 1, 10, botocore),
        Range("age of a record", _each(of_streams, "MaximumRecordAgeInSeconds"), 60, 604_800, botocore),
        Range("retries of a batch, -1 for any", _each(of_streams, "MaximumRetryAttempts"), -1, 10_000, botocore),
        Range("retries of a rule", _each(retries, "MaximumRetryAttempts"), 0, 185, botocore),
        Range("age of an event for a rule", _each(retries, "MaximumEventAgeInSeconds"), 60, 86_400, botocore),
        Range("period of an alarm", {name: period % 60 for name, period in alarms.items()}, 0, 0, "CloudWatch alarms"),
    ]  # fmt: skip


def _behind_the_api(template: Template) -> set[str]:
    permissions = of_kind(template, "AWS::Lambda::Permission").values()
    return {str(target(it["FunctionName"])) for it in permissions if it["Principal"] == "apigateway.amazonaws.com"}


def _each(found: dict[str, Template], setting: str) -> dict[str, float]:
    return {name: it[setting] for name, it in found.items() if setting in it}
