"""The tables of docs/functions.md and docs/operate.md, read from the template."""

from typing import Any

from local.template import Template
from tests.contract.docs.function_notes import NOTES
from tests.documents import table
from tests.template import ROOT, raw_template, target
from tributary.api.http.dialect import BASES, name_of

FUNCTIONS, OPERATE = (ROOT / "docs" / name for name in ("functions.md", "operate.md"))
#: Messages from outside the template's rules.
_SENT_BY_CODE = {
    "release_reminder": "a one-time schedule that `schedule_reminders` made",
    "send_webhook": "of `fan_out_webhooks`, `manage_webhooks`, itself and its one-time schedules",
}


def function_tables() -> dict[str, str]:
    """Tables of docs/functions.md: the calls of each dialect, the consumers, and the rest, by the mark of their
    place."""
    template = raw_template()
    functions = {_directory(it): it["Properties"] for it in _of_type(template, "Serverless::Function").values()}
    functions = dict(sorted(functions.items()))
    called = {name: _calls(it) for name, it in functions.items() if _calls(it)}
    consumers = {name: it for name, it in functions.items() if _queue(it)}
    others = {name: it for name, it in functions.items() if name not in called and name not in consumers}
    head = ("function", "calls", "reads and writes", "events that follow")
    return {
        **{
            f"calls of {dialect}": table(
                head,
                [
                    (f"`{name}`", _shown(paths, dialect), *NOTES[name])
                    for name, paths in called.items()
                    if _is_of(paths, dialect)
                ],
            )
            for dialect in BASES
        },
        "consumers": table(
            ("function", "messages", "batch", "receives", "reads and writes", "events that follow"),
            [_consumer(name, it, template) for name, it in consumers.items()],
        ),
        "others": table(("function", "trigger", *head[2:]), [_other(name, it) for name, it in others.items()]),
    }


def operating_tables() -> dict[str, str]:
    """Tables of docs/operate.md: parameters, queues and alarms."""
    template = raw_template()
    return {
        "parameters": table(
            ("parameter", "default", "meaning"),
            [
                (f"`{name}`", _default(it), it.get("Description") or _choice(it))
                for name, it in template["Parameters"].items()
            ],
        ),
        "alarms": table(("alarm", "fires when", "of"), _alarms(template)),
    }


def _consumer(name: str, function: dict[str, Any], template: Template) -> tuple[object, ...]:
    (event,) = (it["Properties"] for it in function["Events"].values())
    queue = _queue(function)
    policy = template["Resources"][queue]["Properties"]["RedrivePolicy"]
    return (f"`{name}`", _messages(name, queue, template), event["BatchSize"], policy["maxReceiveCount"], *NOTES[name])


def _messages(name: str, queue: str | None, template: Template) -> str:
    rules = [it["Properties"] for it in _of_type(template, "Events::Rule").values()]
    for rule in rules:
        if queue in [target(it["Arn"]) for it in rule["Targets"]]:
            if "ScheduleExpression" in rule:
                return f"`{rule['ScheduleExpression']}`, then one for each organization"
            foreign = "" if rule["EventPattern"]["source"] == ["tributary"] else "foreign "
            return foreign + ", ".join(rule["EventPattern"]["detail-type"])
    return _SENT_BY_CODE[name]


def _other(name: str, function: dict[str, Any]) -> tuple[object, ...]:
    kinds = [it["Type"] for it in function.get("Events", {}).values()]
    trigger = {"DynamoDB": "the table's stream"}.get(*kinds, "`$default`: every path without a route")
    return (f"`{name}`", trigger, *NOTES[name])


def _alarms(template: Template) -> list[tuple[object, ...]]:
    """A row for each kind of alarm, with its functions or queues."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, it in _of_type(template, "CloudWatch::Alarm").items():
        alarm = it["Properties"]
        found.setdefault((alarm["AlarmDescription"], _fires(alarm)), []).append(f"`{name}`")
    return [(text, fires, ", ".join(sorted(names))) for (text, fires), names in sorted(found.items())]


def _fires(alarm: dict[str, Any]) -> str:
    sign = {"GreaterThanThreshold": ">", "LessThanThreshold": "<"}[alarm["ComparisonOperator"]]
    threshold, periods = (_named(alarm[it]) for it in ("Threshold", "EvaluationPeriods"))
    time = f"{periods} hours" if alarm["Period"] == 3600 else f"{alarm['Period'] // 60} minutes"
    return f"`{alarm['MetricName']}` {sign} {threshold} in {time}"


def _named(value: Any) -> str:
    """A number, or the parameter with it."""
    return f"`{target(value)}`" if target(value) else f"{value:,}"


def _calls(function: dict[str, Any]) -> dict[str, list[str]]:
    """The methods of each path."""
    calls: dict[str, list[str]] = {}
    for event in function.get("Events", {}).values():
        path = event["Properties"].get("Path")
        if path and path != "$default" and not path.startswith("/wp-json"):
            calls.setdefault(path, []).append(event["Properties"]["Method"].upper())
    return calls


def _is_of(paths: dict[str, list[str]], dialect: str) -> bool:
    return {name_of(path) for path in paths} == {dialect}


def _shown(paths: dict[str, list[str]], dialect: str) -> str:
    return "; ".join(
        f"{', '.join(sorted(methods))} `{path.removeprefix(BASES[dialect])}`" for path, methods in sorted(paths.items())
    )


def _queue(function: dict[str, Any]) -> str | None:
    queues = [target(it["Properties"]["Queue"]) for it in function.get("Events", {}).values() if it["Type"] == "SQS"]
    return queues[0] if queues else None


def _default(parameter: dict[str, Any]) -> str:
    return f"`{parameter['Default']}`" if parameter["Default"] != "" else "none"


def _choice(parameter: dict[str, Any]) -> str:
    return "one of " + ", ".join(f"`{it}`" for it in parameter["AllowedValues"])


def _directory(function: dict[str, Any]) -> str:
    return str(function["Properties"]["CodeUri"]).strip("/").rpartition("/")[2]


def _of_type(template: Template, kind: str) -> dict[str, Any]:
    return {name: it for name, it in template["Resources"].items() if it["Type"] == f"AWS::{kind}"}
